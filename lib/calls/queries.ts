import 'server-only'
import type { ResearcherActor, StaffActor } from '@/lib/actor'
import { db, type Prisma } from '@/lib/db'
import { toPage } from '@/lib/place'

const shown = {
  at: true,
  actorKind: true,
  purpose: true,
  method: true,
  path: true,
  outcome: true,
  status: true,
  errorCode: true,
  latencyMs: true,
  tries: true,
} satisfies Prisma.OrcidCallSelect

export type ShownCall = Prisma.OrcidCallGetPayload<{ select: typeof shown & { id: true } }>

const atOnce = 20

/** What was asked of ORCID about the researcher who asks, newest first, at most 20. */
export function listMyCalls(actor: ResearcherActor): Promise<ShownCall[]> {
  return listCalls({ researcherId: actor.researcherId }, atOnce)
}

/** One page of what was asked of ORCID about one researcher, newest first, at most 20. */
export async function listCallsAbout(_actor: StaffActor, researcherId: string, before: bigint | null) {
  const found = await listCalls({ researcherId, ...(before ? { id: { lt: before } } : {}) }, atOnce + 1)
  return toPage(found, atOnce, ({ id }) => id)
}

function listCalls(where: Prisma.OrcidCallWhereInput, take: number): Promise<ShownCall[]> {
  return db().orcidCall.findMany({ where, orderBy: { id: 'desc' }, take, select: { id: true, ...shown } })
}

/** Everything that was asked of ORCID about the researcher who asks and is not forgotten yet, for their download. */
export function listAllMyCalls(actor: ResearcherActor) {
  return db().orcidCall.findMany({
    where: { researcherId: actor.researcherId },
    orderBy: { id: 'asc' },
    select: shown,
  })
}
