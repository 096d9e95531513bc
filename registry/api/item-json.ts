import type { Registry } from '../context'
import { nameInTokenAnswer, personOf } from '../people'
import { AFFILIATIONS, type Item, type Json, type JsonObject } from '../records/item'

export function isAffiliation(section: string): section is (typeof AFFILIATIONS)[number] {
  return AFFILIATIONS.some((kind) => kind === section)
}

export const when = (ms: number | null) => (ms === null ? null : { value: ms })

/** When the youngest of them was changed; null of none. */
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
  const name = item.source ? item.source.name : person && nameInTokenAnswer(person)
  return {
    'source-orcid': item.source ? null : orcidIdentifier(registry, item.orcid),
    'source-client-id': item.source ? identity(registry, 'client/', item.source.clientId) : null,
    'source-name': name === null ? null : { value: name },
    'assertion-origin-orcid': null,
    'assertion-origin-client-id': null,
    'assertion-origin-name': null,
  }
}

/** An item as its own address answers it: with all its fields, and `null` for what it does not have. */
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
  if (item.section === 'biography')
    return { ...withoutSource(frame), ...content, visibility, path: `/${item.orcid}/biography` }
  if (isAffiliation(item.section)) {
    return { ...frame, 'put-code': putCode, path, ...content, 'display-index': String(displayIndex), visibility }
  }
  if (item.section === 'work') {
    return { ...frame, 'put-code': putCode, path, ...workFields(content), visibility }
  }
  if (item.section === 'funding') {
    return { ...frame, 'put-code': putCode, path, ...fundingFields(content), visibility }
  }
  return { ...frame, ...content, visibility, path, 'put-code': putCode, 'display-index': displayIndex }
}

/** What lists say of an activity. */
export function summaryJson(registry: Registry, item: Item): JsonObject {
  const full = itemJson(registry, item)
  const last = { 'display-index': String(item.displayIndex), visibility: item.visibility, path: full.path ?? null }
  if (isAffiliation(item.section)) {
    const { path: _, ...rest } = full
    return { ...rest, ...last }
  }
  const { 'created-date': created, 'last-modified-date': modified, source, 'put-code': putCode } = full
  const content = normalised(item.content)
  return {
    'put-code': putCode,
    'created-date': created,
    'last-modified-date': modified,
    source,
    ...content,
    ...last,
  } as JsonObject
}

function withoutSource({ source: _, ...rest }: JsonObject): JsonObject {
  return rest
}

function workFields(content: JsonObject): JsonObject {
  const none = { 'short-description': null, citation: null, contributors: null, 'language-code': null, country: null }
  return { ...content, ...none }
}

function fundingFields(content: JsonObject): JsonObject {
  return { ...content, 'organization-defined-type': null, 'short-description': null, amount: null, contributors: null }
}

/** ORCID adds to every external id what it makes of it for comparing. */
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
