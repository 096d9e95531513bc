import 'server-only'
import { createRoute } from '@hono/zod-openapi'
import { api, basePath, byId, demand, json, onceHeader, problem, reads, toRequest } from '@/lib/api/route-parts'
import { affiliationsQuery } from '@/lib/api/schema'
import * as schemas from '@/lib/api/work-schema'
import { deleteWork, getWork, postWork, postWorks, putWork, readWorks } from '@/lib/api/works'

const writes = (description: string) => ({ 202: json(schemas.workSchema, description), default: problem })

api.openapi(
  createRoute({
    method: 'get',
    path: '/works',
    operationId: 'listWorks',
    summary: 'The works that you added',
    description: 'Right `works:write`. Of people who let you.',
    request: { query: affiliationsQuery },
    responses: reads(schemas.worksPageSchema, 'A page, in the order of the ids.'),
  }),
  async (c) => {
    const { person_id: personId, ...query } = c.req.valid('query')
    return c.json(await readWorks(demand(c, 'works:write'), { personId, ...query }), 200)
  },
)

api.openapi(
  createRoute({
    method: 'get',
    path: '/works/{id}',
    operationId: 'getWork',
    summary: 'One work, with its state',
    description: 'Right `works:write`.',
    request: byId,
    responses: reads(schemas.workSchema, 'The work.'),
  }),
  async (c) => c.json(await getWork(demand(c, 'works:write'), c.req.valid('param').id), 200),
)

api.openapi(
  createRoute({
    method: 'post',
    path: '/works',
    operationId: 'addWorks',
    summary: 'Add a work, or up to a hundred',
    description:
      'Right `works:write`. The person is asked first, unless they chose otherwise. Of several, each is added or refused ' +
      'for itself, and the answer has a result for each, in the same order.',
    request: {
      headers: onceHeader,
      body: { required: true, content: { 'application/json': { schema: schemas.newWorksSchema } } },
    },
    responses: {
      202: json(schemas.workSchema.or(schemas.workResultsSchema), 'The work, or a result for each.'),
      default: problem,
    },
  }),
  async (c) => {
    const actor = demand(c, 'works:write')
    const request = toRequest(c, c.req.valid('header')['idempotency-key'])
    const body = c.req.valid('json')
    if (Array.isArray(body)) {
      const { results, isRepeated } = await postWorks(actor, request, body)
      if (isRepeated) c.header('Idempotency-Replayed', 'true')
      return c.json({ results }, 202)
    }
    const { work, isRepeated } = await postWork(actor, request, body)
    c.header('Location', `${basePath}/works/${work.id}`)
    if (isRepeated) c.header('Idempotency-Replayed', 'true')
    return c.json(work, 202)
  },
)

api.openapi(
  createRoute({
    method: 'put',
    path: '/works/{id}',
    operationId: 'changeWork',
    summary: 'Change a work that you added',
    description: 'Right `works:write`. Send all of it; `identifier` stays.',
    request: {
      ...byId,
      headers: onceHeader,
      body: { required: true, content: { 'application/json': { schema: schemas.changedWorkSchema } } },
    },
    responses: writes('The work, which will be written.'),
  }),
  async (c) => {
    const actor = demand(c, 'works:write')
    const request = toRequest(c, c.req.valid('header')['idempotency-key'])
    const { work, isRepeated } = await putWork(actor, { ...request, ...c.req.valid('param') }, c.req.valid('json'))
    c.header('Location', `${basePath}/works/${work.id}`)
    if (isRepeated) c.header('Idempotency-Replayed', 'true')
    return c.json(work, 202)
  },
)

api.openapi(
  createRoute({
    method: 'delete',
    path: '/works/{id}',
    operationId: 'deleteWork',
    summary: 'Remove a work that you added',
    description: 'Right `works:write`.',
    request: { ...byId, headers: onceHeader },
    responses: writes('The work, which will be removed from the record.'),
  }),
  async (c) => {
    const actor = demand(c, 'works:write')
    const request = toRequest(c, c.req.valid('header')['idempotency-key'])
    const { work, isRepeated } = await deleteWork(actor, { ...request, ...c.req.valid('param') })
    if (isRepeated) c.header('Idempotency-Replayed', 'true')
    return c.json(work, 202)
  },
)
