import 'server-only'
import { z } from 'zod'
import type { ApiActor } from '@/lib/actor'
import { openCursor, sealCursor } from '@/lib/api/cursor'
import { writeOnce } from '@/lib/api/once'
import { ApiProblem, type ProblemCode, problems, problemType } from '@/lib/api/problem'
import type { changedWorkSchema, newWorkSchema, workResultSchema, workSchema } from '@/lib/api/work-schema'
import type { Tx } from '@/lib/db'
import { tidyId, type Work } from '@/lib/orcid/work'
import {
  addSystemWork,
  changeSystemWork,
  findSystemWork,
  listSystemWorks,
  removeSystemWork,
  type SystemWork,
} from '@/lib/works/system-works'

type WorkObject = z.infer<typeof workSchema>
type NewWork = z.infer<typeof newWorkSchema>
type Result = z.infer<typeof workResultSchema>

const toObject = ({ work, ...item }: SystemWork): WorkObject => ({
  id: item.id,
  person_id: item.personId,
  identifier: { type: work.externalId.type, value: work.externalId.value, url: work.externalId.url },
  type: work.type,
  title: work.title,
  subtitle: work.subtitle,
  journal: work.journalTitle,
  date: work.publishedOn,
  url: work.url,
  contributors: work.contributors,
  state: item.state,
  reason: item.reason,
  put_code: item.putCode,
  added_at: item.addedAt.toISOString(),
  changed_at: item.changedAt.toISOString(),
  written_at: item.writtenAt?.toISOString() ?? null,
})

const toWork = (body: z.infer<typeof changedWorkSchema>): Work => ({
  type: body.type,
  title: body.title,
  subtitle: body.subtitle ?? null,
  journalTitle: body.journal ?? null,
  externalId: {
    type: body.identifier.type,
    value: tidyId(body.identifier.type, body.identifier.value),
    url: body.identifier.url ?? null,
  },
  publishedOn: body.date ?? null,
  url: body.url ?? null,
  contributors: (body.contributors ?? []).map(({ name, role, orcid }) => ({
    name,
    role: role ?? null,
    orcid: orcid ?? null,
  })),
})

const pageCursor = z.object({ id: z.uuid() })

export async function readWorks(
  actor: ApiActor,
  { personId, cursor, limit }: { personId?: string; cursor?: string; limit: number },
) {
  const after = cursor ? await openCursor(actor.systemId, 'works', pageCursor, cursor) : null
  const works = await listSystemWorks(actor, { personId, afterId: after?.id, limit })
  const last = works.length === limit ? works.at(-1) : undefined
  const next = last ? await sealCursor(actor.systemId, 'works', { id: last.id }) : null
  return { items: works.map(toObject), next_cursor: next }
}

/** @throws ApiProblem `not_found` */
export async function getWork(actor: ApiActor, id: string, tx?: Tx): Promise<WorkObject> {
  const found = await findSystemWork(actor, id, tx)
  if (!found) throw new ApiProblem('not_found')
  return toObject(found)
}

type Request = { key: string; requestHash: string; requestId: string }
export type WrittenWork = { work: WorkObject; isRepeated: boolean }

/** Adds one work. */
export function postWork(actor: ApiActor, request: Request, body: NewWork): Promise<WrittenWork> {
  return write(actor, request, (tx) => add(tx, actor, request.requestId, body))
}

const add = (tx: Tx, actor: ApiActor, requestId: string, body: NewWork) =>
  addSystemWork(tx, actor, { personId: body.person_id, work: toWork(body), requestId })

/** Changes a work; its identifier stays. */
export async function putWork(
  actor: ApiActor,
  request: Request & { id: string },
  body: z.infer<typeof changedWorkSchema>,
): Promise<WrittenWork> {
  const { id, requestId } = request
  const { identifier } = await getWork(actor, id)
  const work = toWork(body)
  const isSame = work.externalId.type === identifier.type && lower(work.externalId.value) === lower(identifier.value)
  if (!isSame) {
    const detail = 'The identifier of a work stays. Delete it and add another.'
    throw new ApiProblem('invalid_request', { errors: [{ pointer: '/identifier', detail }] })
  }
  return write(actor, request, (tx) => changeSystemWork(tx, actor, { id, work, requestId }))
}

const lower = (text: string) => text.toLowerCase()

export function deleteWork(actor: ApiActor, request: Request & { id: string }): Promise<WrittenWork> {
  return write(actor, request, (tx) => removeSystemWork(tx, actor, request.id, request.requestId))
}

async function write(
  actor: ApiActor,
  request: Request,
  change: (tx: Tx) => ReturnType<typeof addSystemWork>,
): Promise<WrittenWork> {
  const { affiliationId, isRepeated } = await writeOnce(actor, request, async (tx) => {
    const written = await change(tx)
    if ('fault' in written) throw refusal(written.fault)
    return { status: 202, affiliationId: written.id }
  })
  return { work: await getWork(actor, affiliationId), isRepeated }
}

type Fault = Extract<Awaited<ReturnType<typeof addSystemWork>>, { fault: unknown }>['fault']

function refusal(fault: Fault): ApiProblem {
  if (fault !== 'is_local_id') return new ApiProblem(fault)
  const detail = 'ORCID would show the person’s local identifier to everybody.'
  return new ApiProblem('invalid_request', { errors: [{ pointer: '/identifier', detail }] })
}

/** Adds each work or refuses it, in one transaction; a repeated request adds nothing and says the same. */
export async function postWorks(
  actor: ApiActor,
  request: Request,
  bodies: readonly NewWork[],
): Promise<{ results: Result[]; isRepeated: boolean }> {
  const { results, isRepeated } = await writeOnce(actor, request, async (tx) => {
    const outcomes: Outcome[] = []
    for (const body of bodies) {
      const written = await add(tx, actor, request.requestId, body)
      outcomes.push('id' in written ? { id: written.id } : { code: refusal(written.fault).code })
    }
    return { status: 202, results: outcomes }
  })
  const parsed = z.array(outcome).parse(results)
  const answered: Result[] = []
  for (const one of parsed) {
    answered.push('id' in one ? { work: await getWork(actor, one.id) } : { problem: toProblem(one.code) })
  }
  return { results: answered, isRepeated }
}

type Outcome = z.infer<typeof outcome>
const outcome = z.union([
  z.object({ id: z.string() }),
  z.object({ code: z.enum(Object.keys(problems) as [ProblemCode]) }),
])

/** One refusal of several answers. */
export function toProblem(code: ProblemCode, detail?: string) {
  const { status, title } = problems[code]
  return { type: problemType(code), title, status, code, detail }
}
