import 'server-only'
import type { StaffActor } from '@/lib/actor'
import { countByOutcome, total } from '@/lib/attempts/outcome'
import { type AttemptFilters, attemptPurposes, outcomesOf } from '@/lib/attempts/schema'
import { getAttemptsByDay } from '@/lib/attempts/tally'
import { db, Prisma } from '@/lib/db'
import { type Page, paginate, type TimeCursor, timeCursorOf } from '@/lib/list/pagination'

const pageSize = 50

const listed = {
  id: true,
  reference: true,
  purpose: true,
  state: true,
  outcome: true,
  startedAt: true,
  researcher: { select: { orcid: true, name: true } },
} satisfies Prisma.AuthorizationAttemptSelect

export type ListedAttempt = Prisma.AuthorizationAttemptGetPayload<{ select: typeof listed }>

/** One page of the attempts that the filters let through, newest first, at most 50. */
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
        select: listed,
      })
    },
  })
}

/**
 * The first ids after the cursor. Attempts of one purpose and one outcome are a range of an index: the first of each
 * such range are brought together, so that a page costs the same wherever it is and however rare its attempts are.
 */
async function findIds(filters: AttemptFilters, order: 'asc' | 'desc', limit: number): Promise<string[]> {
  const { outcome, purpose } = filters
  const within = toCondition(filters)
  const direction = Prisma.raw(order)
  const first = (which: Prisma.Sql) => Prisma.sql`
    (select id, started_at from authorization_attempt where ${which} and ${within}
    order by started_at ${direction}, id ${direction} limit ${limit})`
  const outcomes = outcome ? outcomesOf(outcome) : null
  const ranges = outcomes
    ? (purpose ? [purpose] : attemptPurposes).flatMap((why) => outcomes.map((how) => first(isOf(why, how))))
    : [first(purpose ? Prisma.sql`purpose = ${purpose}::attempt_purpose` : Prisma.sql`true`)]
  const rows = await db().$queryRaw<{ id: string }[]>`
    select id::text from (${Prisma.join(ranges, ' union all ')}) as page
    order by started_at ${direction}, page.id ${direction} limit ${limit}`
  return rows.map(({ id }) => id)
}

function isOf(purpose: string, outcome: string): Prisma.Sql {
  const ended =
    outcome === 'under_way' ? Prisma.sql`outcome is null` : Prisma.sql`outcome = ${outcome}::attempt_outcome`
  return Prisma.sql`purpose = ${purpose}::attempt_purpose and ${ended}`
}

function toCondition({ from, to, cursor }: AttemptFilters): Prisma.Sql {
  const parts = [Prisma.sql`true`]
  if (from) parts.push(Prisma.sql`started_at >= ${`${from}T00:00:00Z`}::timestamptz`)
  if (to) parts.push(Prisma.sql`started_at < ${`${to}T24:00:00Z`}::timestamptz`)
  const than = Prisma.raw(cursor?.go === 'previous' ? '>' : '<')
  if (cursor) parts.push(Prisma.sql`(started_at, id) ${than} (${cursor.at}::timestamptz, ${cursor.id}::uuid)`)
  return Prisma.join(parts, ' and ')
}

/** How many attempts a list of some days has; null where it has no first day, and nobody asked how many there ever were. */
export async function countAttempts(actor: StaffActor, filters: AttemptFilters): Promise<number | null> {
  const { outcome, purpose, from, to } = filters
  if (!from) return null
  const counts = await getAttemptsByDay(actor, from, to ?? '9000-01-01')
  const sums = countByOutcome(counts.filter((count) => !purpose || count.purpose === purpose))
  return total(sums, outcome ? outcomesOf(outcome) : [...sums.keys()])
}
