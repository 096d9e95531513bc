import 'server-only'
import type { ResearcherActor, StaffActor } from '@/lib/actor'
import { db, type Prisma } from '@/lib/db'
import { afterId, type IdCursor, idCursorOf, paginate } from '@/lib/list/pagination'

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

const pageSize = 20

/** Newest first, at most 20. */
export function listMyCalls(actor: ResearcherActor): Promise<ShownCall[]> {
  return listCalls(actor.researcherId, null, pageSize)
}

/** Newest first, at most 20. */
export function listCallsAbout(_actor: StaffActor, researcherId: string, cursor: IdCursor | null) {
  const read = (from: IdCursor | null, limit: number) => listCalls(researcherId, from, limit)
  return paginate({ size: pageSize, cursor, cursorOf: idCursorOf, read })
}

function listCalls(researcherId: string, from: IdCursor | null, take: number): Promise<ShownCall[]> {
  const { where, orderBy } = afterId(from)
  return db().orcidCall.findMany({
    where: { researcherId, ...where },
    orderBy,
    take,
    select: { id: true, ...shown },
  })
}

/** For the researcher's own download. */
export function listAllMyCalls(actor: ResearcherActor) {
  return db().orcidCall.findMany({
    where: { researcherId: actor.researcherId },
    orderBy: { id: 'asc' },
    select: shown,
  })
}
