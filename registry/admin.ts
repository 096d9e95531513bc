import { getConnInfo } from '@hono/node-server/conninfo'
import type { Hono, MiddlewareHandler } from 'hono'
import type { Registry, RegistryBindings } from './context'
import { faultRequestSchema } from './faults'

/** The controls for tests and demonstrations. Nothing like them exists at ORCID. */
export function addAdminRoutes(app: Hono<RegistryBindings>, registry: Registry): void {
  app.use('/_admin/*', fromThisMachineOnly)
  app.post('/_admin/faults', async (c) => {
    // A page in a browser cannot send this type to another origin without asking first, and it would be told no.
    if (c.req.header('Content-Type')?.split(';')[0]?.trim() !== 'application/json')
      return c.json({ error: 'json only' }, 415)
    const fault = faultRequestSchema.safeParse(await c.req.json().catch(() => null))
    if (!fault.success) return c.json({ error: 'not a fault', issues: fault.error.issues }, 400)
    registry.faults.add(fault.data)
    return c.json(fault.data, 201)
  })
  app.delete('/_admin/faults', (c) => {
    registry.faults.clear()
    return c.body(null, 204)
  })
  app.get('/_admin/state', (c) => {
    const { tokens, tokenRequests, revokeRequests } = registry.store
    return c.json({ tokenRequests, revokeRequests, tokens: [...tokens.values()] })
  })
  app.delete('/_admin/state', (c) => {
    registry.store.clear()
    return c.body(null, 204)
  })
}

/** Both ends are looked at: the connection's, and the Host header, which a page with a rebound name cannot choose. */
const fromThisMachineOnly: MiddlewareHandler<RegistryBindings> = async (c, next) => {
  const { address = '' } = getConnInfo(c).remote
  const { hostname } = new URL(c.req.url)
  const isLocal = isLoopback(address.replace(/^::ffff:/, '')) && isLoopback(hostname)
  return isLocal ? next() : c.json({ error: 'only from this machine' }, 403)
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host)
}
