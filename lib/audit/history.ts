import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import type { AuditFilters } from '@/lib/audit/schema'
import { endOfDay, startOfDay } from '@/lib/config/day'
import { db, Prisma, queryRows } from '@/lib/db'
import { isConfidential } from '@/lib/list/confidential'
import { countedMax } from '@/lib/list/count'
import { type IdCursor, idCursorOf, type Page, paginate } from '@/lib/list/pagination'
import { toLikePattern } from '@/lib/list/search'

const pageSize = 50

const registry = z.enum(['production', 'sandbox', 'local'])

const rowSchema = z.object({
  id: z.bigint(),
  at: z.date(),
  action: z.string(),
  actorKind: z.enum(['researcher', 'staff', 'api', 'system']),
  researcherId: z.string().nullable(),
  attemptId: z.string().nullable(),
  grantId: z.string().nullable(),
  requestId: z.string().nullable(),
  detail: z.json(),
  /** Null for the portal itself and for erased people. */
  actor: z.object({ orcid: z.string().nullable(), name: z.string().nullable() }).nullable(),
  /** The person concerned; an erased one has neither iD nor name. */
  subject: z.object({ orcid: z.string().nullable(), name: z.string().nullable(), registry }).nullable(),
})

/** An event with current names. The history itself has only ids. */
export type AuditRow = z.infer<typeof rowSchema>

/** One page, newest first, at most 50 events. */
export function listAudit(_actor: StaffActor, filters: AuditFilters): Promise<Page<AuditRow, IdCursor>> {
  return paginate({
    size: pageSize,
    cursor: filters.cursor,
    cursorOf: idCursorOf,
    read: (from, limit) => fetchRows(toConditions(filters), { from, descending: from?.go !== 'previous', limit }),
  })
}

/** The number of matching events; `countedMax` + 1 if there are more. */
export async function countEvents(_actor: StaffActor, filters: AuditFilters): Promise<number> {
  const [row] = await queryRows(
    db(),
    z.object({ count: z.number() }),
    Prisma.sql`select count(*)::int as count from (
      select from audit_event e where ${Prisma.join(toConditions(filters), ' and ')} limit ${countedMax + 1}) as found`,
  )
  return row?.count ?? 0
}

/** Queries for the ids of matching events and of their researchers. */
export function findEvents(_actor: StaffActor, filters: AuditFilters): { events: Prisma.Sql; people: Prisma.Sql } {
  const which = Prisma.join(toConditions(filters), ' and ')
  return {
    events: Prisma.sql`select e.id from audit_event e where ${which}`,
    people: Prisma.sql`
      select id from researcher where id in (select e.researcher_id from audit_event e where ${which})`,
  }
}

const relatedEventsMax = 100

/** Events of one attempt or one request, oldest first, at most 100. */
export function listEventsTogether(
  actor: StaffActor,
  of: { attemptId: string } | { requestId: string },
): Promise<AuditRow[]> {
  const related =
    'attemptId' in of ? Prisma.sql`e.attempt_id = ${of.attemptId}::uuid` : Prisma.sql`e.request_id = ${of.requestId}`
  return fetchRows([related, ...(actor.role === 'admin' ? [] : [isVisible])], {
    from: null,
    descending: false,
    limit: relatedEventsMax,
  })
}

/** The only match for the words; null for none or several. */
export async function findSubject(_actor: StaffActor, words: string): Promise<{ id: string } | null> {
  if (!words) return null
  const [only, ...others] = await queryRows(
    db(),
    z.object({ id: z.string() }),
    Prisma.sql`
    select id::text from researcher where ${matchesPerson(words)} and not ${isConfidential(Prisma.sql`id`)} limit 2`,
  )
  return others.length === 0 ? (only ?? null) : null
}

/** The last checkpoint, and how many events are newer. */
export async function getCheckpointStatus() {
  const checkpoint = await db().auditCheckpoint.findFirst({
    orderBy: { number: 'desc' },
    select: { number: true, hash: true, lastEventId: true, createdAt: true },
  })
  const uncovered = await db().auditEvent.count({ where: { id: { gt: checkpoint?.lastEventId ?? 0n } } })
  return { checkpoint, uncovered }
}

type PageQuery = { from: IdCursor | null; descending: boolean; limit: number }

async function fetchRows(which: Prisma.Sql[], { from, descending, limit }: PageQuery): Promise<AuditRow[]> {
  const parts = [...which]
  if (from) parts.push(Prisma.sql`e.id ${Prisma.raw(descending ? '<' : '>')} ${BigInt(from.id)}`)
  // The limit comes before the joins, which would otherwise read the whole history.
  const rows = await db().$queryRaw<unknown[]>`
    with page as (
      select * from audit_event e where ${Prisma.join(parts, ' and ')}
      order by e.id ${Prisma.raw(descending ? 'desc' : 'asc')} limit ${limit})
    select e.id, e.at, e.action, e.actor_kind::text as "actorKind", e.researcher_id::text as "researcherId",
      e.attempt_id::text as "attemptId", e.grant_id::text as "grantId", e.request_id as "requestId", e.detail,
      case when s.id is not null then json_build_object('orcid', s.orcid, 'name', s.name)
        when a.id is not null then json_build_object('orcid', a.orcid, 'name', a.name)
        when o.id is not null then json_build_object('orcid', null, 'name', o.name) end as actor,
      case when r.id is not null then json_build_object('orcid', r.orcid, 'name', r.name, 'registry', r.registry) end
        as subject
    from page e
    left join researcher r on r.id = e.researcher_id
    left join researcher a on a.id = e.actor_id and e.actor_kind = 'researcher'
    left join staff_member s on s.id = e.actor_id and e.actor_kind = 'staff'
    left join system o on o.id = e.actor_id and e.actor_kind = 'api'
    order by e.id ${Prisma.raw(descending ? 'desc' : 'asc')}`
  return z.array(rowSchema).parse(rows)
}

/** Neither about nor by somebody confidential. */
const isVisible = Prisma.sql`(not ${isConfidential(Prisma.sql`e.researcher_id`)} and not ${isConfidential(Prisma.sql`e.actor_id`)}
  and not coalesce(e.detail ->> 'personId' in (select id::text from person where confidential), false))`

/** Days are in UTC. */
function toConditions({ q, actor, by, subject, action, from, to }: AuditFilters): Prisma.Sql[] {
  const parts = [isVisible]
  if (by) parts.push(Prisma.sql`e.actor_kind = ${by}::actor_kind`)
  if (action) parts.push(Prisma.sql`e.action = ${action}`)
  if (q) parts.push(Prisma.sql`(${isAbout(q)} or ${isBy(q)})`)
  if (subject) parts.push(isAbout(subject))
  if (actor) parts.push(isBy(actor))
  if (from) parts.push(Prisma.sql`e.at >= ${startOfDay(from)}`)
  if (to) parts.push(Prisma.sql`e.at < ${endOfDay(to)}`)
  return parts
}

const isAbout = (words: string) =>
  Prisma.sql`e.researcher_id in (select id from researcher where ${matchesPerson(words)})`

const isBy = (words: string) => Prisma.sql`e.actor_id in (
  select id from researcher where ${matchesPerson(words)} union all select id from staff_member where ${matchesPerson(words)})`

function matchesPerson(words: string): Prisma.Sql {
  const pattern = toLikePattern(words)
  return Prisma.sql`(lower(name) like lower(${pattern}) or lower(orcid) like lower(${pattern}))`
}
