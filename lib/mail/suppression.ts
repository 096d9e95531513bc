import 'server-only'
import { z } from 'zod'
import type { Actor, StaffActor } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { db, inTransaction, Prisma, queryRows, type Tx } from '@/lib/db'
import { tokenHash } from '@/lib/installation/commands'
import { enqueueJob } from '@/lib/jobs/queue'
import {
  afterCursor,
  cursorParameter,
  paginate,
  type TimeCursor,
  timeCursor,
  timeCursorOf,
} from '@/lib/list/pagination'

export type SuppressionReason = 'unsubscribed' | 'bounced' | 'complained' | 'staff'

/** Keyed, so that nobody can try addresses out on a copy of the database. */
export const hashAddress = (address: string) => tokenHash(`mail-address:${address.trim().toLowerCase()}`)

type NewSuppression = { address: string; reason: SuppressionReason; personId: string | null }

/**
 * Puts an address on the list, and leaves out what waits for it that nobody asked for. Returns false if it was on the
 * list. The first reason stays, but what the person says counts for more than a bounce.
 */
export async function suppress(tx: Tx, { address, reason, personId }: NewSuppression): Promise<boolean> {
  const count = await tx.$executeRaw`
    insert into mail_suppression (address_hash, reason, person_id)
    values (${await hashAddress(address)}, ${reason}::mail_suppression_reason, ${personId}::uuid)
    on conflict (address_hash) do update
      set reason = excluded.reason, at = now(), person_id = coalesce(excluded.person_id, mail_suppression.person_id)
      where excluded.reason in ('unsubscribed', 'complained')
        and mail_suppression.reason not in ('unsubscribed', 'complained')`
  const lower = address.trim().toLowerCase()
  await tx.$executeRaw`
    update mail set state = 'suppressed', reason = ${reason}
    where person_id in (select id from person where lower(email) = ${lower})
      and state = 'waiting' and kind in ('invitation', 'correction') and lower(coalesce(address, ${lower})) = ${lower}`
  // At once: until the ledger has it, a restore would undo it.
  if (count > 0) await enqueueJob(tx, 'ledger', { key: 'ledger' })
  return count > 0
}

/** What somebody said themselves, also under an entry that was merged into theirs. */
const saidBy = (personId: string) => ({
  reason: theirWord,
  person: { OR: [{ id: personId }, { mergedIntoId: personId }] },
})
const theirWord = { in: ['unsubscribed', 'complained'] } satisfies { in: SuppressionReason[] }

/** Whether an address gets nothing that nobody asked for. `personId`: nor does any address of somebody who said so. */
export async function isSuppressed(tx: Tx, address: string, personId: string | null = null): Promise<boolean> {
  const where = { OR: [{ addressHash: await hashAddress(address) }, ...(personId ? [saidBy(personId)] : [])] }
  return (await tx.mailSuppression.count({ where })) > 0
}

/** Whether this person, or who has this address, said that they want no mail. */
export async function hasUnsubscribed(personId: string, addresses: readonly string[]): Promise<boolean> {
  const addressHash = { in: await Promise.all(addresses.map(hashAddress)) }
  const where = { OR: [saidBy(personId), { addressHash, reason: theirWord }] }
  return (await db().mailSuppression.count({ where })) > 0
}

/** Those of the addresses that are on the list, as they were given. For any number of them. */
export async function listSuppressedHashes(tx: Tx, addresses: readonly string[]): Promise<Set<string>> {
  const hashes: string[] = []
  for (const address of addresses) hashes.push(await hashAddress(address))
  const found = await queryRows(
    tx,
    z.object({ hash: z.string() }),
    Prisma.sql`select address_hash as hash from mail_suppression where address_hash = any(${hashes})`,
  )
  const known = new Set(found.map(({ hash }) => hash))
  return new Set(addresses.filter((_, index) => known.has(hashes[index] ?? '')))
}

const perPage = 50

export const suppressionParameters = { cursor: cursorParameter(timeCursor), entry: z.uuid() }
type SuppressionFilters = { cursor: TimeCursor | null; entry: string | null }

/** The list, newest first, or one entry of it. Names nobody confidential. */
export function listSuppressions(_actor: StaffActor, { cursor, entry }: SuppressionFilters) {
  return paginate({
    size: perPage,
    cursor,
    read: async (at, take) => {
      const { where, orderBy } = afterCursor('at', at)
      const rows = await db().mailSuppression.findMany({
        where: entry ? { id: entry } : where,
        orderBy,
        take,
        select: { id: true, reason: true, at: true, person: { select: person } },
      })
      return rows.map(({ person: known, ...row }) => {
        return { ...row, person: known && !known.confidential ? { id: known.id, name: known.name } : null }
      })
    },
    cursorOf: timeCursorOf('at'),
  })
}

const person = { id: true, name: true, confidential: true } as const

export type Suppression = Awaited<ReturnType<typeof listSuppressions>>['rows'][number]

/** How many addresses are on the list. */
export const countSuppressions = (_actor: StaffActor): Promise<number> => db().mailSuppression.count()

/** The entry of an address, for somebody who asks about theirs. */
export async function findSuppression(_actor: StaffActor, address: string) {
  return db().mailSuppression.findUnique({
    where: { addressHash: await hashAddress(address) },
    select: { id: true, reason: true, at: true },
  })
}

/** Adds an address by hand. Returns false if it was on the list. */
export function suppressByHand(actor: StaffActor, address: string, requestId: string): Promise<boolean> {
  return inTransaction(async (tx) => {
    const [owner = null] = await queryRows(
      tx,
      z.object({ id: z.string(), researcherId: z.string().nullable() }),
      Prisma.sql`
        select id::text, researcher_id::text as "researcherId" from person
        where lower(email) = ${address.trim().toLowerCase()} and merged_into_id is null limit 1`,
    )
    const isNew = await suppress(tx, { address, reason: 'staff', personId: owner?.id ?? null })
    if (isNew) await recordSuppression(tx, actor, { reason: 'staff', owner, requestId })
    return isNew
  })
}

type Owner = { id: string; researcherId: string | null } | null

type Recorded = { reason: SuppressionReason; owner: Owner; requestId?: string; because?: 'restored' }

/** Says in the history that an address was put on the list. */
export async function recordSuppression(tx: Tx, actor: Actor, recorded: Recorded): Promise<void> {
  const { owner, requestId, reason, because } = recorded
  const detail = { reason, because, personId: owner?.id ?? null }
  await recordEvent(tx, actor, { action: 'mail.suppressed', researcherId: owner?.researcherId, requestId, detail })
}

/** Says in the history that an address was taken off the list. */
export async function recordLifted(tx: Tx, actor: Actor, recorded: Recorded): Promise<void> {
  const { owner, requestId, reason, because } = recorded
  const detail = { reason, because, personId: owner?.id ?? null }
  await recordEvent(tx, actor, { action: 'mail.unsuppressed', researcherId: owner?.researcherId, requestId, detail })
}

/** Takes an address off the list. Returns false if it is not on it any more. */
export function liftSuppression(actor: StaffActor, id: string, requestId: string): Promise<boolean> {
  return inTransaction(async (tx) => {
    const found = await tx.mailSuppression.findUnique({
      where: { id },
      select: { reason: true, person: { select: { id: true, researcherId: true } } },
    })
    const { count } = await tx.mailSuppression.deleteMany({ where: { id } })
    if (!found || count === 0) return false
    const { reason, person: owner } = found
    await recordLifted(tx, actor, { reason, owner, requestId })
    return true
  })
}
