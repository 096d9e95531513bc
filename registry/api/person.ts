import type { Registry } from '../context'
import type { Person } from '../people'
import type { Item, JsonObject, Section } from '../records/item'
import type { Caller } from './caller'
import { itemJson, lastModified, when } from './item-json'
import { visibleItems } from './visibility'

// Names of a list and its entries, by the section's path.
const LISTS = {
  'other-names': { inPerson: 'other-names', entry: 'other-name' },
  keywords: { inPerson: 'keywords', entry: 'keyword' },
  'researcher-urls': { inPerson: 'researcher-urls', entry: 'researcher-url' },
  'external-identifiers': { inPerson: 'external-identifiers', entry: 'external-identifier' },
  address: { inPerson: 'addresses', entry: 'address' },
  email: { inPerson: 'emails', entry: 'email' },
} as const satisfies Partial<Record<Section, { inPerson: string; entry: string }>>

export type PersonSection = keyof typeof LISTS

export function isPersonSection(section: string | undefined): section is PersonSection {
  return section !== undefined && Object.hasOwn(LISTS, section)
}

/** The XML elements of a section and its entries; their namespace is named after the entry. */
export function elementsOf(section: PersonSection): { list: string; entry: string } {
  const { inPerson, entry } = LISTS[section]
  return { list: `${entry}:${inPerson}`, entry: `${entry}:${entry}` }
}

const NAMED_AT = Date.UTC(2019, 2, 4, 9, 30)

/** The person as the caller may see them. */
export type View = { registry: Registry; caller: Caller; person: Person; items: readonly Item[] }

export function viewOf(registry: Registry, caller: Caller, person: Person): View {
  return { registry, caller, person, items: registry.store.shelf.itemsOf(person.orcid) }
}

/** Null if the name is not public, even for callers with `/read-limited`. */
export function nameJson({ person }: View): JsonObject | null {
  if (person.nameVisibility !== 'public') return null
  const text = (value: string | null) => (value ? { value } : null)
  return {
    'created-date': when(NAMED_AT),
    'last-modified-date': when(NAMED_AT),
    'given-names': text(person.given),
    'family-name': text(person.family),
    'credit-name': text(person.creditName),
    source: null,
    visibility: 'public',
    path: person.orcid,
  }
}

export function biographyJson({ registry, caller, items }: View): JsonObject | null {
  const [biography] = visibleItems(caller, items, 'biography')
  return biography ? itemJson(registry, biography) : null
}

export function sectionJson({ registry, caller, person, items }: View, section: PersonSection): JsonObject {
  const visible = visibleItems(caller, items, section)
  return {
    'last-modified-date': lastModified(visible),
    [LISTS[section].entry]: visible.map((item) => itemJson(registry, item)),
    path: `/${person.orcid}/${section}`,
  }
}

function lastModifiedOf(view: View, sections: readonly Section[]) {
  return lastModified(sections.flatMap((section) => visibleItems(view.caller, view.items, section)))
}

export function personalDetailsJson(view: View): JsonObject {
  return {
    'last-modified-date': lastModifiedOf(view, ['other-names', 'biography']),
    name: nameJson(view),
    'other-names': sectionJson(view, 'other-names'),
    biography: biographyJson(view),
    path: `/${view.person.orcid}/personal-details`,
  }
}

export function personJson(view: View): JsonObject {
  const sections: PersonSection[] = ['researcher-urls', 'email', 'address', 'keywords', 'external-identifiers']
  const lists = sections.map((section) => [LISTS[section].inPerson, sectionJson(view, section)] as const)
  return {
    'last-modified-date': lastModifiedOf(view, ['other-names', 'biography', ...sections]),
    name: nameJson(view),
    'other-names': sectionJson(view, 'other-names'),
    biography: biographyJson(view),
    ...Object.fromEntries(lists),
    path: `/${view.person.orcid}/person`,
  }
}
