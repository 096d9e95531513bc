import 'server-only'
import { z } from 'zod'
import type { ResearcherActor, StaffActor } from '@/lib/actor'
import { eventsListedElsewhere } from '@/lib/audit/event'
import { db, Prisma } from '@/lib/db'
import { isConfidential } from '@/lib/list/confidential'
import { afterId, type IdCursor, idCursorOf, paginate } from '@/lib/list/pagination'

const shown = {
  id: true,
  at: true,
  action: true,
  actorKind: true,
  detail: true,
  attemptId: true,
} satisfies Prisma.AuditEventSelect

const eventsMax = 100

/** The newest events about the actor, newest first, at most 100. */
export function listMyEvents(actor: ResearcherActor) {
  return listEvents(actor.researcherId, null, eventsMax)
}

const pageSize = 50

/** One page of a researcher's events, newest first, at most 50. */
export function listEventsAbout(_actor: StaffActor, researcherId: string, cursor: IdCursor | null) {
  const read = (from: IdCursor | null, limit: number) => listEvents(researcherId, from, limit)
  return paginate({ size: pageSize, cursor, cursorOf: idCursorOf, read })
}

const latest = z.object({
  id: z.bigint(),
  at: z.date(),
  action: z.string(),
  detail: z.json(),
  orcid: z.string(),
  name: z.string().nullable(),
})

/**
 * The newest events about permissions, newest first, at most 100. Omits erased people, staff who are no researchers,
 * and superseded grants, whose successor is listed.
 */
export async function listLatestEvents(_actor: StaffActor, most: number) {
  const rows = await db().$queryRaw<unknown[]>`
    select e.id, e.at, e.action, e.detail, r.orcid, r.name
    from audit_event e join researcher r on r.id = e.researcher_id
    where e.action like 'grant.%' and e.action <> 'grant.superseded' and not r.staff_only
      and not ${isConfidential(Prisma.sql`r.id`)}
    order by e.id desc limit ${Math.min(most, eventsMax)}`
  return z
    .array(latest)
    .parse(rows)
    .map(({ orcid, name, ...event }) => ({ ...event, researcher: { orcid, name } }))
}

/** All events about or by the actor, also as staff, for their download. Omits other people. */
export function listAllMyEvents({ researcherId }: ResearcherActor, staffId?: string) {
  const actors = staffId ? [researcherId, staffId] : [researcherId]
  return db().auditEvent.findMany({
    where: { OR: [{ researcherId }, { actorId: { in: actors } }] },
    orderBy: { id: 'asc' },
    select: {
      at: true,
      action: true,
      actorKind: true,
      detail: true,
      attemptId: true,
      grantId: true,
      requestId: true,
    },
  })
}

function listEvents(researcherId: string, from: IdCursor | null, take: number) {
  const { where, orderBy } = afterId(from)
  return db().auditEvent.findMany({
    where: { researcherId, ...where, action: { notIn: [...eventsListedElsewhere] } },
    orderBy,
    take,
    select: shown,
  })
}
