import { z } from 'zod'
import type { Registry } from '../context'
import { personOf } from '../people'
import type { Affiliation, Item, JsonObject } from '../records/item'
import { checkAffiliation, readAffiliation } from './affiliation-input'
import { ApiError } from './api-error'
import { type Caller, checkOwner, checkScope, isSource } from './caller'
import { isAffiliation, itemJson } from './item-json'
import { selfIds } from './lists'
import { type Document, isJsonType } from './media'
import { findItem, noSuchPath } from './read'
import { openRecord } from './record-state'
import { checkWork, parseBody } from './work-input'

export type WriteRequest = {
  method: string
  orcid: string
  rest: readonly string[]
  contentType: string | undefined
  body: string
}
export type Written = { status: 201; location: string } | { status: 200; document: Document } | { status: 204 }

type Kind = Affiliation | 'work'
type Input = { putCode: number | null; visibility: string | null; content: JsonObject }

const BULK_MAX = 100
const WORKS_MAX = 10_000

const scopesOf = (kind: Kind) =>
  kind === 'work'
    ? { create: '/orcid-works/create', update: '/orcid-works/update' }
    : { create: '/affiliations/create', update: '/affiliations/update' }

const isWritable = (section: string): section is Kind => section === 'work' || isAffiliation(section)

/**
 * POST, PUT and DELETE of works and of the seven kinds of affiliations, and POST of many works. The registry accepts no
 * other writes.
 */
export function writeRecord(registry: Registry, caller: Caller, request: WriteRequest): Written {
  const { method, orcid, rest } = request
  const [kind = '', putCode, ...extra] = rest
  if (caller.api === 'public') throw notWritable(method)
  if (kind === 'works' && method === 'POST' && putCode === undefined) return createMany(registry, caller, request)
  if (!isWritable(kind) || extra.length > 0) throw notWritable(method)
  const isNew = method === 'POST' && putCode === undefined
  if (!isNew && !(putCode !== undefined && (method === 'PUT' || method === 'DELETE'))) throw notWritable(method)
  open(registry, caller, request, kind, isNew)
  if (putCode === undefined) {
    const { putCode: added } = create(registry, caller, { kind, orcid }, readBody(kind, request))
    return { status: 201, location: `${registry.issuer}/v3.0/${orcid}/${kind}/${added}` }
  }
  return method === 'PUT'
    ? update(registry, caller, kind, putCode, request)
    : remove(registry, caller, kind, putCode, orcid)
}

function notWritable(method: string): ApiError {
  return ['POST', 'PUT', 'DELETE'].includes(method) ? new ApiError('9001', { status: 405 }) : noSuchPath()
}

function open(registry: Registry, caller: Caller, request: WriteRequest, kind: Kind, isNew: boolean): void {
  const { method, orcid, rest } = request
  openRecord(registry, caller.api, orcid, method, rest.map((part) => `/${part}`).join(''))
  checkOwner(caller, orcid)
  const { create, update } = scopesOf(kind)
  checkScope(caller, isNew ? [create, update] : [update])
}

function readBody(kind: Kind, { contentType, body }: WriteRequest): Input {
  if (!isJsonType(contentType)) throw new ApiError('9001', { status: 415 })
  return kind === 'work' ? checkWork(parseBody(body)) : checkAffiliation(kind, readAffiliation(body))
}

const bulkSchema = z.object({ bulk: z.array(z.object({ work: z.unknown() })) })

/** Each work of a bulk request is added or refused for itself, and answered in the same place. */
function createMany(registry: Registry, caller: Caller, request: WriteRequest): Written {
  open(registry, caller, request, 'work', true)
  if (!isJsonType(request.contentType)) throw new ApiError('9001', { status: 415 })
  const given = bulkSchema.safeParse(parseBody(request.body))
  if (!given.success) throw new ApiError('9047', { values: { error: given.error.issues[0]?.message ?? '' } })
  if (given.data.bulk.length > BULK_MAX) throw new ApiError('9006')
  const bulk = given.data.bulk.map(({ work }): JsonObject => {
    try {
      const item = create(registry, caller, { kind: 'work', orcid: request.orcid }, checkWork(work))
      return { work: itemJson(registry, item) }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      return { error: error.body(caller.client.name) }
    }
  })
  return { status: 200, document: { root: 'bulk:bulk', body: { bulk } } }
}

/** ORCID ignores the visibility in the body and uses the person's default for new items. */
function create(
  registry: Registry,
  caller: Caller,
  { kind, orcid }: { kind: Kind; orcid: string },
  { putCode, content }: Input,
): Item {
  if (putCode !== null) throw new ApiError('9024')
  const isFull =
    kind === 'work' && registry.store.shelf.itemsOf(orcid).filter(({ section }) => section === kind).length >= WORKS_MAX
  if (isFull) throw new ApiError('9048')
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
  return added
}

function sourceOf({ client, origin }: Caller): Item['source'] {
  return {
    clientId: client.id,
    name: client.name,
    ...(origin ? { origin: { clientId: origin.id, name: origin.name } } : {}),
  }
}

function update(registry: Registry, caller: Caller, kind: Kind, urlPutCode: string, request: WriteRequest): Written {
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

function remove(registry: Registry, caller: Caller, kind: Kind, putCode: string, orcid: string): Written {
  registry.store.shelf.remove(ownItem(registry, caller, kind, putCode, orcid))
  registry.store.changed()
  return { status: 204 }
}

function ownItem(registry: Registry, caller: Caller, kind: Kind, putCode: string, orcid: string): Item {
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
