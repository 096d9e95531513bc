import 'server-only'
import { systemRights } from '@/lib/actor'
import '@/lib/api/delegation-routes'
import { api, basePath } from '@/lib/api/route-parts'
import '@/lib/api/record-routes'
import '@/lib/api/record-write-routes'
import '@/lib/api/routes'
import '@/lib/api/work-routes'
import { env } from '@/lib/config/env'

api.openAPIRegistry.registerComponent('securitySchemes', 'key', {
  type: 'http',
  scheme: 'bearer',
  description: 'A key, `cnc_live_…` or `cnc_test_…`, or a token of `POST /oauth/token`.',
})

api.openAPIRegistry.registerComponent('securitySchemes', 'client', {
  type: 'oauth2',
  description: 'The client credentials of a system, for a token that lasts some minutes.',
  flows: {
    clientCredentials: {
      tokenUrl: '/oauth/token',
      scopes: Object.fromEntries(systemRights.map((right) => [right, ''])),
    },
  },
})

/** The API as OpenAPI 3.1 describes it, from the schemas that check its requests. */
export function makeApiDocument() {
  const { institution, origin } = env()
  return api.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: `Concord at ${institution.name}`,
      version: '1',
      description: 'Authenticated ORCID iDs, what people allow, affiliations and works on their records.',
    },
    servers: [{ url: origin }],
    security: [{ key: [] }, { client: [] }],
  })
}

export const documentPath = `${basePath}/openapi.json`
