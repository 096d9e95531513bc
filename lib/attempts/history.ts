import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { type AttemptFilters, attemptPurposes, outcomesOf } from '@/lib/attempts/schema'
import { endOfDay, startOfDay } from '@/lib/config/day'
import { db, Prisma, queryRows } from '@/lib/db'
import { isConfidential } from '@/lib/list/confidential'
import { countedMax } from '@/lib/list/count'
import { type Page, paginate, type TimeCursor, timeCursorOf } from '@/lib/list/pagination'
import { searchCondition } from '@/lib/researchers/search'

const pageSize = 50

const listFields = {
  id: true,
  reference: true,
  purpose: true,
  state: true,
  outcome: true,
  startedAt: true,
  researcher: { select: { orcid: true, name: true } },
} satisfies Prisma.AuthorizationAttemptSelect

export type ListedAttempt = Prisma.AuthorizationAttemptGetPayload<{ select: typeof listFields }>

/** One page of the matching attempts, newest first, at most 50. */
export function listAttempts(_actor: StaffActor, filters: AttemptFilters): Promise<Page<ListedAttempt, TimeCursor>> {
  return paginate({
    size: pageSize,
    cursor: filters.cursor,
    cursorOf: timeCursorOf('startedAt'),
    read: async (cursor, limit) => {
      const order = cursor?.go === 'previous' ? 'asc' : 'desc'
      return db().authorizationAttempt.findMany({
        where: { id: { in: await findIds({ ...filters, cursor }, order, limit) } },
        orderBy: [{ startedAt: order }, { id: order }],
        select: listFields,
      })
    },
  })
}

/** Merges one index range for each purpose and outcome: every page costs the same, also where matches are rare. */
async function findIds(filters: AttemptFilters, order: 'asc' | 'desc', limit: number): Promise<string[]> {
  const { outcome, purpose } = filters
  const condition = toCondition(filters)
  const direction = Prisma.raw(order)
  const first = (which: Prisma.Sql) => Prisma.sql`
    (select id, started_at from authorization_attempt where ${which} and ${condition}
    order by started_at ${direction}, id ${direction} limit ${limit})`
  const outcomes = outcome ? outcomesOf(outcome) : null
  const ranges = outcomes
    ? (purpose ? [purpose] : attemptPurposes).flatMap((eachPurpose) =>
        outcomes.map((eachOutcome) => first(isOf(eachPurpose, eachOutcome))),
      )
    : [first(purpose ? Prisma.sql`purpose = ${purpose}::attempt_purpose` : Prisma.sql`true`)]
  const rows = await queryRows(
    db(),
    z.object({ id: z.string() }),
    Prisma.sql`
    select id::text from (${Prisma.join(ranges, ' union all ')}) as page
    order by started_at ${direction}, page.id ${direction} limit ${limit}`,
  )
  return rows.map(({ id }) => id)
}

const isOf = (purpose: string, outcome: string) =>
  Prisma.sql`purpose = ${purpose}::attempt_purpose and ${isOutcome(outcome)}`

const isOutcome = (outcome: string) =>
  outcome === 'under_way' ? Prisma.sql`outcome is null` : Prisma.sql`outcome = ${outcome}::attempt_outcome`

function toCondition({ q, from, to, cursor }: AttemptFilters): Prisma.Sql {
  const parts = [Prisma.sql`not ${isConfidential(Prisma.sql`researcher_id`)}`, isTold]
  if (q) parts.push(Prisma.sql`researcher_id in (select researcher_id from person where ${searchCondition(q)})`)
  if (from) parts.push(Prisma.sql`started_at >= ${startOfDay(from)}`)
  if (to) parts.push(Prisma.sql`started_at < ${endOfDay(to)}`)
  const than = Prisma.raw(cursor?.go === 'previous' ? '>' : '<')
  if (cursor) parts.push(Prisma.sql`(started_at, id) ${than} (${cursor.at}::timestamptz, ${cursor.id}::uuid)`)
  return Prisma.join(parts, ' and ')
}

/** SQL: not a refusal by somebody who was asked, which is in no list and no number of attempts. */
export const isTold = Prisma.sql`not (outcome is not distinct from 'denied' and (campaign_id is not null or invitation_id is not null))`

/** The number of matching attempts; `countedMax` + 1 if there are more. */
export async function countAttempts(_actor: StaffActor, filters: AttemptFilters): Promise<number> {
  const { outcome, purpose } = filters
  const parts = [toCondition({ ...filters, cursor: null })]
  if (purpose) parts.push(Prisma.sql`purpose = ${purpose}::attempt_purpose`)
  if (outcome) parts.push(Prisma.sql`(${Prisma.join(outcomesOf(outcome).map(isOutcome), ' or ')})`)
  const [row] = await queryRows(
    db(),
    z.object({ count: z.number() }),
    Prisma.sql`select count(*)::int as count from (
      select from authorization_attempt where ${Prisma.join(parts, ' and ')} limit ${countedMax + 1}) as found`,
  )
  return row?.count ?? 0
}
