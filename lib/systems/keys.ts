import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { endOfDay } from '@/lib/config/day'
import { env } from '@/lib/config/env'
import { hashSecret } from '@/lib/crypto/secrets'
import { inTransaction, Prisma, queryRows, type Tx } from '@/lib/db'
import { makeKeyText, readKeyText } from '@/lib/systems/key-format'

export type NewKey = {
  kind: 'key' | 'client'
  name: string
  /** The last day. */
  expiresOn: string | null
  requestId: string
}

/** Makes a key, or a client with its secret. Returns it for the only time: the database has the hash. */
export function makeKey(
  actor: StaffActor,
  systemId: string,
  { kind, name, expiresOn, requestId }: NewKey,
): Promise<{ id: string; key: string }> {
  // Keys of another registry begin otherwise, so that a test's key is never taken for another.
  const key = makeKeyText(env().orcid.registry === 'production' ? 'live' : 'test')
  return inTransaction(async (tx) => {
    const { id } = await tx.apiKey.create({
      data: {
        systemId,
        kind,
        name,
        beginning: readKeyText(key)?.beginning ?? '',
        hash: hashSecret(key),
        madeById: actor.staffId,
        expiresAt: expiresOn && (await findEndOfDay(tx, expiresOn)),
      },
      select: { id: true },
    })
    await recordEvent(tx, actor, { action: 'key.made', requestId, detail: { systemId, keyId: id, kind } })
    return { id, key }
  })
}

async function findEndOfDay(tx: Tx, day: string): Promise<Date | null> {
  const [row] = await queryRows(tx, z.object({ end: z.date() }), Prisma.sql`select ${endOfDay(day)} as "end"`)
  return row?.end ?? null
}

/** Ends a key or a client, with the tokens that it got, at the next request; idempotent. */
export function revokeKey(actor: StaffActor, keyId: string, requestId: string): Promise<void> {
  return inTransaction(async (tx) => {
    const [revoked] = await tx.apiKey.updateManyAndReturn({
      where: { id: keyId, revokedAt: null },
      data: { revokedAt: new Date() },
      select: { systemId: true },
    })
    if (!revoked) return
    const { systemId } = revoked
    await recordEvent(tx, actor, { action: 'key.revoked', requestId, detail: { systemId, keyId } })
  })
}
