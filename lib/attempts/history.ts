import 'server-only'
import type { StaffActor } from '@/lib/actor'
import type { AttemptOutcome } from '@/lib/attempts/attempt'
import { countByOutcome, total } from '@/lib/attempts/outcome'
import { type AttemptCursor, type AttemptFilters, outcomesOf } from '@/lib/attempts/schema'
import { getAttemptsByDay } from '@/lib/attempts/tally'
import { db, type Prisma } from '@/lib/db'

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
  const found = await db().authorizationAttempt.findMany({
    where: { AND: [toWhere(filters), beyond(cursor)] },
    orderBy: [{ startedAt: order }, { id: order }],
    take: attemptPageSize + 1,
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

function beyond(cursor: AttemptCursor | null): Prisma.AuthorizationAttemptWhereInput {
  if (!cursor) return {}
  const than = cursor.go === 'newer' ? 'gt' : 'lt'
  return {
    startedAt: { [`${than}e`]: cursor.at },
    OR: [{ startedAt: { [than]: cursor.at } }, { startedAt: cursor.at, id: { [than]: cursor.id } }],
  }
}

function toWhere({ outcome, purpose, from, to }: AttemptFilters): Prisma.AuthorizationAttemptWhereInput {
  return {
    ...(outcome ? ofOutcome(outcomesOf(outcome)) : {}),
    ...(purpose ? { purpose } : {}),
    startedAt: {
      ...(from ? { gte: new Date(`${from}T00:00:00Z`) } : {}),
      ...(to ? { lt: new Date(`${to}T24:00:00Z`) } : {}),
    },
  }
}

function ofOutcome(outcomes: readonly string[]): Prisma.AuthorizationAttemptWhereInput {
  if (outcomes.includes('under_way')) return { outcome: null }
  return { outcome: { in: outcomes as AttemptOutcome[] } }
}

/** How many trips a list of some days has; null where it has no first day, and nobody asked how many there ever were. */
export async function countAttempts(actor: StaffActor, filters: AttemptFilters): Promise<number | null> {
  const { outcome, purpose, from, to } = filters
  if (!from) return null
  const counts = await getAttemptsByDay(actor, from, to ?? '9000-01-01')
  const sums = countByOutcome(counts.filter((count) => !purpose || count.purpose === purpose))
  return total(sums, outcome ? outcomesOf(outcome) : [...sums.keys()])
}
