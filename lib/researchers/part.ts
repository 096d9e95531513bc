import 'server-only'
import type { StaffActor, SystemActor } from '@/lib/actor'
import { type Lines, type Part, readPart } from '@/lib/bulk'
import { Prisma } from '@/lib/db'
import { toCondition } from '@/lib/researchers/condition'
import type { ListFilters } from '@/lib/researchers/schema'

/**
 * The next `limit` researchers that the filters let through, as lines of a file, ordered by iD whatever the filters say:
 * an iD never changes, so nobody is met twice or left out because something about them changed on the way. Begin with
 * null, and go on from `last`.
 */
export function readResearchers(
  _actor: StaffActor | SystemActor,
  filters: ListFilters,
  { line, reason, between }: Lines,
  { after, limit }: { after: string | null; limit: number },
  signal: AbortSignal,
): Promise<Part> {
  const rows = Prisma.sql`
    select orcid as key, id as person, ${line} as line, ${reason} as reason from researcher
    where ${toCondition(filters)} and orcid > ${after ?? ''} order by orcid limit ${limit}`
  return readPart(rows, between, signal)
}
