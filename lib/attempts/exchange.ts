import 'server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Attempt, type AttemptOutcome, type AttemptResult, callbackTimes } from '@/lib/attempts/attempt'
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
 * happens, the attempt ends in one of: saved; never exchanged; revoked, or handed to recovery, which revokes.
 *
 * @throws what the database throws while nothing has been sent to ORCID: the code is still good
 */
export async function completeAttempt(attempt: Attempt, answer: Answer): Promise<AttemptResult> {
  // An attempt that began before a change of the client id is completed by the client that ORCID issued the code to.
  const client = findClient(attempt.clientId)
  if (!client) return end(attempt, ['started'], 'expired')
  if (isOfRestoredCopy(attempt, await answer.hold)) return end(attempt, ['started'], 'expired')
  const jwks = await loadKeys(client)
  if (!jwks) return end(attempt, ['started'], 'orcid_unavailable')
  if (!(await claimAttempt(attempt, answer.code))) return waitForWinner(attempt)

  const exchanged = await exchangeCode(client, { code: answer.code, redirectUri: attempt.redirectUri })
  switch (exchanged.kind) {
    case 'issued':
      return verifyAndSave(attempt, client, jwks, exchanged.tokens, answer)
    case 'not_sent':
      return end(attempt, ['exchanging'], 'orcid_unavailable')
    case 'refused':
      log().warn(
        { attempt: attempt.reference, status: exchanged.status, error: exchanged.error },
        'ORCID refused the code',
      )
      return end(attempt, ['exchanging'], exchanged.error === 'invalid_grant' ? 'code_expired' : 'orcid_refused')
    case 'unknown':
      log().warn({ attempt: attempt.reference, reason: exchanged.reason }, 'the exchange has no usable answer')
      if (exchanged.accessToken) return cancel(attempt, exchanged.accessToken, 'answer_invalid')
      return leaveToRecovery(attempt, exchanged.reason === 'malformed' ? 'not_saved' : 'orcid_unavailable')
  }
}

/**
 * Whether an attempt came back with a restored database. Its code may have been presented already, in the time that the copy
 * has forgotten, and a second time would destroy what it brought. While a copy is held nobody begins to connect, and
 * attempts to sign in begin only after those of the copy have been ended.
 */
function isOfRestoredCopy(attempt: Attempt, hold: Hold | null): boolean {
  return hold !== null && (attempt.purpose === 'connect' || !hold.checkedAt)
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
  attempt: Attempt,
  client: OrcidClient,
  jwks: Jwks,
  tokens: TokenResponse,
  answer: Answer,
): Promise<AttemptResult> {
  try {
    if (!tokens.idToken) throw new OrcidError('id_token_invalid', 'The answer has no id_token')
    const { issuer, clientId } = client
    const { orcid } = await verifyIdToken(tokens.idToken, jwks, { issuer, clientId, nonce: answer.nonce })
    if (orcid !== tokens.orcid) throw new OrcidError('id_token_invalid', 'The id_token is about another iD')
  } catch (error) {
    log().warn({ attempt: attempt.reference, err: error }, 'the answer of the exchange cannot be trusted')
    return cancel(attempt, tokens.accessToken, 'answer_invalid')
  }
  return save(attempt, tokens, answer.requestId)
}

/**
 * Records the grant, again and again for 20 seconds where the database is away, and revokes it where that fails. Once a
 * COMMIT was sent it may have arrived, so that only what the database says is a reason to revoke; without a word from it
 * the attempt is left as it is: saved, or in doubt and recovery's.
 */
async function save(attempt: Attempt, tokens: TokenResponse, requestId: string): Promise<AttemptResult> {
  const { reference } = attempt
  const until = Date.now() + callbackTimes.recordForMs
  let commitSent = false
  for (;;) {
    try {
      const saved = await recordGrant(attempt, tokens, requestId, () => {
        commitSent = true
      })
      return { kind: 'saved', reference, orcid: tokens.orcid, name: tokens.name, ...saved }
    } catch (error) {
      const isClaimLost = error instanceof ClaimLostError
      if (!isClaimLost) log().error({ attempt: reference, err: error }, 'recording a grant failed')
      const mayTryAgain = !isClaimLost && (isDatabaseAway(error) || isTooSlow(error)) && Date.now() < until
      if (!commitSent && !mayTryAgain) return cancel(attempt, tokens.accessToken, 'not_recorded')
      if (commitSent && isClaimLost) {
        // An earlier COMMIT whose answer was lost has arrived after all, or recovery was quicker.
        const progress = await findProgress(attempt)
        if (progress?.state === 'saved') return waitForWinner(attempt)
        if (progress) return cancel(attempt, tokens.accessToken, 'not_recorded')
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
async function cancel(
  attempt: Attempt,
  token: string,
  reason: 'not_recorded' | 'answer_invalid',
): Promise<AttemptResult> {
  try {
    const ended = await endAttempt(attempt, ['exchanging'], 'not_saved', { token, reason })
    if (!ended) await revokeNow(attempt.clientId, token)
  } catch (error) {
    const revoked = await revokeNow(attempt.clientId, token)
    log().error(
      { attempt: attempt.reference, err: error, revoked },
      'a token that is not recorded was revoked without a record',
    )
  }
  return { kind: 'ended', outcome: 'not_saved', reference: attempt.reference }
}

async function end(
  attempt: Attempt,
  from: ('started' | 'exchanging')[],
  outcome: AttemptOutcome,
): Promise<AttemptResult> {
  const ended = await endAttempt(attempt, from, outcome)
  return ended ? { kind: 'ended', outcome, reference: attempt.reference } : waitForWinner(attempt)
}

async function leaveToRecovery(attempt: Attempt, outcome: AttemptOutcome): Promise<AttemptResult> {
  await announceOutcome(attempt, outcome).catch((error) =>
    log().error({ attempt: attempt.reference, err: error }, 'outcome not announced'),
  )
  return { kind: 'ended', outcome, reference: attempt.reference }
}

/**
 * Waits, without holding a connection, for the callback that won the claim, and gives this browser the same outcome
 * and a session of its own: a double click ends signed in.
 */
export async function waitForWinner(attempt: Pick<Attempt, 'id' | 'reference'>): Promise<AttemptResult> {
  const until = Date.now() + callbackTimes.waitForMs
  do {
    const result = await findResult(attempt)
    if (result) return result
    await sleep(callbackTimes.waitPauseMs)
  } while (Date.now() < until)
  return { kind: 'in_progress', reference: attempt.reference }
}

/** The result of an attempt as it stands, with a session for its holder when it was saved; null while it is open. */
export async function findResult(attempt: Pick<Attempt, 'id' | 'reference'>): Promise<AttemptResult | null> {
  const { reference } = attempt
  const progress = await findProgress(attempt)
  if (!progress?.outcome) return null
  if (progress.state !== 'saved') return { kind: 'ended', outcome: progress.outcome, reference }
  if (!progress.researcher) return null
  const { orcid, name } = progress.researcher
  const sessionId = await joinSavedAttempt(attempt, progress.researcher)
  return { kind: 'saved', outcome: progress.outcome, orcid, name, sessionId, reference }
}

async function findProgress(attempt: Pick<Attempt, 'id'>) {
  try {
    return await findAttemptProgress(attempt.id)
  } catch (error) {
    if (isDatabaseAway(error)) return null
    throw error
  }
}
