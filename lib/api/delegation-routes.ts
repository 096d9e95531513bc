import 'server-only'
import { createRoute } from '@hono/zod-openapi'
import * as schemas from '@/lib/api/delegation-schema'
import { postDelegation, readDelegations } from '@/lib/api/delegations'
import { api, demand, json, onceHeader, problem, reads } from '@/lib/api/route-parts'

api.openapi(
  createRoute({
    method: 'get',
    path: '/delegations',
    operationId: 'listDelegations',
    summary: 'What was released to you',
    description: 'Right `token:delegate`. About people who let you, and never an id_token.',
    request: { query: schemas.delegationsQuery },
    responses: reads(schemas.delegationsPageSchema, 'A page, in the order of the ids.'),
  }),
  async (c) => {
    const { person_id: personId, ...query } = c.req.valid('query')
    return c.json(await readDelegations(demand(c, 'token:delegate'), { personId, ...query }), 200)
  },
)

api.openapi(
  createRoute({
    method: 'post',
    path: '/delegations',
    operationId: 'releaseIdToken',
    summary: 'Get what a member exchanges at ORCID for a token of its own',
    description:
      'Right `token:delegate`, of one person by `person_id` or `orcid`. The person reads of each release. Where ORCID does ' +
      'not offer this, the answer is 409 `delegation_unavailable`: read and write through this API then.',
    request: {
      headers: onceHeader,
      body: { required: true, content: { 'application/json': { schema: schemas.newDelegationSchema } } },
    },
    responses: { 201: json(schemas.releaseSchema, 'A new id_token.'), default: problem },
  }),
  async (c) => {
    const actor = demand(c, 'token:delegate')
    const { requestId } = c.env
    const { 'idempotency-key': key } = c.req.valid('header')
    const release = await postDelegation(actor, { key, requestId }, c.req.valid('json'))
    c.header('Cache-Control', 'no-store')
    return c.json(release, 201)
  },
)
