import type { MiddlewareHandler } from 'hono'
import type { RegistryBindings } from './context'

/** ORCID's CORS, for discovery, JWKS and userinfo; deliberately not for the token endpoint (ORCID/ORCID-Source#5977). */
export const orcidCors: MiddlewareHandler<RegistryBindings> = async (c, next) => {
  const origin = c.req.header('Origin')
  if (origin) {
    c.header('Access-Control-Allow-Origin', origin)
    c.header('Access-Control-Allow-Credentials', 'true')
    c.header('Vary', 'Origin')
  }
  if (c.req.method !== 'OPTIONS') return next()
  c.header('Access-Control-Allow-Methods', 'GET, POST, PUT, DELETE')
  c.header(
    'Access-Control-Allow-Headers',
    'X-Requested-With,Origin,Content-Type,Accept,Authorization,x-csrf-token,x-xsrf-token',
  )
  return c.body(null, 200)
}
