import 'server-only'
import { randomUUID } from 'node:crypto'
import { type Actor, system } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { env } from '@/lib/config/env'
import { type AdditionalData, MissingKeyError, SealError } from '@/lib/crypto/sealed'
import { db, inTransaction, isDatabaseUnavailable, type RevocationReason, type Tx } from '@/lib/db'
import { keyMissing, overdueAfterH, probeEveryS, revocationBackoff, revocationsInFlight } from '@/lib/grants/revocation'
import { countOverdueRevocations } from '@/lib/grants/revocation-queries'
import { findClient } from '@/lib/installation/client'
import { keyRing } from '@/lib/installation/commands'
import { enqueueJob } from '@/lib/jobs/queue'
import { log } from '@/lib/log'
import { revokeToken } from '@/lib/orcid/oauth'
import { backoffMs, withJitter } from '@/lib/rate-limit/backoff'

type NewRevocation = {
  token: string
  clientId: string
  reason: RevocationReason
  attemptId?: string
}

/** The token was sealed for the grant that held it, or for the revocation itself. */
const aadOf = ({ id, sealedGrantId }: { id: string; sealedGrantId: string | null }): AdditionalData => {
  const { registry } = env().orcid
  return sealedGrantId === null
    ? { table: 'revocation', row: id, column: 'sealed_token', registry }
    : { table: 'grant', row: sealedGrantId, column: 'sealed_access_token', registry }
}

/** Saves a revocation and enqueues its job in the same transaction. */
export async function requestRevocation(tx: Tx, actor: Actor, request: NewRevocation): Promise<void> {
  const { token, clientId, reason, attemptId } = request
  const id = randomUUID()
  const { registry } = env().orcid
  const sealedToken = keyRing().seal(token, aadOf({ id, sealedGrantId: null }))
  await tx.revocation.create({ data: { id, registry, clientId, reason, attemptId, sealedToken } })
  await recordEvent(tx, actor, { action: 'revocation.requested', attemptId, detail: { reason } })
  await enqueueJob(tx, 'revoke', { key: 'revoke' })
}

/**
 * Requests the revocation of a grant's access token, if any. Copies the ciphertext, so that a withdrawal never needs a
 * key. The caller destroys the grant's ciphertexts in the same transaction.
 */
export async function requestGrantRevocation(
  tx: Tx,
  actor: Actor,
  request: { grantId: string; reason: RevocationReason; researcherId: string },
): Promise<void> {
  const { grantId, reason, researcherId } = request
  // The lock stops a key rotation from resealing the grant before the commit.
  const count = await tx.$executeRaw`
    insert into revocation (grant_id, registry, client_id, reason, sealed_token, sealed_grant_id)
    select id, registry, client_id, ${reason}::revocation_reason, sealed_access_token, id
    from "grant" where id = ${grantId}::uuid and sealed_access_token is not null
    for no key update`
  if (count === 0) return
  await recordEvent(tx, actor, { action: 'revocation.requested', researcherId, grantId, detail: { reason } })
  await enqueueJob(tx, 'revoke', { key: 'revoke' })
}

/** Removes the researcher from their revocations. Open ones still go to ORCID. */
export async function detachRevocations(tx: Tx, researcherId: string): Promise<void> {
  await tx.revocation.updateMany({
    where: { OR: [{ grant: { researcherId } }, { attempt: { researcherId } }] },
    data: { grantId: null, attemptId: null, reason: 'erased' },
  })
}

/** Logs an error for alerts if ORCID has not confirmed for three days. */
export async function reportOverdueRevocations(): Promise<void> {
  const { count, oldestAt } = await countOverdueRevocations()
  if (count > 0) log().error({ count, oldestAt, overdueAfterH }, 'revocations wait too long for ORCID to confirm them')
}

type DueRevocation = {
  id: string
  grantId: string | null
  clientId: string
  sealedToken: string
  sealedGrantId: string | null
  tries: number
}

/**
 * Sends due revocations to ORCID, oldest first. An outage ends the round, and a probe follows in seconds. A token that
 * fails goes to the back of the queue. Idempotent: ORCID answers 200 for a disabled token.
 */
export async function runRevocations(): Promise<void> {
  await resumeWithKeys()
  let reachable = true
  for (;;) {
    const due = await listDue()
    if (due.length === 0) break
    const answers = await Promise.all(due.map(revokeOne))
    reachable = !answers.includes('unavailable')
    if (!reachable) break
  }
  const unanswered = await db().revocation.count({
    where: { confirmedAt: null, OR: [{ lastOutcome: null }, { lastOutcome: 'unavailable' }] },
  })
  if (unanswered > 0) {
    await inTransaction((tx) => enqueueJob(tx, 'revoke', { key: 'revoke', delayS: withJitter(probeEveryS) }))
  }
}

async function resumeWithKeys(): Promise<void> {
  const isOpenable = keyRing().keyIds.map((id) => ({ sealedToken: { startsWith: `c1.${id}.` } }))
  await db().revocation.updateMany({
    where: { confirmedAt: null, lastOutcome: keyMissing, OR: isOpenable },
    data: { nextTryAt: new Date() },
  })
}

/** The due revocations; if none, the one that met an outage and was tried longest ago, as a probe. */
async function listDue(): Promise<DueRevocation[]> {
  const select = {
    id: true,
    grantId: true,
    clientId: true,
    sealedToken: true,
    sealedGrantId: true,
    tries: true,
  } as const
  const waiting = { confirmedAt: null, sealedToken: { not: null } }
  const now = new Date()
  const due = await db().revocation.findMany({
    where: { ...waiting, nextTryAt: { lte: now } },
    orderBy: { nextTryAt: 'asc' },
    take: revocationsInFlight,
    select,
  })
  const probeBefore = new Date(now.getTime() - probeEveryS * 500)
  const probe =
    due.length > 0
      ? null
      : await db().revocation.findFirst({
          where: { ...waiting, lastOutcome: 'unavailable', lastTriedAt: { lt: probeBefore } },
          orderBy: { lastTriedAt: 'asc' },
          select,
        })
  return [...due, ...(probe ? [probe] : [])].flatMap((row) =>
    row.sealedToken ? [{ ...row, sealedToken: row.sealedToken }] : [],
  )
}

type Answer = 'revoked' | 'refused' | 'unavailable'

async function revokeOne(due: DueRevocation): Promise<Answer> {
  try {
    return await sendRevocation(due)
  } catch (error) {
    if (isDatabaseUnavailable(error)) throw error
    if (error instanceof MissingKeyError) return postpone(due, keyMissing, 'refused')
    log().error({ revocation: due.id, err: error }, 'failed to revoke a token')
    return postpone(due, error instanceof SealError ? 'unreadable' : 'failed', 'refused')
  }
}

async function sendRevocation(due: DueRevocation): Promise<Answer> {
  const client = findClient(due.clientId)
  if (!client) return postpone(due, 'client_unknown', 'refused')
  const answer = await revokeToken(client, keyRing().open(due.sealedToken, aadOf(due)))
  if (answer.kind === 'unavailable') return postpone(due, 'unavailable', 'unavailable')
  if (answer.kind === 'refused') return postpone(due, answer.error, 'refused')
  await confirm(due)
  return 'revoked'
}

async function postpone<T extends 'refused' | 'unavailable'>(
  due: DueRevocation,
  outcome: string,
  answer: T,
): Promise<T> {
  const now = Date.now()
  await db().revocation.updateMany({
    where: { id: due.id, confirmedAt: null },
    data: {
      tries: { increment: 1 },
      lastTriedAt: new Date(now),
      lastOutcome: outcome,
      nextTryAt: new Date(now + backoffMs(due.tries + 1, revocationBackoff)),
    },
  })
  log().warn({ revocation: due.id, outcome, tries: due.tries + 1 }, 'failed to revoke a token, will retry')
  return answer
}

const withoutToken = { sealedToken: null, sealedGrantId: null }

/** Destroys the ciphertext of a disabled token. After an outage, all waiting revocations become due. */
async function confirm(due: DueRevocation): Promise<void> {
  const now = new Date()
  await inTransaction(async (tx) => {
    const { count } = await tx.revocation.updateMany({
      where: { id: due.id, confirmedAt: null },
      data: { confirmedAt: now, lastTriedAt: now, lastOutcome: 'revoked', tries: { increment: 1 }, ...withoutToken },
    })
    if (count === 0) return
    const grant = due.grantId
      ? await tx.grant.findUnique({ where: { id: due.grantId }, select: { researcherId: true } })
      : null
    await recordEvent(tx, system, {
      action: 'revocation.confirmed',
      researcherId: grant?.researcherId,
      grantId: due.grantId,
    })
    if (due.tries > 0) {
      await tx.revocation.updateMany({
        where: { confirmedAt: null, lastOutcome: 'unavailable', nextTryAt: { gt: now } },
        data: { nextTryAt: now },
      })
    }
  })
}

/** Confirms revocations of tokens that ORCID disabled after the loss of their key. Returns their number. */
export function confirmDisabled(ids: readonly string[]): Promise<number> {
  return inTransaction(async (tx) => {
    const confirmed = await tx.revocation.updateManyAndReturn({
      where: { id: { in: [...ids] }, confirmedAt: null },
      data: { confirmedAt: new Date(), lastOutcome: 'disabled_by_orcid', ...withoutToken },
      select: { id: true, grantId: true, attemptId: true },
    })
    for (const { grantId, attemptId } of confirmed) {
      const detail = { because: 'key_lost' }
      await recordEvent(tx, system, { action: 'revocation.confirmed', grantId, attemptId, detail })
    }
    return confirmed.length
  })
}

/** Revokes a new token without a record: the last resort if the database fails. */
export async function revokeNow(clientId: string, token: string): Promise<boolean> {
  const client = findClient(clientId)
  return client !== null && (await revokeToken(client, token)).kind === 'revoked'
}
