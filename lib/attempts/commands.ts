import 'server-only'
import { randomUUID } from 'node:crypto'
import { type ResearcherActor, system } from '@/lib/actor'
import {
  type Attempt,
  type AttemptOrigin,
  type AttemptPurpose,
  attemptLifetimeS,
  isAsked,
  recoveryAfterS,
} from '@/lib/attempts/attempt'
import type { AttemptOutcome } from '@/lib/attempts/outcome'
import { type ReturnPoint, sealReturnPoint } from '@/lib/attempts/return-point'
import { recordEvent, recordEvents } from '@/lib/audit/commands'
import { endInvitedAttempt, noteFailures } from '@/lib/campaigns/coming-back'
import { env } from '@/lib/config/env'
import { hashSecret } from '@/lib/crypto/secrets'
import { db, inTransaction, type Tx } from '@/lib/db'
import { undoVisitGrant } from '@/lib/grants/commands'
import { requestRevocation } from '@/lib/grants/revoking'
import { keyRing } from '@/lib/installation/commands'
import { endSessionIn, joinSession } from '@/lib/sessions/commands'
import type { ShownText } from '@/lib/texts/text'

export type NewAttempt = {
  /** The request's reference, so that people quote what the log has. */
  reference: string
  purpose: AttemptPurpose
  scopes: string[]
  locale: string
  shownText: ShownText | null
  startedById: string | null
  staffInvitationId: string | null
  origin: AttemptOrigin
  returnPoint: ReturnPoint | null
  secret: string
  state: string
}

/** Additional data of a sealed authorization code. */
export const codeAad = (row: string) => ({
  table: 'authorization_attempt',
  row,
  column: 'sealed_code',
  registry: env().orcid.registry,
})

/** Writes a connection attempt before the browser leaves for ORCID. */
export async function startAttempt(attempt: NewAttempt): Promise<void> {
  const { registry, clientId, redirectUri } = env().orcid
  await inTransaction(async (tx) => {
    const { shownText } = attempt
    if (shownText) await saveShownText(tx, shownText)
    const id = randomUUID()
    await tx.authorizationAttempt.create({
      data: {
        id,
        reference: attempt.reference,
        purpose: attempt.purpose,
        scopesAsked: attempt.scopes,
        registry,
        clientId,
        redirectUri,
        locale: attempt.locale,
        shownTextHash: shownText?.hash,
        startedById: attempt.startedById,
        staffInvitationId: attempt.staffInvitationId,
        ...attempt.origin,
        sealedReturn: attempt.returnPoint && sealReturnPoint(id, attempt.returnPoint),
        secretHash: hashSecret(attempt.secret),
        stateHash: hashSecret(attempt.state),
        expiresAt: new Date(Date.now() + attemptLifetimeS * 1_000),
      },
    })
    // Of a stranger only the row, which is deleted in time: history stays for ever, and anybody could fill it. Of
    // somebody who is asked only what comes of it: a beginning without an end would say that they refused.
    if (!attempt.startedById || isAsked(attempt.origin)) return
    await recordEvent(tx, system, {
      action: 'attempt.started',
      researcherId: attempt.startedById,
      attemptId: id,
      requestId: attempt.reference,
      detail: { purpose: attempt.purpose, scopes: attempt.scopes },
    })
  })
}

async function saveShownText(tx: Tx, { systems, ...text }: ShownText): Promise<void> {
  await tx.shownText.createMany({ data: text, skipDuplicates: true })
  const named = systems.map((system) => ({ ...system, shownTextHash: text.hash }))
  if (named.length > 0) await tx.shownSystem.createMany({ data: named, skipDuplicates: true })
}

/**
 * Takes the only right to exchange the code; false if it is taken. ORCID revokes every token of a code that is used
 * twice (https://info.orcid.org/documentation/api-tutorials/api-tutorial-get-and-authenticated-orcid-id/).
 * The sealed code lets recovery find a token that a crash would lose.
 */
export async function claimAttempt(attempt: Attempt, code: string): Promise<boolean> {
  const sealedCode = keyRing().seal(code, codeAad(attempt.id))
  // A single statement commits by itself.
  const claimed = await db().$executeRaw`
    with claimed as (
      update authorization_attempt set state = 'exchanging', claimed_at = now(), sealed_code = ${sealedCode}
      where id = ${attempt.id}::uuid and state = 'started' and expires_at > now() returning id)
    select from claimed cross join lateral graphile_worker.add_job('recover',
      payload => json_build_object('attemptId', claimed.id),
      run_at => now() + make_interval(secs => ${recoveryAfterS}::double precision))`
  return claimed > 0
}

/** Starts a session for a browser that holds the attempt's cookie but lost the race to record it. */
export function joinSavedAttempt(
  attempt: { id: string; atDesk: boolean },
  researcher: { id: string; orcid: string },
): Promise<string> {
  return inTransaction(async (tx) => {
    const actor = await joinSession(tx, researcher, attempt.id)
    if (attempt.atDesk) await endSessionIn(tx, actor)
    await recordEvent(tx, actor, { action: 'session.started', researcherId: researcher.id, attemptId: attempt.id })
    return actor.sessionId
  })
}

/**
 * Signs out a person who used another person's ORCID account. If they `agreed`, also withdraws what the visit granted.
 * Returns the purpose and scopes for a new attempt.
 */
export function undoVisit(
  actor: ResearcherActor,
  { attemptId, agreed, requestId }: { attemptId: string; agreed: 'visit' | 'permission' | null; requestId: string },
): Promise<{ purpose: 'connect' | 'sign_in'; scopes: string[]; origin: AttemptOrigin }> {
  return inTransaction(async (tx) => {
    if (agreed) await undoVisitGrant(tx, actor, { attemptId, agreed, requestId })
    await endSessionIn(tx, actor, requestId)
    const { purpose, scopesAsked, ...origin } = await tx.authorizationAttempt.findUniqueOrThrow({
      where: { id: attemptId },
      select: { purpose: true, scopesAsked: true, campaignId: true, invitationId: true, linkId: true, atDesk: true },
    })
    return { purpose: purpose === 'sign_in' ? 'sign_in' : 'connect', scopes: scopesAsked, origin }
  })
}

/**
 * Ends an attempt without a grant and enqueues the revocation of an issued token in the same transaction. Returns false
 * if the attempt was in none of the states `from`.
 */
export function endAttempt(
  attempt: Pick<Attempt, 'id' | 'clientId'>,
  from: ('started' | 'exchanging' | 'recovering')[],
  outcome: AttemptOutcome,
  revoke?: { token: string; reason: 'not_recorded' | 'answer_invalid' | 'recovered' },
): Promise<boolean> {
  return inTransaction(async (tx) => {
    const [ended] = await tx.authorizationAttempt.updateManyAndReturn({
      where: { id: attempt.id, state: { in: from } },
      data: { state: 'ended', outcome, endedAt: new Date(), sealedCode: null, sealedReturn: null },
      select: { startedById: true, invitationId: true, campaignId: true },
    })
    if (!ended) return false
    if (ended.invitationId) await endInvitedAttempt(tx, ended.invitationId, outcome === 'denied')
    // A stranger with a made-up code leaves nothing in the history, and neither does a refusal.
    const isTold = ended.startedById && !(outcome === 'denied' && isAsked(ended))
    if (isTold || revoke || from.includes('recovering'))
      await recordEvent(tx, system, { action: 'attempt.ended', attemptId: attempt.id, detail: { outcome } })
    if (revoke) await requestRevocation(tx, system, { ...revoke, clientId: attempt.clientId, attemptId: attempt.id })
    return true
  })
}

/** Publishes an outcome to waiting browsers. Recovery keeps the attempt and disables a token that may exist. */
export async function announceOutcome(attempt: Pick<Attempt, 'id'>, outcome: AttemptOutcome): Promise<void> {
  await db().authorizationAttempt.updateMany({ where: { id: attempt.id, state: 'exchanging' }, data: { outcome } })
}

/** Runs before an erasure locks the researcher: callbacks lock in the same order, and another order deadlocks. */
export async function lockAttempts(tx: Tx, researcherId: string): Promise<void> {
  await tx.$queryRaw`
    select 1 as locked from authorization_attempt
    where researcher_id = ${researcherId}::uuid or started_by_id = ${researcherId}::uuid
    order by id for update`
}

/** Detaches attempts that only began in the session of the researcher: recovery may need them. */
export async function eraseAttempts(tx: Tx, researcherId: string): Promise<void> {
  await tx.authorizationAttempt.deleteMany({ where: { researcherId } })
  await tx.authorizationAttempt.updateMany({ where: { startedById: researcherId }, data: { startedById: null } })
}

/** Ends attempts whose time is over and returns their number. */
export function expireAttempts(): Promise<number> {
  return inTransaction((tx) => expireIn(tx, { expiresAt: { lte: new Date() } }, expiryBatchSize))
}

/**
 * Ends every started attempt after a restore. Its code may have been used after the backup, and ORCID revokes all
 * tokens of a reused code.
 */
export async function endAllAttempts(tx: Tx): Promise<void> {
  await expireIn(tx, {})
}

async function expireIn(tx: Tx, filter: { expiresAt?: { lte: Date } }, limit?: number): Promise<number> {
  const expired = await tx.authorizationAttempt.updateManyAndReturn({
    where: { state: 'started', ...filter },
    data: { state: 'ended', outcome: 'expired', endedAt: new Date(), sealedReturn: null },
    limit,
    select: { id: true, startedById: true, invitationId: true },
  })
  const invited = expired.flatMap(({ invitationId }) => invitationId ?? [])
  if (invited.length > 0) await noteFailures(tx, invited)
  const detail = { outcome: 'expired' }
  await recordEvents(
    tx,
    system,
    expired.flatMap(({ id, startedById }) =>
      startedById ? [{ action: 'attempt.ended' as const, attemptId: id, detail }] : [],
    ),
  )
  return expired.length
}

const expiryBatchSize = 1_000
