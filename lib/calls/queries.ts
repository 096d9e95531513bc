import 'server-only'
import type { ResearcherActor, StaffActor } from '@/lib/actor'
import { db, type Prisma } from '@/lib/db'

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

const mostCalls = 20

/** What was asked of ORCID about the researcher who asks, newest first, at most 20. */
export function listMyCalls(actor: ResearcherActor): Promise<ShownCall[]> {
  return listCalls(actor.researcherId)
}

/** What was asked of ORCID about one researcher, newest first, at most 20. */
export function listCallsAbout(_actor: StaffActor, researcherId: string): Promise<ShownCall[]> {
  return listCalls(researcherId)
}

function listCalls(researcherId: string): Promise<ShownCall[]> {
  return db().orcidCall.findMany({
    where: { researcherId },
    orderBy: { id: 'desc' },
    take: mostCalls,
    select: { id: true, ...shown },
  })
}

/** Everything that was asked of ORCID about the researcher who asks and is not forgotten yet, for their download. */
export function listAllMyCalls(actor: ResearcherActor) {
  return db().orcidCall.findMany({
    where: { researcherId: actor.researcherId },
    orderBy: { id: 'asc' },
    select: shown,
  })
}
