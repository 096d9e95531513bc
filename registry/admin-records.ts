import type { Hono } from 'hono'
import { z } from 'zod'
import { readAdminJson } from './admin'
import { findClient } from './clients'
import type { Registry, RegistryBindings } from './context'
import { limitSchema } from './limiter'
import { personOf, RECORD_STATES } from './people'
import { itemSchema } from './records/item'
import { disableTokens } from './tokens'

const stateSchema = z
  .strictObject({
    state: z.enum(RECORD_STATES),
    mergedInto: z.string().nullable().default(null),
    /** Keeps tokens live, to test the 409 of a deactivated record; ORCID disables them. */
    keepTokens: z.boolean().default(false),
  })
  .refine(
    ({ state, mergedInto }) => (state === 'merged') === (mergedInto !== null),
    'merged records, and they alone, have a primary',
  )
const newItemSchema = itemSchema.pick({ section: true, content: true }).extend({
  visibility: itemSchema.shape.visibility.default('public'),
  source: itemSchema.shape.source.default(null),
})
const changeSchema = itemSchema.pick({ visibility: true, content: true, source: true }).partial()
/** What ORCID's staff set for a client. */
const clientChangeSchema = z
  .strictObject({ exchanges: z.array(z.enum(['id_token', 'access_token'])), whitelist: z.array(z.string()) })
  .partial()
const settingsSchema = z
  .strictObject({
    dropsRefreshParams: z.boolean(),
    interstitial: z.boolean(),
    codeLifetimeS: z.int().min(0),
    limit: limitSchema.partial(),
  })
  .partial()

/** Changes by a person, ORCID's staff or a test, and settings of the registry. */
export function addRecordAdminRoutes(app: Hono<RegistryBindings>, registry: Registry): void {
  const { shelf, recordStates } = registry.store
  app.get('/_admin/api-requests', (c) => c.json(registry.apiRequests))
  app.get('/_admin/settings', (c) => c.json({ ...registry.settings, limit: registry.limiter.limit }))
  app.put('/_admin/settings', async (c) => {
    const settings = await readAdminJson(c, settingsSchema)
    if (settings instanceof Response) return settings
    const { limit, ...rest } = settings
    Object.assign(registry.settings, rest)
    Object.assign(registry.limiter.limit, limit)
    return c.json({ ...registry.settings, limit: registry.limiter.limit })
  })
  app.get('/_admin/records/:orcid', (c) => {
    const person = personOf(registry, c.req.param('orcid'))
    if (!person) return c.json({ error: 'nobody has this iD' }, 404)
    const { orcid, state, mergedInto } = person
    return c.json({ orcid, state, mergedInto, items: shelf.itemsOf(orcid) })
  })
  app.put('/_admin/records/:orcid/state', async (c) => {
    const person = personOf(registry, c.req.param('orcid'))
    if (!person) return c.json({ error: 'nobody has this iD' }, 404)
    const change = await readAdminJson(c, stateSchema)
    if (change instanceof Response) return change
    const { keepTokens, ...state } = change
    const { orcid } = person
    recordStates.set(orcid, { orcid, ...state })
    if (state.state === 'deactivated' && !keepTokens) {
      disableTokens(registry, 'RECORD_DEACTIVATED', (token) => token.orcid === orcid)
    }
    registry.store.changed()
    return c.json({ orcid, ...state })
  })
  app.patch('/_admin/clients/:id', async (c) => {
    const client = findClient(registry, c.req.param('id'))
    if (!client) return c.json({ error: 'no such client' }, 404)
    const change = await readAdminJson(c, clientChangeSchema)
    if (change instanceof Response) return change
    Object.assign(client, change)
    return c.body(null, 204)
  })
  addItemRoutes(app, registry)
}

function addItemRoutes(app: Hono<RegistryBindings>, registry: Registry): void {
  const { shelf } = registry.store
  const noItem = { error: 'no such item in this record' }
  app.post('/_admin/records/:orcid/items', async (c) => {
    const person = personOf(registry, c.req.param('orcid'))
    if (!person) return c.json({ error: 'nobody has this iD' }, 404)
    const item = await readAdminJson(c, newItemSchema)
    if (item instanceof Response) return item
    const now = registry.now()
    const added = shelf.add({ ...item, orcid: person.orcid, createdAt: now, modifiedAt: now, displayIndex: 0 })
    registry.store.changed()
    return c.json(added, 201)
  })
  app.patch('/_admin/records/:orcid/items/:putCode', async (c) => {
    const item = shelf.find(c.req.param('orcid'), Number(c.req.param('putCode')))
    if (!item) return c.json(noItem, 404)
    const change = await readAdminJson(c, changeSchema)
    if (change instanceof Response) return change
    const content = { ...item.content, ...change.content }
    Object.assign(item, change, { content, modifiedAt: registry.now() })
    registry.store.changed()
    return c.json(item)
  })
  app.delete('/_admin/records/:orcid/items/:putCode', (c) => {
    const item = shelf.find(c.req.param('orcid'), Number(c.req.param('putCode')))
    if (!item) return c.json(noItem, 404)
    shelf.remove(item)
    registry.store.changed()
    return c.body(null, 204)
  })
}
