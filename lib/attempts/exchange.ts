import 'server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import { type AttemptOutcome, callbackTimes, type Trip, type TripResult } from '@/lib/attempts/attempt'
import { announceOutcome, claimAttempt, endAttempt, joinSavedAttempt } from '@/lib/attempts/commands'
import { findAttemptProgress } from '@/lib/attempts/queries'
import { ClaimLostError, recordGrant } from '@/lib/attempts/saving'
import { isDatabaseAway, isTooSlow } from '@/lib/db'
import { revokeNow } from '@/lib/grants/revoking'
import { findClient } from '@/lib/installation/client'
import type { Hold } from '@/lib/installation/restore-detection'
import { log } from '@/lib/log'
import type { OrcidClient } from '@/lib/orcid/client'
import { OrcidError } from '@/lib/orcid/errors'
import { type Jwks, loadJwks, verifyIdToken } from '@/lib/orcid/id-token'
import { exchangeCode, type TokenResponse } from '@/lib/orcid/oauth'

type Answer = {
  code: string
  nonce: string
  requestId: string
  /** Asked for since the callback came: its answer takes as long as next-auth's part. */
  hold: Promise<Hold | null>
}

/**
 * Turns a code into a saved grant: claim, exchange, verify, record, in this order and each at most once. Whatever
 * happens, the trip ends in one of: saved; never exchanged; revoked, or handed to recovery, which revokes.
 *
 * @throws what the database throws while nothing has been sent to ORCID: the code is still good
 */
export async function completeTrip(trip: Trip, answer: Answer): Promise<TripResult> {
  // A trip that began before a change of the client id is completed by the client that ORCID issued the code to.
  const client = findClient(trip.clientId)
  if (!client) return end(trip, ['started'], 'expired')
  if (isOfRestoredCopy(trip, await answer.hold)) return end(trip, ['started'], 'expired')
  const jwks = await loadKeys(client)
  if (!jwks) return end(trip, ['started'], 'orcid_unavailable')
  if (!(await claimAttempt(trip, answer.code))) return waitForWinner(trip)

  const exchanged = await exchangeCode(client, { code: answer.code, redirectUri: trip.redirectUri })
  switch (exchanged.kind) {
    case 'issued':
      return verifyAndSave(trip, client, jwks, exchanged.tokens, answer)
    case 'not_sent':
      return end(trip, ['exchanging'], 'orcid_unavailable')
    case 'refused':
      log().warn(
        { attempt: trip.reference, status: exchanged.status, error: exchanged.error },
        'ORCID refused the code',
      )
      return end(trip, ['exchanging'], exchanged.error === 'invalid_grant' ? 'code_expired' : 'orcid_refused')
    case 'unknown':
      log().warn({ attempt: trip.reference, reason: exchanged.reason }, 'the exchange has no usable answer')
      if (exchanged.accessToken) return cancel(trip, exchanged.accessToken, 'answer_invalid')
      return leaveToRecovery(trip, exchanged.reason === 'malformed' ? 'not_saved' : 'orcid_unavailable')
  }
}

/**
 * Whether a trip came back with a restored database. Its code may have been presented already, in the time that the copy
 * has forgotten, and a second time would destroy what it brought. While a copy is held nobody begins to connect, and
 * trips to sign in begin only after those of the copy have been ended.
 */
function isOfRestoredCopy(trip: Trip, hold: Hold | null): boolean {
  return hold !== null && (trip.purpose === 'connect' || !hold.checkedAt)
}

/** The keys are loaded before the claim: between an issued token and its record there is nothing on the network. */
async function loadKeys(client: OrcidClient): Promise<Jwks | null> {
  try {
    return await loadJwks(client)
  } catch (error) {
    if (error instanceof OrcidError) return null
    throw error
  }
}

async function verifyAndSave(
  trip: Trip,
  client: OrcidClient,
  jwks: Jwks,
  tokens: TokenResponse,
  answer: Answer,
): Promise<TripResult> {
  try {
    if (!tokens.idToken) throw new OrcidError('id_token_invalid', 'The answer has no id_token')
    const { issuer, clientId } = client
    const { orcid } = await verifyIdToken(tokens.idToken, jwks, { issuer, clientId, nonce: answer.nonce })
    if (orcid !== tokens.orcid) throw new OrcidError('id_token_invalid', 'The id_token is about another iD')
  } catch (error) {
    log().warn({ attempt: trip.reference, err: error }, 'the answer of the exchange cannot be trusted')
    return cancel(trip, tokens.accessToken, 'answer_invalid')
  }
  return save(trip, tokens, answer.requestId)
}

/**
 * Records the grant, again and again for 20 seconds where the database is away, and revokes it where that fails. Once a
 * COMMIT was sent it may have arrived, so that only what the database says is a reason to revoke; without a word from it
 * the attempt is left as it is: saved, or in doubt and recovery's.
 */
async function save(trip: Trip, tokens: TokenResponse, requestId: string): Promise<TripResult> {
  const { reference } = trip
  const until = Date.now() + callbackTimes.recordForMs
  let commitSent = false
  for (;;) {
    try {
      const saved = await recordGrant(trip, tokens, requestId, () => {
        commitSent = true
      })
      return { kind: 'saved', reference, orcid: tokens.orcid, name: tokens.name, ...saved }
    } catch (error) {
      const isClaimLost = error instanceof ClaimLostError
      if (!isClaimLost) log().error({ attempt: reference, err: error }, 'recording a grant failed')
      const mayTryAgain = !isClaimLost && (isDatabaseAway(error) || isTooSlow(error)) && Date.now() < until
      if (!commitSent && !mayTryAgain) return cancel(trip, tokens.accessToken, 'not_recorded')
      if (commitSent && isClaimLost) {
        // An earlier COMMIT whose answer was lost has arrived after all, or recovery was quicker.
        const progress = await findProgress(trip)
        if (progress?.state === 'saved') return waitForWinner(trip)
        if (progress) return cancel(trip, tokens.accessToken, 'not_recorded')
      }
      if (Date.now() > until) return { kind: 'in_progress', reference }
      await sleep(callbackTimes.recordPauseMs)
    }
  }
}

/**
 * Nothing is recorded and the token must not live. The database keeps it for the revocation job; where it cannot, ORCID
 * is asked here and now; where that fails too, the attempt stays with recovery, which has the code.
 */
async function cancel(trip: Trip, token: string, reason: 'not_recorded' | 'answer_invalid'): Promise<TripResult> {
  try {
    const ended = await endAttempt(trip, ['exchanging'], 'not_saved', { token, reason })
    if (!ended) await revokeNow(trip.clientId, token)
  } catch (error) {
    const revoked = await revokeNow(trip.clientId, token)
    log().error(
      { attempt: trip.reference, err: error, revoked },
      'a token that is not recorded was revoked without a record',
    )
  }
  return { kind: 'ended', outcome: 'not_saved', reference: trip.reference }
}

async function end(trip: Trip, from: ('started' | 'exchanging')[], outcome: AttemptOutcome): Promise<TripResult> {
  const ended = await endAttempt(trip, from, outcome)
  return ended ? { kind: 'ended', outcome, reference: trip.reference } : waitForWinner(trip)
}

async function leaveToRecovery(trip: Trip, outcome: AttemptOutcome): Promise<TripResult> {
  await announceOutcome(trip, outcome).catch((error) =>
    log().error({ attempt: trip.reference, err: error }, 'outcome not announced'),
  )
  return { kind: 'ended', outcome, reference: trip.reference }
}

/**
 * Waits, without holding a connection, for the callback that won the claim, and gives this browser the same outcome
 * and a session of its own: a double click ends signed in.
 */
export async function waitForWinner(trip: Pick<Trip, 'id' | 'reference'>): Promise<TripResult> {
  const until = Date.now() + callbackTimes.waitForMs
  do {
    const result = await findResult(trip)
    if (result) return result
    await sleep(callbackTimes.waitPauseMs)
  } while (Date.now() < until)
  return { kind: 'in_progress', reference: trip.reference }
}

/** The result of a trip as it stands, with a session for its holder when it was saved; null while it is open. */
export async function findResult(trip: Pick<Trip, 'id' | 'reference'>): Promise<TripResult | null> {
  const { reference } = trip
  const progress = await findProgress(trip)
  if (!progress?.outcome) return null
  if (progress.state !== 'saved') return { kind: 'ended', outcome: progress.outcome, reference }
  if (!progress.researcher) return null
  const { orcid, name } = progress.researcher
  const sessionId = await joinSavedAttempt(trip, progress.researcher)
  return { kind: 'saved', outcome: progress.outcome, orcid, name, sessionId, reference }
}

async function findProgress(trip: Pick<Trip, 'id'>) {
  try {
    return await findAttemptProgress(trip.id)
  } catch (error) {
    if (isDatabaseAway(error)) return null
    throw error
  }
}
