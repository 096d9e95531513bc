import { getConnInfo } from '@hono/node-server/conninfo'
import type { Hono, MiddlewareHandler } from 'hono'
import type { z } from 'zod'
import type { Registry, RegistryBindings, RegistryContext } from './context'
import { faultRequestSchema } from './faults'

/** Controls for tests and demonstrations. ORCID has none of them. */
export function addAdminRoutes(app: Hono<RegistryBindings>, registry: Registry): void {
  app.use('/_admin/*', fromThisMachineOnly)
  app.post('/_admin/faults', async (c) => {
    const fault = await readAdminJson(c, faultRequestSchema)
    if (fault instanceof Response) return fault
    registry.faults.add(fault)
    return c.json(fault, 201)
  })
  app.delete('/_admin/faults', (c) => {
    registry.faults.clear()
    return c.body(null, 204)
  })
  app.get('/_admin/state', (c) => {
    const { tokens, tokenRequests, revokeRequests, userinfoRequests } = registry.store
    return c.json({ tokenRequests, revokeRequests, userinfoRequests, tokens: [...tokens.values()] })
  })
  app.delete('/_admin/state', (c) => {
    registry.store.clear()
    registry.apiRequests.length = 0
    return c.body(null, 204)
  })
}

/** The parsed body, or an error answer. */
export async function readAdminJson<T extends z.ZodType>(
  c: RegistryContext,
  schema: T,
): Promise<z.output<T> | Response> {
  // A web page cannot send this type to another origin without a CORS preflight, which fails.
  if (c.req.header('Content-Type')?.split(';')[0]?.trim() !== 'application/json') {
    return c.json({ error: 'json only' }, 415)
  }
  const read = schema.safeParse(await c.req.json().catch(() => null))
  return read.success ? read.data : c.json({ error: 'not what is taken here', issues: read.error.issues }, 400)
}

/** Checks the connection and the Host header, which a page cannot forge by DNS rebinding. */
const fromThisMachineOnly: MiddlewareHandler<RegistryBindings> = async (c, next) => {
  const { address = '' } = getConnInfo(c).remote
  const { hostname } = new URL(c.req.url)
  const isLocal = isLoopback(address.replace(/^::ffff:/, '')) && isLoopback(hostname)
  return isLocal ? next() : c.json({ error: 'only from this machine' }, 403)
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host)
}
