import { type Place, parseNumberPlace, parsePlace, toPlaceText } from '@/lib/place'
import { readAll, type SearchParams } from '@/lib/search'

/** The lists on the page of one person that may be longer than a page, as an address names them. */
export type ListName = 'grants' | 'attempts' | 'checks' | 'calls' | 'events' | 'notes'

/** Where each list is to begin: null for its newest. `ignored` when the address had a place that is none. */
export function parsePlaces(searchParams: SearchParams) {
  let ignored = false
  const one = <At>(name: ListName, parse: (text: string) => At | null): At | null => {
    const [text, ...others] = readAll(searchParams, name)
    const place = text === undefined ? null : parse(text)
    if (others.length > 0 || (text !== undefined && place === null)) ignored = true
    return place
  }
  const places = {
    grants: one('grants', parsePlace),
    attempts: one('attempts', parsePlace),
    checks: one('checks', parseNumberPlace),
    calls: one('calls', parseNumberPlace),
    events: one('events', parseNumberPlace),
    notes: one('notes', parsePlace),
  }
  return { ...places, ignored }
}

/** The address of a list from a place on, or from its newest. */
export function placeHref(orcid: string, list: ListName, at: Place | bigint | null): string {
  const path = `/staff/researchers/${orcid}`
  if (at === null) return `${path}#${list}`
  return `${path}?${list}=${typeof at === 'bigint' ? at : toPlaceText(at)}#${list}`
}
