import type { Registry } from '../context'
import { nameInTokenAnswer, personOf } from '../people'
import { AFFILIATIONS, type Item, type Json, type JsonObject } from '../records/item'

// The order of ORCID's own answers (github.com/ORCID/orcid-model, samples of record_3.0).
const FIELDS = {
  affiliation: words('department-name role-title start-date end-date organization url external-ids'),
  work: words(
    'title journal-title short-description citation type publication-date external-ids url contributors language-code country',
  ),
  funding: words(
    'type organization-defined-type title short-description amount url start-date end-date external-ids contributors organization',
  ),
}
const SUMMARY_FIELDS = {
  work: words(
    'put-code created-date last-modified-date source title external-ids url type publication-date journal-title visibility path display-index',
  ),
  funding: words(
    'created-date last-modified-date source title external-ids url type start-date end-date organization visibility put-code path display-index',
  ),
}

function words(text: string): string[] {
  return text.split(' ')
}

export function isAffiliation(section: string): section is (typeof AFFILIATIONS)[number] {
  return AFFILIATIONS.some((kind) => kind === section)
}

export const when = (ms: number | null) => (ms === null ? null : { value: ms })

/** The latest change; null for no items. */
export function lastModified(items: readonly Item[]) {
  return when(items.length === 0 ? null : Math.max(...items.map((item) => item.modifiedAt)))
}

function identity(registry: Registry, path: string, id: string) {
  return { uri: `${registry.issuer}/${path}${id}`, path: id, host: new URL(registry.issuer).host }
}

export function orcidIdentifier(registry: Registry, orcid: string) {
  return identity(registry, '', orcid)
}

function sourceOf(registry: Registry, item: Item) {
  const person = personOf(registry, item.orcid)
  const origin = item.source?.origin
  const name = item.source ? item.source.name : person && nameInTokenAnswer(person)
  return {
    'source-orcid': item.source ? null : orcidIdentifier(registry, item.orcid),
    'source-client-id': item.source ? identity(registry, 'client/', item.source.clientId) : null,
    'source-name': name === null ? null : { value: name },
    'assertion-origin-orcid': null,
    'assertion-origin-client-id': origin ? identity(registry, 'client/', origin.clientId) : null,
    'assertion-origin-name': origin ? { value: origin.name } : null,
  }
}

/** An item at its own path: all fields, `null` if absent. */
export function itemJson(registry: Registry, item: Item): JsonObject {
  const frame = {
    'created-date': when(item.createdAt),
    'last-modified-date': when(item.modifiedAt),
    source: sourceOf(registry, item),
  }
  const content = normalised(item.content)
  const path = `/${item.orcid}/${item.section}/${item.putCode}`
  const { visibility, putCode, displayIndex } = item
  if (item.section === 'email') return { ...frame, ...content, path: null, visibility, 'put-code': null }
  if (item.section === 'biography') {
    return { ...withoutSource(frame), ...content, visibility, path: `/${item.orcid}/biography` }
  }
  const identified = { ...frame, 'put-code': putCode, path }
  if (item.section === 'work' || item.section === 'funding') {
    return { ...identified, ...pick(content, FIELDS[item.section]), visibility }
  }
  if (isAffiliation(item.section)) {
    const fields = pick(content, FIELDS.affiliation)
    return { ...identified, ...fields, 'display-index': String(displayIndex), visibility }
  }
  return { ...frame, ...content, visibility, path, 'put-code': putCode, 'display-index': displayIndex }
}

/** An activity in a list. */
export function summaryJson(registry: Registry, item: Item): JsonObject {
  const full = { ...itemJson(registry, item), 'display-index': String(item.displayIndex) }
  if (item.section === 'work' || item.section === 'funding') return pick(full, SUMMARY_FIELDS[item.section])
  const { 'display-index': displayIndex, visibility = null, path = null, ...rest } = full as JsonObject
  return { ...rest, 'display-index': displayIndex ?? null, visibility, path }
}

/** These fields in this order, `null` if absent, as in ORCID's JSON. */
function pick(from: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(fields.map((field) => [field, from[field] ?? null]))
}

function withoutSource({ source: _, ...rest }: JsonObject): JsonObject {
  return rest
}

/** ORCID adds its normalised value to every external id. */
function normalised(content: JsonObject): JsonObject {
  const ids = content['external-ids']
  if (!isObject(ids) || !Array.isArray(ids['external-id'])) return content
  const list = ids['external-id'].map((id) => {
    if (!isObject(id)) return id
    const { 'external-id-type': type, 'external-id-value': value, ...rest } = id
    const comparable = { value: String(value).trim(), transient: true }
    const added = { 'external-id-normalized': comparable, 'external-id-normalized-error': null }
    return { 'external-id-type': type, 'external-id-value': value, ...added, ...rest } as JsonObject
  })
  return { ...content, 'external-ids': { 'external-id': list } }
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
