import 'server-only'
import type { StaffActor } from '@/lib/actor'
import { isDatabaseUnavailable, isStatementTimeout } from '@/lib/db'
import { log } from '@/lib/log'
import { listResearchers, type ResearcherPage } from '@/lib/researchers/queries'
import type { ListFilters } from '@/lib/researchers/schema'

export type Listing =
  | { kind: 'people'; page: ResearcherPage }
  /** The query reached its time limit. */
  | { kind: 'too_broad' }
  | { kind: 'away' }

/** A page of the list with its count, or why there is none. */
export async function findListing(actor: StaffActor, filters: ListFilters): Promise<Listing> {
  try {
    return { kind: 'people', page: await listResearchers(actor, filters) }
  } catch (error) {
    const kind = isStatementTimeout(error) ? 'too_broad' : isDatabaseUnavailable(error) ? 'away' : null
    if (!kind) throw error
    log().warn({ err: error }, 'failed to read a page of the list')
    return { kind }
  }
}
