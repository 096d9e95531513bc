import { recoveryAfterS } from '@/lib/attempts/attempt'
import type { RegistryState } from '@/tests/support/registry'
import type { Holdings } from './holdings'
import type { Tally } from './oracle'
import type { Press, TrialRun } from './trial'

type Evidence = {
  holdings: Holdings
  registry: Pick<RegistryState, 'tokens' | 'tokenRequests'>
  presented: Map<string, number[]>
}

/** Judges one trial: it leaves no live token, keeps nothing, and its code was presented only as somebody wanted it. */
export function judgeTrial(trial: TrialRun, evidence: Evidence, fail: (what: string) => void): Partial<Tally> {
  const { holdings, registry, presented } = evidence
  const attempt = holdings.attempts.get(trial.attemptId)
  const row = holdings.trials.get(trial.id)
  const about = `trial ${trial.id} (${attempt?.state}, ${attempt?.outcome})`
  if (!attempt || !row) {
    fail(`${about} is not in the database`)
    return { trials: 1 }
  }
  if (attempt.state !== 'ended' && attempt.state !== 'started') fail(`${about}: its attempt is ${attempt.state}`)
  if (!row.isEnded) fail(`${about} was never ended`)
  else if (row.keepsSecrets) fail(`${about} has ended, and keeps its URL, code or token`)

  // The portal's own token comes of no code and is nobody's.
  const tokens = registry.tokens.filter(({ code, orcid }) => orcid && (code === trial.code || orcid === trial.stranger))
  if (tokens.some(({ live }) => live)) fail(`${about}: a token of it lives at the registry`)

  const times = trial.code === null ? [] : (presented.get(trial.code) ?? [])
  const recoveryFromMs =
    attempt.claimedAtMs === null || attempt.outcome === 'tried'
      ? Number.POSITIVE_INFINITY
      : attempt.claimedAtMs + recoveryAfterS * 1_000
  const recoveries = times.filter((at) => at >= recoveryFromMs).length
  const repeats = times.filter((at) => at < recoveryFromMs && isIn(trial.repeats, at)).length
  const presses = times.filter((at) => at < recoveryFromMs && isIn(trial.presses, at)).length
  if (presses + repeats + recoveries < times.length) fail(`${about}: its code was presented when nobody had pressed`)
  // A code that ORCID refuses unused may be presented anew; one that it has used up may not, unless that is the purpose.
  const reused = registry.tokenRequests.filter(
    ({ code, outcome }) => code === trial.code && outcome === 'reused',
  ).length
  const unwanted = reused - repeats - recoveries
  if (unwanted > 0) fail(`${about}: its code was used ${unwanted} times more without a purpose`)
  return {
    trials: 1,
    trialsReached: times.length > 0 ? 1 : 0,
    trialTokens: registry.tokens.filter(({ code }) => code !== null && code === trial.code).length,
    trialsTried: attempt.outcome === 'tried' ? 1 : 0,
    trialsRepeated: repeats > 0 ? 1 : 0,
    trialRecoveries: recoveries,
  }
}

const isIn = (presses: Press[], at: number) => presses.some(({ fromMs, toMs }) => at >= fromMs && at <= toMs)
