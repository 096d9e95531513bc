import 'server-only'
import type { StaffActor, SystemActor } from '@/lib/actor'
import { findStretches, type Lines, type Part, readPart, type Stretch } from '@/lib/bulk'
import { Prisma } from '@/lib/db'
import { toCondition } from '@/lib/researchers/condition'
import type { ListFilters } from '@/lib/researchers/schema'

type Actor = StaffActor | SystemActor

/**
 * The researchers that the filters let through in stretches of `size`, by iD whatever the filters say: an iD never
 * changes, so nobody is met twice or left out because something about them changed on the way.
 */
export function stretchResearchers(_actor: Actor, filters: ListFilters, size: number, signal: AbortSignal) {
  return findStretches(Prisma.sql`select orcid as key from researcher where ${toCondition(filters)}`, size, signal)
}

/** Those of one stretch, as lines of a file, ordered by iD. */
export function readResearchers(
  _actor: Actor,
  filters: ListFilters,
  lines: Lines,
  stretch: Stretch,
  signal: AbortSignal,
): Promise<Part> {
  const { after, upTo, isOneOfMany } = stretch
  const end = upTo === null ? Prisma.empty : Prisma.sql`and orcid <= ${upTo}`
  const between = Prisma.sql`orcid > ${after ?? ''} ${end}`
  // `offset 0` has the stretch read first, whatever PostgreSQL expects of the filters.
  const found = isOneOfMany
    ? Prisma.sql`(select * from researcher where ${between} order by orcid offset 0) as researcher where ${toCondition(filters)}`
    : Prisma.sql`researcher where ${toCondition(filters)} and ${between}`
  const rows = Prisma.sql`
    select id as person, ${lines.line} as line, ${lines.reason} as reason from ${found} order by orcid`
  return readPart(rows, lines.between, signal)
}
