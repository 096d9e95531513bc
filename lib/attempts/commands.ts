import 'server-only'
import { randomUUID } from 'node:crypto'
import { type ResearcherActor, system } from '@/lib/actor'
import {
  type Attempt,
  type AttemptOutcome,
  type AttemptPurpose,
  attemptLifetimeS,
  recoveryAfterS,
} from '@/lib/attempts/attempt'
import { type ReturnPoint, sealReturnPoint } from '@/lib/attempts/return-point'
import { recordEvent, recordEvents } from '@/lib/audit/commands'
import { env } from '@/lib/config/env'
import { hashSecret } from '@/lib/crypto/secrets'
import { db, inTransaction, type Tx } from '@/lib/db'
import { disownGrant } from '@/lib/grants/commands'
import { requestRevocation } from '@/lib/grants/revoking'
import { keyRing } from '@/lib/installation/commands'
import { endSessionIn, startSession } from '@/lib/sessions/commands'
import type { ShownText } from '@/lib/texts/text'

export type NewAttempt = {
  /** Of the request that begins the attempt: what people quote is what the log says. */
  reference: string
  purpose: AttemptPurpose
  scopes: string[]
  locale: string
  shownText: ShownText | null
  startedById: string | null
  /** The link with which this person joins the staff, where there is one. */
  staffInvitationId: string | null
  /** Where the person wants to be afterwards. */
  returnPoint: ReturnPoint | null
  secret: string
  state: string
}

/** Where the code, the one handle on a lost answer, is sealed. */
export const codeAad = (row: string) => ({
  table: 'authorization_attempt',
  row,
  column: 'sealed_code',
  registry: env().orcid.registry,
})

/** Writes down that somebody is about to go to ORCID, with the words that they were shown. */
export async function startAttempt(attempt: NewAttempt): Promise<void> {
  const { registry, clientId, redirectUri } = env().orcid
  await inTransaction(async (tx) => {
    const { shownText } = attempt
    if (shownText) await tx.shownText.createMany({ data: shownText, skipDuplicates: true })
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
        sealedReturn: attempt.returnPoint && sealReturnPoint(id, attempt.returnPoint),
        secretHash: hashSecret(attempt.secret),
        stateHash: hashSecret(attempt.state),
        expiresAt: new Date(Date.now() + attemptLifetimeS * 1_000),
      },
    })
    await recordEvent(tx, system, {
      action: 'attempt.started',
      researcherId: attempt.startedById,
      attemptId: id,
      requestId: attempt.reference,
      detail: { purpose: attempt.purpose, scopes: attempt.scopes },
    })
  })
}

/**
 * Takes the one right to exchange the code: false when somebody has it already. ORCID revokes every token of a code
 * that is used twice (https://info.orcid.org/documentation/api-tutorials/api-tutorial-get-and-authenticated-orcid-id/).
 * The code is kept, sealed, so that recovery has a handle on a token that a crash would otherwise lose.
 */
export async function claimAttempt(attempt: Attempt, code: string): Promise<boolean> {
  const sealedCode = keyRing().seal(code, codeAad(attempt.id))
  // One statement is one transaction: it is committed when its answer comes.
  const claimed = await db().$executeRaw`
    with claimed as (
      update authorization_attempt set state = 'exchanging', claimed_at = now(), sealed_code = ${sealedCode}
      where id = ${attempt.id}::uuid and state = 'started' and expires_at > now() returning id)
    select from claimed cross join lateral graphile_worker.add_job('recover',
      payload => json_build_object('attemptId', claimed.id),
      run_at => now() + make_interval(secs => ${recoveryAfterS}::double precision))`
  return claimed > 0
}

/** A session for a browser that holds the cookie of a saved attempt but lost the race to record it. */
export function joinSavedAttempt(attempt: { id: string }, researcher: { id: string; orcid: string }): Promise<string> {
  return inTransaction(async (tx) => (await startSession(tx, researcher, attempt.id)).sessionId)
}

/**
 * Signs out somebody who is signed in as another person and, where they `agreed`, takes back what the visit has granted.
 * Gives what it asked for, so that they can be asked again.
 */
export function disownAttempt(
  actor: ResearcherActor,
  { attemptId, agreed, requestId }: { attemptId: string; agreed: 'visit' | 'permission' | null; requestId: string },
): Promise<{ purpose: 'connect' | 'sign_in'; scopes: string[] }> {
  return inTransaction(async (tx) => {
    if (agreed) await disownGrant(tx, actor, { attemptId, agreed, requestId })
    await endSessionIn(tx, actor, requestId)
    const { purpose, scopesAsked } = await tx.authorizationAttempt.findUniqueOrThrow({
      where: { id: attemptId },
      select: { purpose: true, scopesAsked: true },
    })
    return { purpose: purpose === 'sign_in' ? 'sign_in' : 'connect', scopes: scopesAsked }
  })
}

/**
 * Ends an attempt with nothing recorded. A token that is known to have been issued is given to the revocation job in
 * the same transaction. Gives false when the attempt was in none of the states `from`.
 */
export function endAttempt(
  attempt: Pick<Attempt, 'id' | 'clientId'>,
  from: ('started' | 'exchanging' | 'recovering')[],
  outcome: AttemptOutcome,
  revoke?: { token: string; reason: 'not_recorded' | 'answer_invalid' | 'recovered' },
): Promise<boolean> {
  return inTransaction(async (tx) => {
    const { count } = await tx.authorizationAttempt.updateMany({
      where: { id: attempt.id, state: { in: from } },
      data: { state: 'ended', outcome, endedAt: new Date(), sealedCode: null, sealedReturn: null },
    })
    if (count === 0) return false
    await recordEvent(tx, system, { action: 'attempt.ended', attemptId: attempt.id, detail: { outcome } })
    if (revoke) await requestRevocation(tx, system, { ...revoke, clientId: attempt.clientId, attemptId: attempt.id })
    return true
  })
}

/**
 * Tells the people who wait how an exchange went whose token is still in doubt. The attempt stays with recovery, which
 * makes sure that nothing lives on.
 */
export async function announceOutcome(attempt: Pick<Attempt, 'id'>, outcome: AttemptOutcome): Promise<void> {
  await db().authorizationAttempt.updateMany({ where: { id: attempt.id, state: 'exchanging' }, data: { outcome } })
}

/**
 * Locks the attempts of a researcher who is about to be erased. Before their row, in the order in which a callback takes
 * these locks too: the other way round the two would wait for one another.
 */
export async function lockAttempts(tx: Tx, researcherId: string): Promise<void> {
  await tx.$queryRaw`
    select 1 as locked from authorization_attempt
    where researcher_id = ${researcherId}::uuid or started_by_id = ${researcherId}::uuid
    order by id for update`
}

/**
 * Deletes the attempts that ended with a researcher. Those that only began while they were signed in stay without them:
 * one may be under way, and recovery needs it.
 */
export async function eraseAttempts(tx: Tx, researcherId: string): Promise<void> {
  await tx.authorizationAttempt.deleteMany({ where: { researcherId } })
  await tx.authorizationAttempt.updateMany({ where: { startedById: researcherId }, data: { startedById: null } })
}

/** Ends the attempts that nobody came back from, and gives how many. */
export function expireAttempts(): Promise<number> {
  return inTransaction((tx) => expireIn(tx, { expiresAt: { lte: new Date() } }, expiredAtOnceMax))
}

/**
 * Ends every attempt that is under way, because the database was restored: its code may have been presented already, in the
 * time that the copy has forgotten, and a second time would destroy what it brought.
 */
export async function endAllAttempts(tx: Tx): Promise<void> {
  await expireIn(tx, {})
}

async function expireIn(tx: Tx, which: { expiresAt?: { lte: Date } }, limit?: number): Promise<number> {
  const expired = await tx.authorizationAttempt.updateManyAndReturn({
    where: { state: 'started', ...which },
    data: { state: 'ended', outcome: 'expired', endedAt: new Date(), sealedReturn: null },
    limit,
    select: { id: true },
  })
  const detail = { outcome: 'expired' }
  await recordEvents(
    tx,
    system,
    expired.map(({ id }) => ({ action: 'attempt.ended', attemptId: id, detail })),
  )
  return expired.length
}

const expiredAtOnceMax = 1_000
