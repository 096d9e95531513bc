import { recoveryAfterS } from '@/lib/attempts/attempt'
import { KeyRing } from '@/lib/crypto/sealed'
import { lookupHash } from '@/lib/crypto/secrets'
import { type DerivedFault, listDerivedFaults } from '@/lib/grants/derived'
import type { Token } from '@/registry/state'
import { testSecrets } from '@/tests/support/portal'
import type { RegistryState } from '@/tests/support/registry'
import { administratorOrcid, type Environment } from './environment'
import { type GrantRow, type Holdings, readHoldings } from './holdings'
import type { AttemptRun, Run } from './schedule'
import { judgeTrial } from './trial-oracle'

export type Failure = { seed: number; what: string }
export type Tally = Record<
  | 'schedules'
  | 'attempts'
  | 'mayExchange'
  | 'reached'
  | 'saved'
  | 'revoked'
  | 'neverIssued'
  | 'exchanges'
  | 'recoveries'
  | 'trials'
  | 'trialsReached'
  | 'trialTokens'
  | 'trialsTried'
  | 'trialsRepeated'
  | 'trialRecoveries',
  number
>
export type Verdict = { tally: Tally; failures: Failure[] }

/** The paths that say that something was saved. */
const saidSaved = ['connected', 'updated', 'already-connected', 'fewer', 'different-id'].map(
  (slug) => `/connect/${slug}`,
)

/** In fewer attempts than these it may be chance that most of them end before their exchange. */
const enoughToTell = 10
/** What was lost is disabled ninety seconds after its claim, and recovery begins sixty seconds after it. */
const recoveryWithinMs = 30_000

/** Compares what the registry has issued with what the database holds, for every schedule of a place. */
export async function judge(environment: Environment, runs: Run[]): Promise<Verdict> {
  const holdings = await readHoldings(environment.client)
  const { tokens, tokenRequests } = await environment.registry.state()
  const oracle = new Oracle(holdings, { tokens, tokenRequests }, environment.board.presented, environment.lastAwayMs)
  for (const run of runs) oracle.judgeRun(run)
  oracle.judgeRest(runs)
  const [seed = 0] = runs.map(({ plan }) => plan.seed)
  for (const how of environment.portal.crashes)
    oracle.failures.push({ seed, what: `the portal ended by itself: ${how}` })
  for (const { of, column, kept, derived } of await listDerived(environment)) {
    const what = `${of}: ${column} is ${JSON.stringify(kept)}, and what it is derived from says ${JSON.stringify(derived)}`
    oracle.failures.push({ seed, what })
  }
  return oracle
}

async function listDerived(environment: Environment): Promise<DerivedFault[]> {
  const client = await environment.client.connect()
  try {
    return await listDerivedFaults(client)
  } finally {
    client.release()
  }
}

export const noTally = (): Tally => ({
  schedules: 0,
  attempts: 0,
  mayExchange: 0,
  reached: 0,
  saved: 0,
  revoked: 0,
  neverIssued: 0,
  exchanges: 0,
  recoveries: 0,
  trials: 0,
  trialsReached: 0,
  trialTokens: 0,
  trialsTried: 0,
  trialsRepeated: 0,
  trialRecoveries: 0,
})

class Oracle implements Verdict {
  readonly tally = noTally()
  readonly failures: Failure[] = []
  readonly #ring = new KeyRing(parseKeys(testSecrets.tokenKeys))
  readonly #byHash: Map<string, GrantRow>
  readonly #lookupKey: string

  constructor(
    readonly holdings: Holdings,
    readonly registry: Pick<RegistryState, 'tokens' | 'tokenRequests'>,
    readonly presented: Map<string, number[]>,
    readonly lastAwayMs: number,
  ) {
    const aad = { table: 'installation', row: '1', column: 'sealed_lookup_key', registry: 'local' }
    this.#lookupKey = this.#ring.open(holdings.sealedLookupKey, aad)
    this.#byHash = new Map(holdings.grants.map((grant) => [grant.accessTokenHash, grant]))
  }

  judgeRun(run: Run): void {
    const fail = (what: string) => void this.failures.push({ seed: run.plan.seed, what })
    this.tally.schedules++
    for (const complaint of run.complaints) fail(complaint)
    for (const attempt of run.attempts) this.#judgeAttempt(attempt, fail)
    for (const trial of run.trials) this.#count(judgeTrial(trial, this, fail))
    const tokens = this.registry.tokens.filter(({ orcid }) => orcid === run.orcid)
    for (const token of tokens) this.#judgeToken(token, fail)
    this.#judgeGrants(run, fail)
    if (run.withdrewAtOrcid && tokens.some(({ live }) => live)) fail('a token outlived the withdrawal at ORCID')
    if (run.withdrawal === 'done' && tokens.some(({ live }) => live))
      fail('a token lives although its person was told that everything is withdrawn')
  }

  /** What belongs to no schedule that ran, what still waits, and whether the batch has shown anything at all. */
  judgeRest(runs: Run[]): void {
    const fail = (what: string) => void this.failures.push({ seed: runs[0]?.plan.seed ?? 0, what })
    const known = new Set(runs.flatMap(({ attempts, trials }) => [...attempts, ...trials].map(({ code }) => code)))
    // The portal's own token is asked for without a code.
    for (const code of this.presented.keys())
      if (code !== '' && !known.has(code)) fail('a code was presented that nobody brought back')
    const people = new Set([administratorOrcid, ...runs.flatMap(({ orcid, stranger }) => [orcid, stranger])])
    // The portal's own token, for what is public, opens nobody's record.
    for (const { orcid } of this.registry.tokens)
      if (orcid !== null && !people.has(orcid)) fail(`a token was issued for ${orcid}, who did nothing`)
    for (const what of this.holdings.madeByTrials) fail(`${what} was made that no attempt accounts for`)
    if (this.holdings.openSuspicions > 0)
      fail(`${this.holdings.openSuspicions} suspicions are open although nothing refuses`)
    if (this.holdings.waitingRevocations > 0) fail(`${this.holdings.waitingRevocations} revocations still wait`)
    const { mayExchange, reached, trials, trialsReached } = this.tally
    if (trials >= enoughToTell && trialsReached < trials / 2)
      fail(`only ${trialsReached} of ${trials} trials came as far as the exchange`)
    if (mayExchange >= enoughToTell && reached < mayExchange / 2)
      fail(`only ${reached} of ${mayExchange} attempts came as far as the exchange, so that little was tried`)
  }

  #count(counted: Partial<Tally>): void {
    for (const [name, count] of Object.entries(counted)) this.tally[name as keyof Tally] += count
  }

  #judgeAttempt(run: AttemptRun, fail: (what: string) => void): void {
    const attempt = this.holdings.attempts.get(run.attemptId)
    if (!attempt) {
      fail('an attempt is not in the database')
      return
    }
    const about = `${run.manner} run ${run.attemptId} (${attempt.state}, ${attempt.outcome})`
    this.tally.attempts++
    if (!this.registry.tokens.some(({ code }) => code === run.code)) this.tally.neverIssued++
    if (attempt.state === 'exchanging' || attempt.state === 'recovering') fail(`${about} was never ended`)

    // Recovery takes over a minute after the claim, by the database's clock, which here is ours.
    const recoveryFromMs = (attempt.claimedAtMs ?? 0) + recoveryAfterS * 1_000
    const times = run.code === null ? [] : (this.presented.get(run.code) ?? [])
    const exchanges = times.filter((at) => at < recoveryFromMs).length
    const recoveries = times.length - exchanges
    this.tally.exchanges += exchanges
    this.tally.recoveries += recoveries
    if (run.mayExchange && run.code !== null) {
      this.tally.mayExchange++
      if (times.length > 0) this.tally.reached++
    }
    if (exchanges > 1) fail(`${about}: its code was exchanged ${exchanges} times`)
    // Where nothing was away when recovery was to begin, it has no excuse to be late.
    const recoveredMs = times.find((at) => at >= recoveryFromMs) ?? 0
    if (this.lastAwayMs < recoveryFromMs && recoveredMs > recoveryFromMs + recoveryWithinMs)
      fail(`${about}: recovery began ${((recoveredMs - recoveryFromMs) / 1_000).toFixed(0)} s late`)
    if (recoveries > 0 && attempt.state === 'saved')
      fail(`${about}: recovery presented the code of a grant that was saved`)
    if (times.length > 0 && !run.mayExchange) fail(`${about}: its code may not be presented`)
    if (attempt.state === 'saved' && !run.maySave) fail(`${about} may not be saved`)
    const told = run.told.find((path) => saidSaved.includes(path))
    if (told && attempt.state !== 'saved') fail(`${about}: the browser was led to ${told}`)
    for (const path of run.told) if (/^\d+$|gave up/.test(path)) fail(`${about}: the browser was left with ${path}`)
  }

  #judgeToken(token: Token, fail: (what: string) => void): void {
    const grant = this.#byHash.get(lookupHash(this.#lookupKey, token.accessToken))
    const about = `a token for ${token.scopes.join(' ')}`
    if (!token.live) {
      this.tally.revoked++
      if (grant?.state === 'live')
        fail(`${about} is dead at the registry (${token.revokedBecause}), its grant lives here`)
      return
    }
    this.tally.saved++
    if (!grant) fail(`${about} lives at the registry, and the database does not know it`)
    else if (grant.state !== 'live') fail(`${about} lives at the registry, its grant is ${grant.state} here`)
    else if (grant.orcid !== token.orcid) fail(`${about} is with another person's grant`)
    else if (this.#open(grant) !== token.accessToken) fail(`${about} is not what its grant has sealed`)
  }

  #open({ id, sealedAccessToken }: GrantRow): string | null {
    const aad = { table: 'grant', row: id, column: 'sealed_access_token', registry: 'local' }
    return sealedAccessToken && this.#ring.open(sealedAccessToken, aad)
  }

  #judgeGrants(run: Run, fail: (what: string) => void): void {
    const issued = new Set(this.registry.tokens.map(({ accessToken }) => lookupHash(this.#lookupKey, accessToken)))
    const grants = this.holdings.grants
      .filter(({ orcid }) => orcid === run.orcid)
      .sort((one, other) => one.grantedAtMs - other.grantedAtMs)
    for (const [index, grant] of grants.entries()) {
      if (!issued.has(grant.accessTokenHash)) fail('a grant holds a token that the registry has never issued')
      const later = grants.slice(index + 1).find(({ scopes }) => grant.scopes.every((scope) => scopes.includes(scope)))
      if (grant.state === 'superseded' && !(later && (grant.endedAtMs ?? 0) >= later.grantedAtMs))
        fail('a grant was superseded before one was there that covers it')
      const hasMore = grant.scopes.some((scope) => scope !== 'openid')
      if (grant.state === 'live' && later && hasMore) fail('an older grant lives although a newer one covers it')
      const successor = grants.find(({ id }) => id === grant.supersededById)
      if (successor && successor.grantedAtMs < grant.grantedAtMs) fail('a grant was superseded by an older one')
    }
    const newest = grants.at(-1)
    if (newest && newest.state !== 'live' && run.withdrawal === 'none' && !run.withdrewAtOrcid)
      fail(`the newest grant is ${newest.state}`)
  }
}

function parseKeys(text: string) {
  return text.split(',').map((entry) => {
    const [id = '', encoded = ''] = entry.split(':')
    return { id, key: Buffer.from(encoded, 'base64') }
  })
}
