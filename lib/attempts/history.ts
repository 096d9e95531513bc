import 'server-only'
import type { StaffActor } from '@/lib/actor'
import { countByOutcome, total } from '@/lib/attempts/outcome'
import { type AttemptCursor, type AttemptFilters, attemptPurposes, outcomesOf } from '@/lib/attempts/schema'
import { getAttemptsByDay } from '@/lib/attempts/tally'
import { db, Prisma } from '@/lib/db'

const attemptPageSize = 50

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
export type AttemptPage = { rows: ListedAttempt[]; older: AttemptCursor | null; newer: AttemptCursor | null }

/**
 * One page of the trips that the filters let through, newest first, at most 50. Going on from each `older` meets every
 * trip once. A cursor behind which nothing is left leads to the beginning.
 */
export async function listAttempts(actor: StaffActor, filters: AttemptFilters): Promise<AttemptPage> {
  const { cursor } = filters
  const back = cursor?.go === 'newer'
  const order = back ? 'asc' : 'desc'
  const ids = await findIds(filters, order)
  const found = await db().authorizationAttempt.findMany({
    where: { id: { in: ids } },
    orderBy: [{ startedAt: order }, { id: order }],
    select: listed,
  })
  if (found.length === 0 && cursor) return listAttempts(actor, { ...filters, cursor: null })
  const more = found.length > attemptPageSize
  const rows = found.slice(0, attemptPageSize)
  if (back) rows.reverse()
  const at = (row: ListedAttempt | undefined, go: AttemptCursor['go']): AttemptCursor | null =>
    row ? { go, at: row.startedAt.toISOString(), id: row.id } : null
  return {
    rows,
    older: back || more ? at(rows.at(-1), 'older') : null,
    newer: (back && more) || (cursor && !back) ? at(rows[0], 'newer') : null,
  }
}

/**
 * The ids of a page and of one row more. Trips of one purpose and one outcome are a range of an index: the first of each
 * such range are brought together, so that a page costs the same wherever it is and however rare its trips are.
 */
async function findIds(filters: AttemptFilters, order: 'asc' | 'desc'): Promise<string[]> {
  const { outcome, purpose } = filters
  const within = toCondition(filters)
  const direction = Prisma.raw(order)
  const first = (which: Prisma.Sql) => Prisma.sql`
    (select id, started_at from authorization_attempt where ${which} and ${within}
    order by started_at ${direction}, id ${direction} limit ${attemptPageSize + 1})`
  const outcomes = outcome ? outcomesOf(outcome) : null
  const ranges = outcomes
    ? (purpose ? [purpose] : attemptPurposes).flatMap((why) => outcomes.map((how) => first(isOf(why, how))))
    : [first(purpose ? Prisma.sql`purpose = ${purpose}::attempt_purpose` : Prisma.sql`true`)]
  const rows = await db().$queryRaw<{ id: string }[]>`
    select id::text from (${Prisma.join(ranges, ' union all ')}) as page
    order by started_at ${direction}, page.id ${direction} limit ${attemptPageSize + 1}`
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
  const than = Prisma.raw(cursor?.go === 'newer' ? '>' : '<')
  if (cursor) parts.push(Prisma.sql`(started_at, id) ${than} (${cursor.at}::timestamptz, ${cursor.id}::uuid)`)
  return Prisma.join(parts, ' and ')
}

/** How many trips a list of some days has; null where it has no first day, and nobody asked how many there ever were. */
export async function countAttempts(actor: StaffActor, filters: AttemptFilters): Promise<number | null> {
  const { outcome, purpose, from, to } = filters
  if (!from) return null
  const counts = await getAttemptsByDay(actor, from, to ?? '9000-01-01')
  const sums = countByOutcome(counts.filter((count) => !purpose || count.purpose === purpose))
  return total(sums, outcome ? outcomesOf(outcome) : [...sums.keys()])
}
