import 'server-only'
import type { StaffActor } from '@/lib/actor'
import { isDatabaseAway, isTooSlow } from '@/lib/db'
import { log } from '@/lib/log'
import { type Contradiction, findContradiction } from '@/lib/researchers/contradiction'
import { type Count, countResearchers } from '@/lib/researchers/counts'
import { listResearchers, type ResearcherPage } from '@/lib/researchers/queries'
import type { ListFilters } from '@/lib/researchers/schema'

export type Listing =
  | { kind: 'people'; page: ResearcherPage; count: Count }
  /** Two filters let nobody through together, so the database was not asked. */
  | { kind: 'contradiction'; between: Contradiction }
  /** The database was asked for more than it may take time for. */
  | { kind: 'too_broad' }
  | { kind: 'away' }

/** A page of the list and how many there are on all of them, or why there is none. */
export async function findListing(actor: StaffActor, filters: ListFilters): Promise<Listing> {
  const between = findContradiction(filters)
  if (between) return { kind: 'contradiction', between }
  try {
    const [page, count] = await Promise.all([listResearchers(actor, filters), countResearchers(actor, filters)])
    return { kind: 'people', page, count }
  } catch (error) {
    const kind = isTooSlow(error) ? 'too_broad' : isDatabaseAway(error) ? 'away' : null
    if (!kind) throw error
    log().warn({ err: error }, 'a page of the list was not read')
    return { kind }
  }
}
