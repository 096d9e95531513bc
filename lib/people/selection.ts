import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { Prisma } from '@/lib/db'
import { readAll, readOne, type SearchParams, toParameters } from '@/lib/list/search'
import { visibleTo } from '@/lib/list/visible'
import { toPeopleCondition } from '@/lib/people/condition'
import { listIgnored, type PeopleFilters, parsePeopleFilters } from '@/lib/people/schema'

/** The people whom an action is for: those ticked on a page, or all that match. */
export type Selection = { ids: string[] } | { filters: PeopleFilters }

/** Ticked at once; a page has fewer. */
const tickedMax = 200

/** Null if nobody is ticked and not all are meant, or if a filter is not understood: it may have left people out. */
export function parseSelection(params: SearchParams): Selection | null {
  if (readOne(params, 'all') === 'yes') {
    return listIgnored(params).length > 0 ? null : { filters: { ...parsePeopleFilters(params), cursor: null } }
  }
  const ids = readAll(params, 'person').filter((id) => z.uuid().safeParse(id).success)
  return ids.length > 0 ? { ids: [...new Set(ids)].slice(0, tickedMax) } : null
}

/** The inverse of `parseSelection`. */
export function toSelectionParameters(selection: Selection): URLSearchParams {
  if ('ids' in selection) return new URLSearchParams(selection.ids.map((id) => ['person', id]))
  const params = toParameters({ ...selection.filters, cursor: null })
  params.set('all', 'yes')
  return params
}

/** SQL on the table `person`, of those whom the actor sees. `scopes`: those that the institution asks for. */
export const toSelectionCondition = (
  actor: StaffActor,
  { selection, scopes }: { selection: Selection; scopes: readonly string[] },
): Prisma.Sql =>
  'ids' in selection
    ? Prisma.sql`(listed and ${visibleTo(actor)} and person.id = any(${selection.ids}::uuid[]))`
    : toPeopleCondition(actor, selection.filters, scopes)
