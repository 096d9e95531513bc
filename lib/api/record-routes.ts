import 'server-only'
import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { ApiProblem } from '@/lib/api/problem'
import { readRecordPart } from '@/lib/api/record'
import { orcid, putCode, putCodes, sectionOf } from '@/lib/api/record-parameters'
import {
  chooseType,
  itemSections,
  jsonTypes,
  partOf,
  sections,
  summarySections,
  xmlTypes,
} from '@/lib/api/record-sections'
import { type ApiEnv, api, demand, problem } from '@/lib/api/route-parts'
import type { ProxiedPart } from '@/lib/records/proxied'

const noQuery = z.strictObject({})
const orcidJson = z.record(z.string(), z.unknown()).openapi({ description: 'As ORCID’s API v3.0 has it.' })
const proxied = {
  200: {
    description: 'What ORCID answers, as it is. XML, unless `Accept` wants JSON.',
    content: Object.fromEntries([
      ...jsonTypes.map((type) => [type, { schema: orcidJson }]),
      ...xmlTypes.map((type) => [type, { schema: z.string() }]),
    ]),
  },
  default: problem,
}
const readDescription = 'Right `record:read`. What the person set to “Everyone” or “Trusted parties”.'

async function pass(c: Context<ApiEnv>, orcid: string, part: ProxiedPart): Promise<never> {
  const actor = demand(c, 'record:read')
  const type = chooseType(c.req.header('accept'))
  if (type === null) throw new ApiProblem('not_acceptable')
  const text = await readRecordPart(actor, orcid, part, type)
  return new Response(text, { headers: { 'Content-Type': `${type};charset=UTF-8` } }) as never
}

api.openapi(
  createRoute({
    method: 'get',
    path: '/orcid/{orcid}',
    operationId: 'readWholeRecord',
    summary: 'A record, through the portal',
    description: readDescription,
    request: { params: z.object({ orcid }), query: noQuery },
    responses: proxied,
  }),
  (c) => pass(c, c.req.valid('param').orcid, partOf('record')),
)

api.openapi(
  createRoute({
    method: 'get',
    path: '/orcid/{orcid}/{section}',
    operationId: 'readSection',
    summary: 'A section of a record',
    description: readDescription,
    request: { params: z.object({ orcid, section: sectionOf(sections) }), query: noQuery },
    responses: proxied,
  }),
  (c) => pass(c, c.req.valid('param').orcid, partOf(c.req.valid('param').section)),
)

api.openapi(
  createRoute({
    method: 'get',
    path: '/orcid/{orcid}/{section}/{put_code}',
    operationId: 'readItem',
    summary: 'An item of a record',
    description: readDescription,
    request: { params: z.object({ orcid, section: sectionOf(itemSections), put_code: putCodes }), query: noQuery },
    responses: proxied,
  }),
  (c) => {
    const { orcid, section, put_code: code } = c.req.valid('param')
    if (section !== 'works' && code.includes(',')) throw new ApiProblem('not_found')
    return pass(c, orcid, partOf(section, `/${code}`))
  },
)

api.openapi(
  createRoute({
    method: 'get',
    path: '/orcid/{orcid}/{section}/summary/{put_code}',
    operationId: 'readItemSummary',
    summary: 'The summary of an item',
    description: readDescription,
    request: { params: z.object({ orcid, section: sectionOf(summarySections), put_code: putCode }), query: noQuery },
    responses: proxied,
  }),
  (c) => {
    const { orcid, section, put_code: code } = c.req.valid('param')
    return pass(c, orcid, partOf(section, `/summary/${code}`))
  },
)
