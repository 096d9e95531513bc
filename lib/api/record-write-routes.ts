import 'server-only'
import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { getAffiliation } from '@/lib/api/affiliations'
import { affiliationBody } from '@/lib/api/orcid-body'
import { ApiProblem, toPointer } from '@/lib/api/problem'
import { addToRecord, changeOnRecord, kindOf, type RecordWrite, removeFromRecord, showItem } from '@/lib/api/record'
import { addWorksToRecord, isDone, showBulk } from '@/lib/api/record-bulk'
import { orcid, putCode, sectionOf } from '@/lib/api/record-parameters'
import { allSections, writtenSections } from '@/lib/api/record-sections'
import { type ApiEnv, api, basePath, demand, json, onceHeader, problem, toRequest } from '@/lib/api/route-parts'
import { affiliationSchema } from '@/lib/api/schema'
import { workResultsSchema, workSchema, worksMax } from '@/lib/api/work-schema'
import { getWork, toProblem } from '@/lib/api/works'

const writeDescription =
  'Right `affiliations:write`, of works `works:write`. It is written at once. If ORCID does not answer in time, and with ' +
  '`Prefer: respond-async`, the answer is 202: the item is written later, and `Location` leads to its state. A work ' +
  'waits for the person, unless they chose otherwise. With an `Idempotency-Key`, the same request again finds what was ' +
  'written; without one, an item with the same identifier is refused.'
const headers = onceHeader.partial().extend({
  prefer: z.string().max(200).optional().openapi({ description: '`respond-async`: do not wait for ORCID.' }),
})
const writtenSection = sectionOf(allSections).openapi({ enum: [...writtenSections] })
const later = json(affiliationSchema.or(workSchema), 'It will be written; its state says how far that is.')
const laterOrBulk = json(
  affiliationSchema.or(workSchema).or(workResultsSchema),
  'It will be written; its state says how far that is. Of `works`: each as `POST /works` has it.',
)

type Given = { 'idempotency-key'?: string; prefer?: string }

function read(c: Context<ApiEnv>, section: string, given: Given) {
  const kind = kindOf(section)
  if (kind === null) throw new ApiProblem('read_only', { headers: { Allow: 'GET, HEAD' } })
  const actor = demand(c, kind === 'work' ? 'works:write' : 'affiliations:write')
  const isAsync = /(^|,)\s*respond-async\s*(;|,|$)/i.test(given.prefer ?? '')
  if (isAsync) c.header('Preference-Applied', 'respond-async')
  const request = { ...toRequest(c, ''), key: given['idempotency-key'], isAsync }
  return { actor, kind, request }
}

async function answerLater(c: Context<ApiEnv>, { item: { id, kind } }: RecordWrite): Promise<never> {
  const { actor } = c.env
  const isWork = kind === 'work'
  c.header('Location', `${basePath}/${isWork ? 'works' : 'affiliations'}/${id}`)
  return c.json(isWork ? await getWork(actor, id) : await getAffiliation(actor, id), 202) as never
}

function noteRepeated(c: Context<ApiEnv>, { isRepeated }: { isRepeated: boolean }): void {
  if (isRepeated) c.header('Idempotency-Replayed', 'true')
}

/** Works are compared by a schema of their own. */
function readBody(c: Context<ApiEnv>, isWork: boolean): unknown {
  const body = c.env.body === '' ? null : JSON.parse(c.env.body)
  if (body === null) throw new ApiProblem('invalid_json')
  if (isWork) return body
  const parsed = affiliationBody.safeParse(body)
  if (parsed.success) return parsed.data
  const errors = parsed.error.issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [{ pointer: toPointer(issue.path), detail: issue.message }]
    return issue.keys.map((key) => ({
      pointer: toPointer([...issue.path, key]),
      detail: 'cannot be written by the portal',
    }))
  })
  throw new ApiProblem('invalid_request', { errors })
}

async function addWorks(c: Context<ApiEnv>, orcid: string, given: Given): Promise<never> {
  const { actor, request } = read(c, 'work', given)
  const written = await addWorksToRecord(actor, request, orcid, readBody(c, true))
  noteRepeated(c, written)
  if (!request.isAsync && isDone(written)) return c.json(showBulk(written), 200) as never
  const results = written.results.map(async (one) =>
    'item' in one ? { work: await getWork(actor, one.item.id) } : { problem: toProblem(one.code, one.detail) },
  )
  return c.json({ results: await Promise.all(results) }, 202) as never
}

const orcidBody = affiliationBody.or(z.record(z.string(), z.unknown())).openapi({
  description: 'ORCID’s JSON of the item, or of several works. Of a work: what the portal can write of it.',
})
const bulkSchema = z.object({ bulk: z.array(z.record(z.string(), z.unknown())) })
const body = {
  required: true,
  content: { 'application/json': { schema: orcidBody }, 'application/vnd.orcid+json': { schema: orcidBody } },
}
const inSection = z.object({ orcid, section: writtenSection })
const inSectionOrWorks = z.object({
  orcid,
  section: sectionOf(allSections).openapi({ enum: [...writtenSections, 'works'] }),
})
const byPutCode = inSection.extend({ put_code: putCode })

api.openapi(
  createRoute({
    method: 'post',
    path: '/orcid/{orcid}/{section}',
    operationId: 'addToRecord',
    summary: 'Add an item to a record, through the portal',
    description: `${writeDescription} \`works\` takes up to ${worksMax} works, as ORCID does: \`{"bulk": [{"work": {…}}]}\`.`,
    request: { params: inSectionOrWorks, headers, body },
    responses: {
      200: json(bulkSchema, 'Of `works`: each is on the record or refused, in the same order.'),
      201: { description: 'It is on the record. `Location` ends with its put-code.' },
      202: laterOrBulk,
      default: problem,
    },
  }),
  async (c) => {
    const { orcid, section } = c.req.valid('param')
    if (section === 'works') return addWorks(c, orcid, c.req.valid('header'))
    const { actor, kind, request } = read(c, section, c.req.valid('header'))
    const written = await addToRecord(actor, request, { orcid, kind }, readBody(c, kind === 'work'))
    noteRepeated(c, written)
    const { state, putCode } = written.item
    if (request.isAsync || state !== 'in_orcid') return answerLater(c, written)
    return c.body(null, 201, { Location: `${basePath}/orcid/${orcid}/${section}/${putCode}` })
  },
)

api.openapi(
  createRoute({
    method: 'put',
    path: '/orcid/{orcid}/{section}/{put_code}',
    operationId: 'changeOnRecord',
    summary: 'Change an item that you added',
    description: `${writeDescription} The body has the put-code of the address, as at ORCID.`,
    request: { params: byPutCode, headers, body },
    responses: {
      200: json(z.record(z.string(), z.unknown()), 'It is on the record like this.'),
      202: later,
      default: problem,
    },
  }),
  async (c) => {
    const { orcid, section, put_code: putCode } = c.req.valid('param')
    const { actor, kind, request } = read(c, section, c.req.valid('header'))
    const written = await changeOnRecord(actor, request, { orcid, kind, putCode }, readBody(c, kind === 'work'))
    noteRepeated(c, written)
    if (request.isAsync || written.item.state !== 'in_orcid') return answerLater(c, written)
    return c.json(showItem(written.item), 200)
  },
)

api.openapi(
  createRoute({
    method: 'delete',
    path: '/orcid/{orcid}/{section}/{put_code}',
    operationId: 'removeFromRecord',
    summary: 'Remove an item that you added',
    description: writeDescription,
    request: { params: byPutCode, headers },
    responses: { 204: { description: 'It is no longer on the record.' }, 202: later, default: problem },
  }),
  async (c) => {
    const { orcid, section, put_code: putCode } = c.req.valid('param')
    const { actor, kind, request } = read(c, section, c.req.valid('header'))
    const written = await removeFromRecord(actor, request, { orcid, kind, putCode })
    noteRepeated(c, written)
    if (request.isAsync || written.item.state !== 'deleted') return answerLater(c, written)
    return c.body(null, 204)
  },
)
