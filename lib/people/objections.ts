import 'server-only'
import type { StaffActor } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { db, inTransaction, type Tx } from '@/lib/db'
import { tokenHash } from '@/lib/installation/commands'
import { PeopleError } from '@/lib/people/person'

/** A closed list: free text would stay for good, and could name the person. */
export const objectionReasons = ['objected', 'asked', 'obligation', 'mistake'] as const
export type ObjectionReason = (typeof objectionReasons)[number]
/** `own_request`: who had connected erased themselves. */
export type KeptReason = ObjectionReason | 'own_request'

/** What the roster knows somebody by. */
type Known = { localId: string | null; email: string | null }

// Keyed, so that nobody can try numbers out on a copy of the database.
const hashOfNumber = (localId: string) => tokenHash(`local-id:${localId.trim()}`)
const hashOfAddress = (email: string) => tokenHash(`roster-address:${email.trim().toLowerCase()}`)

/** By the number of somebody, or by their address: staff type either. */
const hashesOf = (typed: string) => Promise.all([hashOfNumber(typed), hashOfAddress(typed)])

/**
 * Keeps people who are being erased from coming back with the next roster: by their number, and by their address where
 * they have no number.
 */
export async function saveObjections(tx: Tx, people: readonly Known[], reason: KeptReason): Promise<void> {
  for (const { localId, email } of people) {
    if (!localId && !email) continue
    const hash = localId ? await hashOfNumber(localId) : await hashOfAddress(email ?? '')
    await tx.objection.createMany({ data: { hash, reason }, skipDuplicates: true })
  }
}

/** @throws PeopleError `objected` if the number or the address may not be put on the roster */
export async function refuseObjected(tx: Tx, known: Known): Promise<void> {
  const { numbers, addresses } = await listObjected(tx, [known])
  if (numbers.size + addresses.size > 0) throw new PeopleError('objected')
}

/** Those of the numbers and addresses that may not be put on the roster, as they were given, for imports. */
export async function listObjected(tx: Tx, people: readonly Known[]) {
  const numbers = await hashAll(
    people.flatMap(({ localId }) => localId ?? []),
    hashOfNumber,
  )
  const addresses = await hashAll(
    people.flatMap(({ email }) => email ?? []),
    hashOfAddress,
  )
  const where = { hash: { in: [...numbers, ...addresses].map(([, hash]) => hash) } }
  const found = new Set((await tx.objection.findMany({ where, select: { hash: true } })).map(({ hash }) => hash))
  const among = (hashed: Hashed) => new Set(hashed.filter(([, hash]) => found.has(hash)).map(([value]) => value))
  return { numbers: among(numbers), addresses: among(addresses) }
}

type Hashed = (readonly [value: string, hash: string])[]

const hashAll = (values: readonly string[], hashOf: (value: string) => Promise<string>): Promise<Hashed> =>
  Promise.all(values.map(async (value) => [value, await hashOf(value)] as const))

/** Whether somebody with this number or address was struck off. */
export async function isStruckOff(_actor: StaffActor, typed: string): Promise<boolean> {
  return (await db().objection.count({ where: { hash: { in: await hashesOf(typed) } } })) > 0
}

/**
 * Lets a number or an address be put on the roster again, because the person has changed their mind. False if nothing
 * stood against it.
 */
export async function liftObjection(actor: StaffActor, typed: string, requestId: string): Promise<boolean> {
  const where = { hash: { in: await hashesOf(typed) } }
  return inTransaction(async (tx) => {
    const { count } = await tx.objection.deleteMany({ where })
    if (count > 0) await recordEvent(tx, actor, { action: 'objection.lifted', requestId })
    return count > 0
  })
}

export type LedgerObjection = { hash: string; reason: KeptReason | 'repeated' | 'lifted'; at: Date }

/** Strikes somebody off again after a restore, or lets them be on the roster again. False if that was known. */
export async function objectAgain({ hash, reason, at }: LedgerObjection): Promise<boolean> {
  const { count } =
    reason === 'lifted'
      ? await db().objection.deleteMany({ where: { hash, at: { lt: at } } })
      : await db().objection.createMany({ data: { hash, reason, at }, skipDuplicates: true })
  return count > 0
}
