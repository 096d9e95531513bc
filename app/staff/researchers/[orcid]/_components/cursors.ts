import { tabOf } from '@/app/staff/researchers/[orcid]/_components/tabs'
import {
  cursorParameter,
  encodeCursor,
  type IdCursor,
  idCursor,
  type TimeCursor,
  timeCursor,
} from '@/lib/list/pagination'
import { parseParameters, type SearchParams } from '@/lib/list/search'

const parameters = {
  grants: cursorParameter(timeCursor),
  attempts: cursorParameter(timeCursor),
  checks: cursorParameter(idCursor),
  calls: cursorParameter(idCursor),
  events: cursorParameter(idCursor),
  notes: cursorParameter(timeCursor),
}

/** The lists on the page of one person that may be longer than a page, as an address names them. */
export type ListName = keyof typeof parameters

/** Where each list begins: null for its newest. `ignored` when the address had a cursor that is none. */
export function parseCursors(searchParams: SearchParams) {
  const { values, notices } = parseParameters(searchParams, parameters)
  return { ...values, ignored: notices.length > 0 }
}

/** The address of a list from a cursor on, or from its newest. */
export function cursorHref(orcid: string, list: ListName, cursor: TimeCursor | IdCursor | null): string {
  const path = `/staff/researchers/${orcid}`
  return cursor ? `${path}?${list}=${encodeCursor(cursor)}#${list}` : `${path}?tab=${tabOf[list]}#${list}`
}
