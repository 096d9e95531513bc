import type { Registry } from '../context'
import { personOf } from '../people'
import type { Affiliation, Item } from '../records/item'
import { checkAffiliation, readAffiliation } from './affiliation-input'
import { ApiError } from './api-error'
import { type Caller, checkOwner, checkScope, isSource } from './caller'
import { isAffiliation, itemJson } from './item-json'
import { selfIds } from './lists'
import { type Document, isJsonType } from './media'
import { findItem, noSuchPath } from './read'
import { openRecord } from './record-state'

export type WriteRequest = {
  method: string
  orcid: string
  rest: readonly string[]
  contentType: string | undefined
  body: string
}
export type Written = { status: 201; location: string } | { status: 200; document: Document } | { status: 204 }

const UPDATE = '/affiliations/update'
const CREATE = '/affiliations/create'

/** POST, PUT and DELETE of the seven kinds of affiliations. The registry accepts no other writes. */
export function writeRecord(registry: Registry, caller: Caller, request: WriteRequest): Written {
  const { method, orcid, rest } = request
  const [kind = '', putCode, ...extra] = rest
  if (caller.api === 'public') throw notWritable(method)
  if (!isAffiliation(kind) || extra.length > 0) throw notWritable(method)
  const isNew = method === 'POST' && putCode === undefined
  if (!isNew && !(putCode !== undefined && (method === 'PUT' || method === 'DELETE'))) throw notWritable(method)
  openRecord(registry, caller.api, orcid, method, rest.map((part) => `/${part}`).join(''))
  checkOwner(caller, orcid)
  checkScope(caller, isNew ? [CREATE, UPDATE] : [UPDATE])
  if (putCode === undefined) return create(registry, caller, kind, request)
  return method === 'PUT'
    ? update(registry, caller, kind, putCode, request)
    : remove(registry, caller, kind, putCode, orcid)
}

function notWritable(method: string): ApiError {
  return ['POST', 'PUT', 'DELETE'].includes(method) ? new ApiError('9001', { status: 405 }) : noSuchPath()
}

function readBody(kind: Affiliation, { contentType, body }: WriteRequest) {
  if (!isJsonType(contentType)) throw new ApiError('9001', { status: 415 })
  return checkAffiliation(kind, readAffiliation(body))
}

/** ORCID ignores the visibility in the body and uses the person's default for new items. */
function create(registry: Registry, caller: Caller, kind: Affiliation, request: WriteRequest): Written {
  const { orcid } = request
  const { putCode, content } = readBody(kind, request)
  if (putCode !== null) throw new ApiError('9024')
  refuseDuplicate(registry, caller, { orcid, section: kind, content })
  const now = registry.now()
  const added = registry.store.shelf.add({
    orcid,
    section: kind,
    visibility: personOf(registry, orcid)?.defaultVisibility ?? 'public',
    source: sourceOf(caller),
    createdAt: now,
    modifiedAt: now,
    displayIndex: 0,
    content,
  })
  registry.store.changed()
  return { status: 201, location: `${registry.issuer}/v3.0/${orcid}/${kind}/${added.putCode}` }
}

function sourceOf({ client, origin }: Caller): Item['source'] {
  return {
    clientId: client.id,
    name: client.name,
    ...(origin ? { origin: { clientId: origin.id, name: origin.name } } : {}),
  }
}

function update(
  registry: Registry,
  caller: Caller,
  kind: Affiliation,
  urlPutCode: string,
  request: WriteRequest,
): Written {
  const { putCode, visibility, content } = readBody(kind, request)
  if (putCode === null || String(putCode) !== urlPutCode) {
    throw new ApiError('9019', { values: { urlPutCode, bodyPutCode: String(putCode) } })
  }
  const item = ownItem(registry, caller, kind, urlPutCode, request.orcid)
  if (visibility !== null && visibility !== item.visibility) throw new ApiError('9035')
  refuseDuplicate(registry, caller, { ...item, content })
  Object.assign(item, { content, modifiedAt: registry.now() })
  registry.store.changed()
  return { status: 200, document: { root: `${kind}:${kind}`, body: itemJson(registry, item) } }
}

function remove(registry: Registry, caller: Caller, kind: Affiliation, putCode: string, orcid: string): Written {
  registry.store.shelf.remove(ownItem(registry, caller, kind, putCode, orcid))
  registry.store.changed()
  return { status: 204 }
}

function ownItem(registry: Registry, caller: Caller, kind: Affiliation, putCode: string, orcid: string): Item {
  const item = findItem(registry, orcid, kind, putCode)
  if (!isSource(caller, item)) throw new ApiError('9010', { values: { activity: kind } })
  return item
}

/** A duplicate is an item with the same identifier from the same source; other sources may add it too. */
function refuseDuplicate(
  registry: Registry,
  caller: Caller,
  item: Pick<Item, 'orcid' | 'section' | 'content'> & { putCode?: number },
): void {
  const keys = new Set(selfIds(item).map(({ key }) => key))
  const twin = registry.store.shelf
    .itemsOf(item.orcid)
    .find(
      (other) =>
        other.putCode !== item.putCode &&
        other.section === item.section &&
        isSource(caller, other) &&
        selfIds(other).some(({ key }) => keys.has(key)),
    )
  if (twin) throw new ApiError('9021', { values: { putCode: String(twin.putCode) } })
}
