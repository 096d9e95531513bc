import 'server-only'
import type { StaffActor } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { db, inTransaction, type Tx } from '@/lib/db'
import { tokenHash } from '@/lib/installation/commands'
import { PeopleError } from '@/lib/people/person'

/** A closed list: free text would stay for good, and could name the person. */
export const objectionReasons = ['objected', 'asked', 'obligation', 'mistake'] as const
export type ObjectionReason = (typeof objectionReasons)[number]

/** Keyed, so that nobody can try numbers out on a copy of the database. */
const hashOf = (localId: string) => tokenHash(`local-id:${localId.trim()}`)

/** Keeps the number of somebody who is being erased from coming back with the next roster. */
export async function saveObjection(tx: Tx, localId: string, reason: ObjectionReason | 'repeated'): Promise<void> {
  const data = { localIdHash: await hashOf(localId), reason }
  await tx.objection.createMany({ data, skipDuplicates: true })
}

/** @throws PeopleError `objected` if the number may not be put on the roster */
export async function refuseObjected(tx: Tx, localId: string | null): Promise<void> {
  if (localId && (await listObjected(tx, [localId])).size > 0) throw new PeopleError('objected')
}

/** Those of the numbers that may not be put on the roster, for imports. */
export async function listObjected(tx: Tx, localIds: readonly string[]): Promise<Set<string>> {
  const hashes = await Promise.all(localIds.map(hashOf))
  const found = await tx.objection.findMany({ where: { localIdHash: { in: hashes } }, select: { localIdHash: true } })
  const known = new Set(found.map(({ localIdHash }) => localIdHash))
  return new Set(localIds.filter((_, index) => known.has(hashes[index] ?? '')))
}

/** When a number was struck off, or null. */
export async function findObjection(_actor: StaffActor, localId: string): Promise<{ at: Date } | null> {
  const where = { localIdHash: await hashOf(localId) }
  return db().objection.findUnique({ where, select: { at: true } })
}

/** Lets a number be put on the roster again, because the person has changed their mind. False if nothing stood against it. */
export async function liftObjection(actor: StaffActor, localId: string, requestId: string): Promise<boolean> {
  const localIdHash = await hashOf(localId)
  return inTransaction(async (tx) => {
    const { count } = await tx.objection.deleteMany({ where: { localIdHash } })
    if (count > 0) await recordEvent(tx, actor, { action: 'objection.lifted', requestId })
    return count > 0
  })
}
