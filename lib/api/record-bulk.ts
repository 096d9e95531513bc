import 'server-only'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { z } from 'zod'
import type { ApiActor } from '@/lib/actor'
import { findSystemItem, removeSystemItem, type SystemItem } from '@/lib/affiliations/system-items'
import { writeWithin } from '@/lib/affiliations/writing-within'
import { writeOnce } from '@/lib/api/once'
import { ApiProblem, type ProblemCode, problems, problemType, toPointer } from '@/lib/api/problem'
import { addItem, findPerson, invalid, patienceMs, type RecordRequest, refusedItem, showItem } from '@/lib/api/record'
import { worksMax } from '@/lib/api/work-schema'
import { inTransaction, type Tx } from '@/lib/db'

const bulkBody = z.strictObject({
  bulk: z
    .array(z.strictObject({ work: z.unknown() }))
    .min(1)
    .max(worksMax),
})

const refusal = z.object({ code: z.enum(Object.keys(problems) as [ProblemCode]), detail: z.string().optional() })
type Refusal = z.infer<typeof refusal>
const outcome = z.union([z.object({ id: z.string() }), refusal])

export type BulkResult = { item: SystemItem } | Refusal
export type BulkWrite = { results: BulkResult[]; isRepeated: boolean }

/**
 * Adds up to 100 works to a record and writes them, each for itself, in the order in which they were sent.
 *
 * @throws ApiProblem where nothing may be added for the person, or the body is no list of works
 */
export async function addWorksToRecord(
  actor: ApiActor,
  request: RecordRequest,
  orcid: string,
  body: unknown,
): Promise<BulkWrite> {
  const personId = await findPerson(actor, orcid, 'work')
  const given = bulkBody.safeParse(body)
  if (!given.success) {
    throw invalid(given.error.issues.map(({ path, message }) => ({ pointer: toPointer(path), detail: message })))
  }
  const save = async (tx: Tx) => {
    const results: z.infer<typeof outcome>[] = []
    for (const { work } of given.data.bulk) {
      const add = addItem(tx, actor, { personId, orcid, kind: 'work', body: work, requestId: request.requestId })
      results.push(await add.catch(toRefusal))
    }
    return { status: 202, results }
  }
  const { key, requestHash } = request
  const done =
    key === undefined
      ? { ...(await inTransaction(save)), isRepeated: false }
      : await writeOnce(actor, { key, requestHash }, save)
  const outcomes = z.array(outcome).parse(done.results)
  if (!request.isAsync) await writeAll(outcomes.flatMap((one) => ('id' in one ? one.id : [])))
  const results: BulkResult[] = []
  for (const one of outcomes) results.push('id' in one ? await lookAt(actor, one.id, request.requestId) : one)
  return { results, isRepeated: done.isRepeated }
}

/** What is wrong with one work is its own; that nothing may be added for the person is all the request’s. */
function toRefusal(error: unknown): Refusal {
  if (!(error instanceof ApiProblem) || error.code === 'not_found' || error.code === 'not_permitted') throw error
  const { detail, errors } = error.more
  const said = errors?.map((one) => `${one.pointer ?? ''} ${one.detail}`.trim()).join('; ')
  return { code: error.code, detail: detail ?? said }
}

const atOnce = 5

/** What is not written in time is left to the jobs. */
async function writeAll(ids: readonly string[]): Promise<void> {
  const until = Date.now() + patienceMs
  const left = [...ids]
  const writer = async () => {
    for (let id = left.shift(); id !== undefined && Date.now() < until; id = left.shift()) {
      await writeWithin(id, until - Date.now())
      await nextTurn()
    }
  }
  await Promise.all(Array.from({ length: atOnce }, writer))
}

/** How far a work is. What ORCID refused is not kept. */
async function lookAt(actor: ApiActor, id: string, requestId: string): Promise<BulkResult> {
  const item = await findSystemItem(actor, 'works', id)
  if (!item) return { code: 'not_found' }
  if (item.state !== 'refused') return { item }
  await inTransaction((tx) => removeSystemItem(tx, actor, 'works', { id, requestId }))
  return toRefusal(refusedItem(item))
}

/** Whether nothing is left to wait for: ORCID has each work, or it was refused. */
export const isDone = ({ results }: BulkWrite): boolean =>
  results.every((one) => 'code' in one || one.item.state === 'in_orcid')

const orcidCodes: Partial<Record<ProblemCode, number>> = {
  invalid_request: 9001,
  already_exists: 9021,
  record_locked: 9018,
  record_deactivated: 9044,
  permission_refused: 9004,
}

/** The answers as ORCID gives them for several works. */
export const showBulk = ({ results }: BulkWrite) => ({
  bulk: results.map((one) => ('item' in one ? { work: showItem(one.item) } : { error: toOrcidError(one) })),
})

function toOrcidError({ code, detail }: Refusal) {
  const { status, title } = problems[code]
  return {
    'response-code': status,
    'developer-message': [title, detail].filter(Boolean).join(' '),
    'user-message': title,
    'error-code': orcidCodes[code] ?? 9006,
    'more-info': problemType(code),
  }
}
