import 'server-only'
import type { StaffActor } from '@/lib/actor'
import { isStatementTimeout } from '@/lib/db'
import { log } from '@/lib/log'
import { countPeople, listPeople, type PeoplePage } from '@/lib/people/queries'
import type { PeopleFilters } from '@/lib/people/schema'

/** A page of the list; null if the query reached its time limit. */
export function findPeoplePage(
  actor: StaffActor,
  filters: PeopleFilters,
  scopes: readonly string[],
): Promise<PeoplePage | null> {
  return listPeople(actor, filters, scopes).catch(nullAfterTimeout)
}

/** As `countPeople`; null if the query reached its time limit. */
export function findPeopleCount(
  actor: StaffActor,
  filters: PeopleFilters,
  scopes: readonly string[],
): Promise<number | null> {
  return countPeople(actor, filters, scopes).catch(nullAfterTimeout)
}

function nullAfterTimeout(error: unknown): null {
  if (!isStatementTimeout(error)) throw error
  log().warn({ err: error }, 'failed to read the list of people')
  return null
}
