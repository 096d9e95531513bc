import 'server-only'
import type { ApiActor } from '@/lib/actor'
import {
  addSystemItem,
  changeSystemItem,
  findSystemItem,
  findSystemItemByPutCode,
  listSystemItems,
  removeSystemItem,
  type Saved,
  type SystemItem,
} from '@/lib/affiliations/system-items'
import { toWork, toWorkItem } from '@/lib/affiliations/work-item'
import { writeAffiliation } from '@/lib/affiliations/writing'
import type { Tx } from '@/lib/db'
import type { Work } from '@/lib/orcid/work'

export { fromWorkBody, toWorkBody } from '@/lib/orcid/work'

/** A work that a system added, and how far it is. */
export type SystemWork = Pick<
  SystemItem,
  'id' | 'personId' | 'state' | 'reason' | 'putCode' | 'addedAt' | 'changedAt' | 'writtenAt'
> & { work: Work }

function toSystemWork(item: SystemItem | null): SystemWork | null {
  const work = item && toWork(item)
  if (!work) return null
  const { id, personId, state, reason, putCode, addedAt, changedAt, writtenAt } = item
  return { id, personId, state, reason, putCode, addedAt, changedAt, writtenAt, work }
}

/** Adds a work, or again one that the system has removed. The person is asked first unless they chose otherwise. */
export function addSystemWork(
  tx: Tx,
  actor: ApiActor,
  { personId, work, requestId }: { personId: string; work: Work; requestId: string },
): Promise<Saved> {
  return addSystemItem(tx, actor, { personId, item: toWorkItem(work), requestId })
}

/** Changes a work that the system added. Its identifier stays. */
export async function changeSystemWork(
  tx: Tx,
  actor: ApiActor,
  { id, work, requestId }: { id: string; work: Work; requestId: string },
): Promise<Saved> {
  return changeSystemItem(tx, actor, { id, item: toWorkItem(work), requestId })
}

/** Requests the removal of a work that the system added. Idempotent. */
export function removeSystemWork(tx: Tx, actor: ApiActor, id: string, requestId: string): Promise<Saved> {
  return removeSystemItem(tx, actor, 'works', { id, requestId })
}

/** One that the system added, of a person who lets it. */
export async function findSystemWork(actor: ApiActor, id: string, tx?: Tx): Promise<SystemWork | null> {
  return toSystemWork(await findSystemItem(actor, 'works', id, tx))
}

/** By ORCID's number of the work on somebody's record. */
export async function findSystemWorkByPutCode(
  actor: ApiActor,
  personId: string,
  putCode: string,
): Promise<SystemWork | null> {
  return toSystemWork(await findSystemItemByPutCode(actor, 'works', { personId, putCode }))
}

/** Those that the system added, of people who let it, by id. */
export async function listSystemWorks(
  actor: ApiActor,
  page: { personId?: string; afterId?: string; limit: number },
): Promise<SystemWork[]> {
  const items = await listSystemItems(actor, 'works', page)
  return items.flatMap((item) => toSystemWork(item) ?? [])
}

/** Writes one at once, by the same claim as the jobs: what cannot be done now is left to them. */
export const writeWorkNow = (id: string): Promise<void> => writeAffiliation(id)
