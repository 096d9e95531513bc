import type { z } from 'zod'
import { cursorParameter, encodeCursor, type IdCursor, idCursor, type TimeCursor, timeCursor } from '@/lib/pagination'
import { readAll, type SearchParams } from '@/lib/search'

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
  let ignored = false
  const one = <Name extends ListName>(name: Name) => {
    const [text, ...others] = readAll(searchParams, name)
    const parsed = text === undefined ? undefined : parameters[name].safeParse(text)
    if (others.length > 0 || parsed?.success === false) ignored = true
    return parsed?.success ? (parsed.data as z.infer<(typeof parameters)[Name]>) : null
  }
  const cursors = {
    grants: one('grants'),
    attempts: one('attempts'),
    checks: one('checks'),
    calls: one('calls'),
    events: one('events'),
    notes: one('notes'),
  }
  return { ...cursors, ignored }
}

/** The address of a list from a cursor on, or from its newest. */
export function cursorHref(orcid: string, list: ListName, cursor: TimeCursor | IdCursor | null): string {
  const path = `/staff/researchers/${orcid}`
  return cursor ? `${path}?${list}=${encodeCursor(cursor)}#${list}` : `${path}#${list}`
}
