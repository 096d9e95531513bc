import 'server-only'
import { createRoute } from '@hono/zod-openapi'
import type { Context } from 'hono'
import {
  deleteAffiliation,
  getAffiliation,
  postAffiliation,
  putAffiliation,
  readAffiliations,
  type WrittenItem,
} from '@/lib/api/affiliations'
import { readChanges } from '@/lib/api/changes'
import { countSystemCoverage } from '@/lib/api/coverage'
import { getPerson, readPeople } from '@/lib/api/people'
import {
  type ApiEnv,
  api,
  basePath,
  byId,
  demand,
  json,
  onceHeader,
  problem,
  reads,
  toRequest,
} from '@/lib/api/route-parts'
import * as schemas from '@/lib/api/schema'
import { direct } from '@/lib/db'
import { recordUse } from '@/lib/systems/use'

const writes = (description: string) => ({ 202: json(schemas.affiliationSchema, description), default: problem })

/** JSON that PostgreSQL wrote, so that no type can be checked: tests compare every answer with its schema. */
const answer = (text: string) => new Response(text, { headers: { 'Content-Type': 'application/json' } }) as never

api.openapi(
  createRoute({
    method: 'get',
    path: '/people',
    operationId: 'listPeople',
    summary: 'The people whose iDs you may see',
    description: 'Right `people:read`. With `local_id` or `orcid`, at most one.',
    request: { query: schemas.peopleQuery },
    responses: reads(schemas.peoplePageSchema, 'A page, in the order of the ids.'),
  }),
  async (c) => {
    const actor = demand(c, 'people:read')
    const { local_id: localId, ...query } = c.req.valid('query')
    const page = await readPeople(actor, { localId, ...query })
    await recordUse(direct, actor, 'people:read', null)
    return answer(
      `{"items":${page.items},"next_cursor":${JSON.stringify(page.next)},"changes_cursor":"${page.changes}"}`,
    )
  },
)

api.openapi(
  createRoute({
    method: 'get',
    path: '/people/changes',
    operationId: 'listChanges',
    summary: 'Who changed since a cursor',
    description:
      'Right `people:read`. Everybody who changed, as they are now, and a tombstone for each whom you may not see any ' +
      'more. A cursor of more than 90 days ago, of before a restore or of before a change of what you may see gets 410: ' +
      'then read the whole list again.',
    request: { query: schemas.changesQuery },
    responses: reads(schemas.changesPageSchema, 'The next changes.'),
  }),
  async (c) => {
    const actor = demand(c, 'people:read')
    const { updated_since: since, limit } = c.req.valid('query')
    const page = await readChanges(actor, since, limit)
    await recordUse(direct, actor, 'people:read', null)
    return answer(`{"items":${page.items},"changes_cursor":"${page.cursor}","has_more":${page.hasMore}}`)
  },
)

api.openapi(
  createRoute({
    method: 'get',
    path: '/people/{id}',
    operationId: 'getPerson',
    summary: 'One person',
    description: 'Right `people:read`.',
    request: byId,
    responses: reads(schemas.personSchema, 'The person.'),
  }),
  async (c) => {
    const actor = demand(c, 'people:read')
    const { id } = c.req.valid('param')
    const person = await getPerson(actor, id)
    await recordUse(direct, actor, 'people:read', [id])
    return answer(person)
  },
)

api.openapi(
  createRoute({
    method: 'get',
    path: '/coverage',
    operationId: 'getCoverage',
    summary: 'How many of your people have an iD that you may see',
    description: 'Right `people:read`.',
    responses: reads(schemas.coverageSchema, 'In all, and by department and kind.'),
  }),
  async (c) => c.json(await countSystemCoverage(demand(c, 'people:read')), 200),
)

api.openapi(
  createRoute({
    method: 'get',
    path: '/affiliations',
    operationId: 'listAffiliations',
    summary: 'The items that you added',
    description: 'Right `affiliations:write`. Of people who let you.',
    request: { query: schemas.affiliationsQuery },
    responses: reads(schemas.affiliationsPageSchema, 'A page, in the order of the ids.'),
  }),
  async (c) => {
    const { person_id: personId, ...query } = c.req.valid('query')
    return c.json(await readAffiliations(demand(c, 'affiliations:write'), { personId, ...query }), 200)
  },
)

api.openapi(
  createRoute({
    method: 'get',
    path: '/affiliations/{id}',
    operationId: 'getAffiliation',
    summary: 'One item, with its state',
    description: 'Right `affiliations:write`.',
    request: byId,
    responses: reads(schemas.affiliationSchema, 'The item.'),
  }),
  async (c) => c.json(await getAffiliation(demand(c, 'affiliations:write'), c.req.valid('param').id), 200),
)

function accept(c: Context<ApiEnv>, { item, isRepeated }: WrittenItem) {
  c.header('Location', `${basePath}/affiliations/${item.id}`)
  if (isRepeated) c.header('Idempotency-Replayed', 'true')
  return c.json(item, 202)
}

api.openapi(
  createRoute({
    method: 'post',
    path: '/affiliations',
    operationId: 'addAffiliation',
    summary: 'Add an item to a record',
    description: 'Right `affiliations:write`. It is written to ORCID soon after; its state says how far that is.',
    request: {
      headers: onceHeader,
      body: { required: true, content: { 'application/json': { schema: schemas.newAffiliationSchema } } },
    },
    responses: writes('The item, which will be written.'),
  }),
  async (c) => {
    const actor = demand(c, 'affiliations:write')
    const request = toRequest(c, c.req.valid('header')['idempotency-key'])
    return accept(c, await postAffiliation(actor, request, c.req.valid('json')))
  },
)

api.openapi(
  createRoute({
    method: 'put',
    path: '/affiliations/{id}',
    operationId: 'changeAffiliation',
    summary: 'Change an item that you added',
    description: 'Right `affiliations:write`. Send all of it; `type` and `external_id` stay.',
    request: {
      ...byId,
      headers: onceHeader,
      body: { required: true, content: { 'application/json': { schema: schemas.changedAffiliationSchema } } },
    },
    responses: writes('The item, which will be written.'),
  }),
  async (c) => {
    const actor = demand(c, 'affiliations:write')
    const request = toRequest(c, c.req.valid('header')['idempotency-key'])
    return accept(c, await putAffiliation(actor, { ...request, ...c.req.valid('param') }, c.req.valid('json')))
  },
)

api.openapi(
  createRoute({
    method: 'delete',
    path: '/affiliations/{id}',
    operationId: 'deleteAffiliation',
    summary: 'Remove an item that you added',
    description: 'Right `affiliations:write`.',
    request: { ...byId, headers: onceHeader },
    responses: writes('The item, which will be removed from the record.'),
  }),
  async (c) => {
    const actor = demand(c, 'affiliations:write')
    const request = toRequest(c, c.req.valid('header')['idempotency-key'])
    return accept(c, await deleteAffiliation(actor, { ...request, ...c.req.valid('param') }))
  },
)
