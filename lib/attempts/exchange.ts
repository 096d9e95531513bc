import 'server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Attempt, type AttemptResult, callbackTimes } from '@/lib/attempts/attempt'
import { announceOutcome, claimAttempt, endAttempt, joinSavedAttempt } from '@/lib/attempts/commands'
import type { AttemptOutcome } from '@/lib/attempts/outcome'
import { findAttemptProgress } from '@/lib/attempts/queries'
import { ClaimLostError, recordGrant } from '@/lib/attempts/saving'
import { isDatabaseUnavailable, isRolledBack, isStatementTimeout } from '@/lib/db'
import { revokeNow } from '@/lib/grants/revoking'
import { findClient } from '@/lib/installation/client'
import type { Hold } from '@/lib/installation/restore-detection'
import { log } from '@/lib/log'
import type { OrcidClient } from '@/lib/orcid/client'
import { OrcidError } from '@/lib/orcid/errors'
import { type Jwks, loadJwks, verifyIdToken } from '@/lib/orcid/id-token'
import { exchangeCode, type TokenResponse } from '@/lib/orcid/oauth'
import type { SignIn } from '@/lib/sessions/commands'

type Callback = {
  code: string
  nonce: string
  requestId: string
  /** Runs in parallel with next-auth, which takes as long. */
  hold: Promise<Hold | null>
}

/**
 * Claims, exchanges, verifies and records a code, each at most once. The attempt ends saved, never exchanged, revoked,
 * or left to recovery, which revokes.
 *
 * @throws database errors before anything is sent to ORCID: the code is still valid
 */
export async function completeAttempt(attempt: Attempt, callback: Callback): Promise<AttemptResult> {
  // After a change of the client id, a code still belongs to the client that ORCID issued it to.
  const client = findClient(attempt.clientId)
  if (!client) return end(attempt, ['started'], 'expired')
  if (isFromBackup(attempt, await callback.hold)) return end(attempt, ['started'], 'expired')
  const jwks = await loadKeys(client)
  if (!jwks) return end(attempt, ['started'], 'orcid_unavailable')
  if (!(await claimAttempt(attempt, callback.code))) return waitForCallback(attempt)

  const exchanged = await exchangeCode(client, { code: callback.code, redirectUri: attempt.redirectUri })
  switch (exchanged.kind) {
    case 'issued':
      return verifyAndSave(attempt, client, jwks, exchanged.tokens, callback)
    case 'not_sent':
      return end(attempt, ['exchanging'], 'orcid_unavailable')
    case 'refused':
      log().warn(
        { attempt: attempt.reference, status: exchanged.status, error: exchanged.error },
        'ORCID refused the code',
      )
      return end(attempt, ['exchanging'], exchanged.error === 'invalid_grant' ? 'code_expired' : 'orcid_refused')
    case 'unknown':
      log().warn(
        { attempt: attempt.reference, reason: exchanged.reason },
        'failed to get a usable token response from ORCID',
      )
      if (exchanged.accessToken) return cancel(attempt, exchanged.accessToken, 'answer_invalid')
      return leaveToRecovery(attempt, exchanged.reason === 'malformed' ? 'not_saved' : 'orcid_unavailable')
  }
}

/**
 * Whether an attempt comes from a restored backup. Its code may have been used after the backup, and ORCID revokes all
 * tokens of a reused code. During a hold nobody starts to connect, and sign-ins start only after the copy's attempts
 * have ended.
 */
function isFromBackup(attempt: Attempt, hold: Hold | null): boolean {
  return hold !== null && (attempt.purpose === 'connect' || !hold.checkedAt)
}

/** Runs before the claim: an issued token must not wait for the network before it is recorded. */
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
  callback: Callback,
): Promise<AttemptResult> {
  let signIn: SignIn
  try {
    if (!tokens.idToken) throw new OrcidError('id_token_invalid', 'The answer has no id_token')
    const { issuer, clientId } = client
    const { orcid, authTime, amr } = await verifyIdToken(tokens.idToken, jwks, {
      issuer,
      clientId,
      nonce: callback.nonce,
    })
    if (orcid !== tokens.orcid) throw new OrcidError('id_token_invalid', 'The id_token is about another iD')
    signIn = { authenticatedAt: toTime(authTime), secondFactor: amr.includes('mfa') }
  } catch (error) {
    const isAboutTime = error instanceof OrcidError && ['iat', 'exp', 'nbf'].includes(error.reason)
    const hint = isAboutTime ? 'the clock of this machine may be wrong: npm run doctor compares it' : undefined
    log().warn({ attempt: attempt.reference, err: error, hint }, 'failed to verify the token response of ORCID')
    return cancel(attempt, tokens.accessToken, 'answer_invalid')
  }
  return save(attempt, { tokens, signIn, requestId: callback.requestId })
}

/** Not in the future: the clocks may differ, and a sign-in must not stay recent for longer. */
const toTime = (seconds: number | null): Date | null =>
  seconds === null ? null : new Date(Math.min(seconds * 1_000, Date.now()))

type Verified = { tokens: TokenResponse; signIn: SignIn; requestId: string }

/**
 * Records the grant with retries for 20 seconds, and revokes it if that fails. A sent COMMIT may have arrived: then
 * only the database's answer justifies a revocation. Without an answer the attempt stays saved, or left to recovery.
 */
async function save(attempt: Attempt, verified: Verified): Promise<AttemptResult> {
  const { tokens } = verified
  const { reference } = attempt
  const until = Date.now() + callbackTimes.recordForMs
  let commitSent = false
  for (;;) {
    try {
      const saved = await recordGrant(attempt, verified, () => {
        commitSent = true
      })
      return { kind: 'saved', reference, orcid: tokens.orcid, name: tokens.name, ...saved }
    } catch (error) {
      const isClaimLost = error instanceof ClaimLostError
      if (!isClaimLost) log().error({ attempt: reference, err: error }, 'failed to record a grant')
      const isPassing = isDatabaseUnavailable(error) || isStatementTimeout(error) || isRolledBack(error)
      const mayTryAgain = !isClaimLost && isPassing && Date.now() < until
      if (!commitSent && !mayTryAgain) return cancel(attempt, tokens.accessToken, 'not_recorded')
      if (commitSent && isClaimLost) {
        // An earlier COMMIT succeeded without an answer, or recovery took over.
        const progress = await findProgress(attempt)
        if (progress?.state === 'saved') return waitForCallback(attempt)
        if (progress) return cancel(attempt, tokens.accessToken, 'not_recorded')
      }
      if (Date.now() > until) return { kind: 'in_progress', reference }
      await sleep(callbackTimes.recordPauseMs)
    }
  }
}

/**
 * Ends the attempt and enqueues the revocation of its token. If the database fails, revokes at once; if that fails too,
 * recovery still has the code.
 */
async function cancel(
  attempt: Attempt,
  token: string,
  reason: 'not_recorded' | 'answer_invalid',
): Promise<AttemptResult> {
  try {
    const ended = await endAttempt(attempt, ['exchanging'], 'not_saved', { token, reason })
    if (ended) return { kind: 'ended', outcome: 'not_saved', reference: attempt.reference }
    const revoked = await revokeNow(attempt.clientId, token)
    if (!revoked) log().error({ attempt: attempt.reference }, 'failed to revoke an unrecorded token')
  } catch (error) {
    const revoked = await revokeNow(attempt.clientId, token)
    log().error(
      { attempt: attempt.reference, err: error, revoked },
      'failed to enqueue the revocation of an unrecorded token',
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
  return ended ? { kind: 'ended', outcome, reference: attempt.reference } : waitForCallback(attempt)
}

async function leaveToRecovery(attempt: Attempt, outcome: AttemptOutcome): Promise<AttemptResult> {
  await announceOutcome(attempt, outcome).catch((error) =>
    log().error({ attempt: attempt.reference, err: error }, 'failed to publish the outcome of an attempt'),
  )
  return { kind: 'ended', outcome, reference: attempt.reference }
}

/**
 * Waits, without a database connection, for the callback that won the claim. This browser gets the same outcome and its
 * own session, so that a double click ends signed in.
 */
export async function waitForCallback(attempt: Pick<Attempt, 'id' | 'reference'>): Promise<AttemptResult> {
  const until = Date.now() + callbackTimes.waitForMs
  do {
    const result = await findResult(attempt)
    if (result) return result
    await sleep(callbackTimes.waitPauseMs)
  } while (Date.now() < until)
  return { kind: 'in_progress', reference: attempt.reference }
}

/** The result of an attempt, with a new session if it was saved; null while it is open. */
export async function findResult(attempt: Pick<Attempt, 'id' | 'reference'>): Promise<AttemptResult | null> {
  const { reference } = attempt
  const progress = await findProgress(attempt)
  if (!progress?.outcome) return null
  if (progress.state !== 'saved') return { kind: 'ended', outcome: progress.outcome, reference }
  if (!progress.researcher) return null
  const { orcid, name } = progress.researcher
  const { atDesk } = progress
  const sessionId = await joinSavedAttempt({ id: attempt.id, atDesk }, progress.researcher)
  return { kind: 'saved', outcome: progress.outcome, orcid, name, sessionId, reference }
}

async function findProgress(attempt: Pick<Attempt, 'id'>) {
  try {
    return await findAttemptProgress(attempt.id)
  } catch (error) {
    if (isDatabaseUnavailable(error)) return null
    throw error
  }
}
