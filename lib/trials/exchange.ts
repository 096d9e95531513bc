import 'server-only'
import { type StaffActor, system } from '@/lib/actor'
import { claimAttempt, endAttempt } from '@/lib/attempts/commands'
import { recordEvent } from '@/lib/audit/commands'
import { db, inTransaction } from '@/lib/db'
import { requestRevocation, revokeNow } from '@/lib/grants/revoking'
import { findClient } from '@/lib/installation/client'
import { keyRing } from '@/lib/installation/commands'
import { log } from '@/lib/log'
import type { OrcidClient } from '@/lib/orcid/client'
import { exchangeCodeRequest, judgeExchange, type TokenResponse } from '@/lib/orcid/oauth'
import { trialAad } from '@/lib/trials/queries'
import { addStep, callTraced, sendTraced } from '@/lib/trials/steps'
import type { Trace } from '@/lib/trials/trace'
import { type TrialProblem, trialLifetimeS, trialStepsMax } from '@/lib/trials/trial'

/**
 * Exchanges the trial's code or the `pasted` one. The first time takes the usual claim, so that recovery handles a lost
 * answer. Later calls send only if `isRepeated`, never after a double click, because ORCID then disables the token.
 * Returns the problem if nothing was sent.
 */
export async function exchangeTrialCode(
  actor: StaffActor,
  id: string,
  { pasted, isRepeated }: { pasted: string | null; isRepeated: boolean },
): Promise<TrialProblem | null> {
  const trial = await findExchangeable(actor, id)
  if (typeof trial === 'string') return trial
  const code = trial.attempt.state === 'started' && pasted ? pasted : trial.code
  if (!code) return 'no_code'
  if (trial.attempt.state !== 'started') return isRepeated ? repeatExchange(actor, trial, code) : null
  if (!(await claimAttempt(trial.attempt, code))) return 'busy'
  const { received, trace } = await sendTraced(requestOf(trial, code), [trial.client.clientSecret, code])
  const outcome = judgeExchange(received)
  if (outcome.kind === 'issued') return keepToken(trial, code, outcome.tokens, trace)
  if (outcome.kind === 'unknown') {
    // Without a token, recovery sends the code again and decides by the answer.
    const token = outcome.accessToken
    if (token) await endAttempt(trial.attempt, ['exchanging'], 'not_saved', { token, reason: 'answer_invalid' })
  } else {
    await releaseClaim(trial)
  }
  await addStep(db(), id, 'exchange', trace)
  return null
}

type Exchangeable = Exclude<Awaited<ReturnType<typeof findExchangeable>>, string>

async function findExchangeable(actor: StaffActor, id: string) {
  const found = await db().trial.findFirst({
    where: { id, staffId: actor.staffId, endedAt: null, expiresAt: { gt: new Date() } },
    select: {
      sealedCode: true,
      sealedAccessToken: true,
      orcid: true,
      attempt: {
        select: {
          id: true,
          reference: true,
          purpose: true,
          clientId: true,
          redirectUri: true,
          scopesAsked: true,
          startedById: true,
          state: true,
          outcome: true,
        },
      },
      _count: { select: { steps: true } },
    },
  })
  const attempt = found?.attempt
  const client = attempt ? findClient(attempt.clientId) : null
  if (!found || !attempt || !client) return 'over'
  if (found._count.steps >= trialStepsMax) return 'full'
  if (attempt.state === 'exchanging' || attempt.state === 'recovering') return 'lost'
  if (attempt.state === 'ended' && attempt.outcome !== 'tried')
    return attempt.outcome === 'not_saved' ? 'not_saved' : 'over'
  const { sealedCode, sealedAccessToken, orcid } = found
  const code = sealedCode && keyRing().open(sealedCode, trialAad(id, 'sealed_code'))
  const token = sealedAccessToken && keyRing().open(sealedAccessToken, trialAad(id, 'sealed_access_token'))
  return { id, client, code, token, orcid, attempt }
}

const requestOf = ({ client, attempt }: { client: OrcidClient; attempt: { redirectUri: string } }, code: string) =>
  exchangeCodeRequest(client, { code, redirectUri: attempt.redirectUri })

/** Seals the token for an hour, or revokes it if saving fails. */
async function keepToken(
  { id, attempt }: Exchangeable,
  code: string,
  tokens: TokenResponse,
  trace: Trace,
): Promise<null> {
  try {
    await inTransaction(async (tx) => {
      const ended = await tx.authorizationAttempt.updateMany({
        where: { id: attempt.id, state: 'exchanging' },
        data: { state: 'ended', outcome: 'tried', endedAt: new Date(), sealedCode: null },
      })
      const saved = await tx.trial.updateMany({
        where: { id, endedAt: null },
        data: {
          sealedCode: keyRing().seal(code, trialAad(id, 'sealed_code')),
          sealedAccessToken: keyRing().seal(tokens.accessToken, trialAad(id, 'sealed_access_token')),
          orcid: tokens.orcid,
          scopes: tokens.scopes,
          expiresAt: new Date(Date.now() + trialLifetimeS * 1_000),
        },
      })
      if (ended.count === 0 || saved.count === 0) throw new Error('The trial ended during the exchange')
      await recordEvent(tx, system, { action: 'attempt.ended', attemptId: attempt.id, detail: { outcome: 'tried' } })
      await addStep(tx, id, 'exchange', trace)
    })
    return null
  } catch (error) {
    // If this fails too, recovery still has the code of the claimed attempt.
    const revoked = await revokeNow(attempt.clientId, tokens.accessToken)
    log().error({ attempt: attempt.reference, err: error, revoked }, 'failed to save the token of a trial')
    throw error
  }
}

/** ORCID issued no token, so the trial may try another code. */
async function releaseClaim({ attempt }: Exchangeable): Promise<void> {
  await db().authorizationAttempt.updateMany({
    where: { id: attempt.id, state: 'exchanging' },
    data: { state: 'started', claimedAt: null, sealedCode: null },
  })
}

/** Shows how ORCID answers a used code, and whether the token still works. */
async function repeatExchange(actor: StaffActor, trial: Exchangeable, code: string): Promise<null> {
  const { id, attempt, token, orcid } = trial
  const { received, trace } = await sendTraced(requestOf(trial, code), [trial.client.clientSecret, code])
  const outcome = judgeExchange(received)
  const issued =
    outcome.kind === 'issued' ? outcome.tokens.accessToken : outcome.kind === 'unknown' ? outcome.accessToken : null
  await inTransaction(async (tx) => {
    await addStep(tx, id, 'repeat', trace)
    const { clientId, id: attemptId } = attempt
    if (issued) await requestRevocation(tx, actor, { token: issued, clientId, reason: 'trial', attemptId })
  })
  if (!token || !orcid) return null
  const check = await callTraced(actor, { method: 'GET', path: `/${orcid}/person`, token })
  await addStep(db(), id, 'check', check.trace)
  return null
}
