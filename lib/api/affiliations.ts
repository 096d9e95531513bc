import 'server-only'
import { z } from 'zod'
import type { ApiActor } from '@/lib/actor'
import type { AffiliationItem } from '@/lib/affiliations/affiliation'
import { type EntryField, parseItem } from '@/lib/affiliations/entry'
import {
  addSystemItem,
  changeSystemItem,
  findSystemItem,
  listSystemItems,
  removeSystemItem,
  type SystemItem,
} from '@/lib/affiliations/system-items'
import { openCursor, sealCursor } from '@/lib/api/cursor'
import { writeOnce } from '@/lib/api/once'
import { ApiProblem } from '@/lib/api/problem'
import type { affiliationSchema, changedAffiliationSchema, newAffiliationSchema } from '@/lib/api/schema'

type Affiliation = z.infer<typeof affiliationSchema>
type NewAffiliation = z.infer<typeof newAffiliationSchema>
type ChangedAffiliation = z.infer<typeof changedAffiliationSchema>

const toAffiliation = (item: SystemItem): Affiliation => ({
  id: item.id,
  person_id: item.personId,
  type: item.kind as Affiliation['type'],
  external_id: item.externalId,
  title: item.title,
  department: item.department,
  start_date: item.startOn,
  end_date: item.endOn,
  url: item.url,
  state: item.state,
  reason: item.reason,
  put_code: item.putCode,
  added_at: item.addedAt.toISOString(),
  changed_at: item.changedAt.toISOString(),
  written_at: item.writtenAt?.toISOString() ?? null,
})

const pageCursor = z.object({ id: z.uuid() })

export async function readAffiliations(
  actor: ApiActor,
  { personId, cursor, limit }: { personId?: string; cursor?: string; limit: number },
) {
  const after = cursor ? await openCursor(actor.systemId, 'affiliations', pageCursor, cursor) : null
  const items = await listSystemItems(actor, 'affiliations', { personId, afterId: after?.id, limit })
  const last = items.length === limit ? items.at(-1) : undefined
  const next = last ? await sealCursor(actor.systemId, 'affiliations', { id: last.id }) : null
  return { items: items.map(toAffiliation), next_cursor: next }
}

/** @throws ApiProblem `not_found` */
export async function getAffiliation(actor: ApiActor, id: string): Promise<Affiliation> {
  const item = await findSystemItem(actor, 'affiliations', id)
  if (!item) throw new ApiProblem('not_found')
  return toAffiliation(item)
}

/** Who writes, under which idempotency key, and the request as it is compared with an earlier one. */
type Request = { key: string; requestHash: string; requestId: string }

export type WrittenItem = { item: Affiliation; isRepeated: boolean }

export function postAffiliation(actor: ApiActor, request: Request, body: NewAffiliation): Promise<WrittenItem> {
  const item = toItem(body)
  return write(actor, request, (tx) =>
    addSystemItem(tx, actor, { personId: body.person_id, item, requestId: request.requestId }),
  )
}

export async function putAffiliation(
  actor: ApiActor,
  request: Request & { id: string },
  body: ChangedAffiliation,
): Promise<WrittenItem> {
  const { id, requestId } = request
  const { external_id, type } = await getAffiliation(actor, id)
  if (body.type !== type) {
    throw new ApiProblem('invalid_request', {
      errors: [{ pointer: '/type', detail: 'The type of an item stays. Delete it and add another.' }],
    })
  }
  const item = toItem({ ...body, external_id })
  return write(actor, request, (tx) => changeSystemItem(tx, actor, { id, item, requestId }))
}

export function deleteAffiliation(actor: ApiActor, request: Request & { id: string }): Promise<WrittenItem> {
  return write(actor, request, (tx) => removeSystemItem(tx, actor, 'affiliations', request))
}

async function write(
  actor: ApiActor,
  request: Request,
  work: (tx: Parameters<Parameters<typeof writeOnce>[2]>[0]) => ReturnType<typeof addSystemItem>,
): Promise<WrittenItem> {
  const { affiliationId, isRepeated } = await writeOnce(actor, request, async (tx) => {
    const written = await work(tx)
    if ('id' in written) return { status: 202, affiliationId: written.id }
    if (written.fault !== 'is_local_id') throw new ApiProblem(written.fault)
    throw new ApiProblem('invalid_request', {
      errors: [{ pointer: '/external_id', detail: 'ORCID would show the person’s local identifier to everybody.' }],
    })
  })
  return { item: await getAffiliation(actor, affiliationId), isRepeated }
}

const fieldOf: Partial<Record<EntryField, string>> = { start: 'start_date', end: 'end_date' }

/** By the rules of a form or a file, with a pointer for each fault. */
function toItem(body: ChangedAffiliation & { external_id?: string }): AffiliationItem {
  const parsed = parseItem({
    type: body.type,
    title: body.title,
    department: body.department ?? undefined,
    start: body.start_date ?? undefined,
    end: body.end_date ?? undefined,
    url: body.url ?? undefined,
    external_id: body.external_id,
  })
  if ('item' in parsed) return parsed.item
  throw new ApiProblem('invalid_request', {
    errors: parsed.faults.map(({ field, code }) => ({
      pointer: `/${fieldOf[field] ?? field}`,
      detail: code.replaceAll('_', ' '),
    })),
  })
}
