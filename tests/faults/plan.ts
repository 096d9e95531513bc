import { makeRandom, type Random } from './random'
import { planTrialCourse, type TrialCourse } from './trial-plan'

/** What the proxies can see of one attempt, in the order in which it happens. */
const databasePoints = [
  'claim-sent',
  'claim-answered',
  'claim-commit-sent',
  'claim-commit-answered',
  'save-sent',
  'save-answered',
  'save-commit-sent',
  'save-commit-answered',
] as const
const registryPoints = [
  'token-request',
  'answer-first-byte',
  'answer-some-byte',
  'answer-last-byte',
  'recovery-request',
] as const
export type Point = (typeof databasePoints)[number] | (typeof registryPoints)[number]

/** What happens there. `deliver`: whether what was just seen still arrives. */
export type Action =
  | { do: 'kill' | 'reset' | 'blackhole'; deliver: boolean }
  | { do: 'latency'; ms: number }
  | { do: 'database-away'; ms: number; deliver: boolean }
  | { do: 'slow-close'; ms: number }
  /** The registry refuses connections for so long. */
  | { do: 'refuse'; ms: number }
  | { do: 'registry'; fault: RegistryFault }
export type Injection = { at: Point; action: Action; afterBytes: number }

export type RegistryFault =
  | 'slow'
  | 'html_500'
  | 'unavailable_503'
  | 'too_many_429'
  | 'html_500_issued'
  | 'cut'
  | 'torn_json'
  | 'expires_in_string'
  | 'fewer_scopes'
  | 'extra_fields'
  | 'wrong_sub'
  | 'wrong_nonce'
  | 'no_id_token'
  | ForeignFault

/** Something between the portal and the registry answers in the registry's name; `issued` once the request was processed. */
export type ForeignFault =
  | 'foreign_403_html'
  | 'foreign_400_json'
  | 'foreign_400_oauth_error'
  | 'foreign_200_text'
  | 'foreign_403_html_issued'
  | 'foreign_403_gzip_issued'
  | 'foreign_400_html_issued'
  | 'foreign_200_html_issued'
  | 'foreign_200_json_issued'

export type Manner =
  | 'once'
  | 'replayed'
  | 'parallel'
  | 'late'
  | 'expired'
  | 'cross-browser'
  | 'tampered-state'
  | 'injected-code'
  | 'tabs'
  | 'denied'

export type AttemptPlan = {
  scopes: string[]
  manner: Manner
  /** Of callbacks that are sent at the same moment. */
  parallel: number
  injections: Injection[]
  /** A `kill -9` this long after the callback was sent, wherever that is. */
  killAfterMs: number | null
  /** How the registry answers the next request to revoke. */
  revokeFault: 'slow' | 'html_500' | 'unavailable_503' | 'cut' | ForeignFault | null
}

/**
 * What becomes of somebody's tokens at the API once their attempts are over. Everything passes but `withdrawn`: the person
 * takes the permission back at ORCID, which has to be found.
 */
export type DoubtPlan =
  | { kind: 'refused' | 'unverified'; times: number; alsoAtUserinfo: boolean }
  | { kind: 'refused-for-a-while' | 'all-refused'; forMs: number; alsoAtUserinfo: boolean }
  | { kind: 'foreign'; fault: ForeignFault; times: number }
  | { kind: 'withdrawn' }

/** A trial by an administrator. What breaks meets its exchange, as it meets that of a callback. */
export type TrialPlan = TrialCourse & Pick<AttemptPlan, 'scopes' | 'injections' | 'killAfterMs' | 'revokeFault'>

export type Plan = {
  seed: number
  attempts: AttemptPlan[]
  withdraws: boolean
  doubt: DoubtPlan | null
  trial: TrialPlan | null
}

/** An attempt asks for the first so many of them; one that names none asks for all that the portal asks for. */
const scopeNames = ['/read-limited', '/activities/update', '/person/update']

/** The schedule of one person: the same for the same seed, whatever runs beside it. */
export function makePlan(seed: number): Plan {
  const random = makeRandom(seed)
  const attempts = random.chance(0.35) ? planReturn(random) : [planAttempt(random)]
  for (let further = Number(random.weighted({ 0: 6, 1: 3, 2: 1 })); further > 0; further--)
    attempts.push(planAttempt(random))
  const withdraws = random.chance(0.12)
  const doubt = random.chance(0.5) ? planDoubt(random) : null
  const trial = random.chance(0.5) ? { ...planAttempt(random), ...planTrialCourse(random) } : null
  return { seed, attempts, withdraws, doubt, trial }
}

/**
 * Somebody who has connected, mostly without trouble, and comes again, for the same permissions, more or fewer. While
 * that is recorded something breaks: the earlier grant has to outlive everything but a later one that covers it.
 */
function planReturn(random: Random): AttemptPlan[] {
  const size = random.int(1, 3)
  const earlier = planAttempt(random)
  const calm: AttemptPlan = { ...earlier, manner: leadsThrough(earlier.manner), injections: [], killAfterMs: null }
  const again = Math.min(size + Number(random.weighted({ 0: 4, 1: 4, '-1': 2 })), 3)
  const struck: Injection = { at: random.pick(savePoints), action: planSaveAction(random), afterBytes: 0 }
  const first = random.chance(0.8) ? calm : earlier
  const second = planAttempt(random)
  return [
    { ...first, scopes: scopeNames.slice(0, size) },
    { ...second, scopes: scopeNames.slice(0, again), manner: leadsThrough(second.manner), injections: [struck] },
  ]
}

const leadsThrough = (manner: Manner): Manner =>
  manner === 'expired' || manner === 'injected-code' || manner === 'denied' ? 'once' : manner

/** At these points nothing of the record is committed yet. */
const savePoints = ['save-sent', 'save-answered', 'save-commit-sent'] as const

/** More than half of them are kills, because a callback that lives records what it has in the end. */
function planSaveAction(random: Random): Action {
  const kind = random.weighted({ kill: 12, away: 2, reset: 3, blackhole: 2, latency: 2 })
  if (kind === 'latency') return { do: 'latency', ms: random.int(50, 2_500) }
  if (kind === 'away') return { do: 'database-away', ms: planOutage(random), deliver: false }
  return { do: kind, deliver: false }
}

function planAttempt(random: Random): AttemptPlan {
  const manner = random.weighted<Manner>({
    once: 30,
    replayed: 8,
    parallel: 14,
    late: 5,
    expired: 3,
    'cross-browser': 5,
    'tampered-state': 5,
    'injected-code': 9,
    tabs: 6,
    denied: 3,
  })
  const injections = random.chance(0.72) ? [planInjection(random)] : []
  if (injections.length > 0 && random.chance(0.15)) injections.push(planRecoveryInjection(random))
  return {
    scopes: scopeNames.slice(0, random.int(0, 3)),
    manner,
    parallel: random.int(2, 8),
    injections,
    killAfterMs: random.chance(0.04) ? random.int(0, 900) : null,
    revokeFault: random.chance(0.15) ? random.pick(revokeFaults) : null,
  }
}

const revokeFaults = [
  'slow',
  'html_500',
  'unavailable_503',
  'cut',
  'foreign_200_text',
  'foreign_403_html',
  'foreign_200_html_issued',
] as const

function planDoubt(random: Random): DoubtPlan {
  const kind = random.weighted<DoubtPlan['kind']>({
    refused: 4,
    unverified: 2,
    'refused-for-a-while': 3,
    'all-refused': 1,
    foreign: 2,
    withdrawn: 3,
  })
  const alsoAtUserinfo = random.chance(0.6)
  if (kind === 'withdrawn') return { kind }
  if (kind === 'foreign') return { kind, fault: random.pick(foreignFaults), times: random.int(1, 4) }
  if (kind === 'refused' || kind === 'unverified') return { kind, times: random.int(1, 3), alsoAtUserinfo }
  return { kind, forMs: random.int(500, 5_000), alsoAtUserinfo }
}

const foreignFaults = [
  'foreign_403_html',
  'foreign_400_json',
  'foreign_403_gzip_issued',
  'foreign_200_html_issued',
  'foreign_200_json_issued',
] as const

function planInjection(random: Random): Injection {
  const atDatabase = random.chance(0.5)
  const afterBytes = random.int(1, 1_400)
  if (atDatabase) {
    const at = random.pick(databasePoints)
    return { at, action: planDatabaseAction(random, at === 'claim-commit-answered'), afterBytes }
  }
  const at = random.weighted({
    'token-request': 5,
    'answer-first-byte': 2,
    'answer-some-byte': 2,
    'answer-last-byte': 2,
  })
  return { at, action: planRegistryAction(random, at === 'token-request'), afterBytes }
}

function planDatabaseAction(random: Random, isBeforeExchange: boolean): Action {
  const refuse = isBeforeExchange ? 40 : 0
  const kind = random.weighted({ kill: 14, reset: 30, blackhole: 10, latency: 20, away: 20, refuse })
  const deliver = random.chance(0.5)
  if (kind === 'latency') return { do: 'latency', ms: random.int(50, 2_500) }
  if (kind === 'away') return { do: 'database-away', ms: planOutage(random), deliver }
  // Briefly, because it meets everybody, and without the registry's keys an attempt ends before there is anything to lose.
  if (kind === 'refuse') return { do: 'refuse', ms: random.int(50, 300) }
  return { do: kind, deliver }
}

function planRegistryAction(random: Random, isRequest: boolean): Action {
  const kind = random.weighted({
    kill: 14,
    reset: 20,
    blackhole: 5,
    latency: 8,
    away: 8,
    slow: isRequest ? 0 : 8,
    registry: isRequest ? 100 : 0,
  })
  const deliver = random.chance(0.5)
  if (kind === 'latency') return { do: 'latency', ms: random.int(50, 2_500) }
  if (kind === 'slow') return { do: 'slow-close', ms: random.int(200, 2_500) }
  if (kind === 'away') return { do: 'database-away', ms: planOutage(random), deliver: true }
  if (kind === 'registry') return { do: 'registry', fault: planRegistryFault(random) }
  return { do: kind, deliver }
}

/** Now and then longer than a callback goes on trying to record what it has, which is 20 seconds. */
const planOutage = (random: Random) => (random.chance(0.08) ? random.int(21_000, 24_000) : random.int(200, 4_000))

const planRegistryFault = (random: Random) =>
  random.weighted<RegistryFault>({
    slow: 2,
    html_500: 2,
    unavailable_503: 1,
    too_many_429: 1,
    html_500_issued: 3,
    cut: 3,
    torn_json: 3,
    expires_in_string: 1,
    fewer_scopes: 2,
    extra_fields: 1,
    // Nothing is wrong with these tokens but that they must not be kept.
    wrong_sub: 5,
    wrong_nonce: 5,
    no_id_token: 5,
    // The token lives, and nobody has read it.
    foreign_403_html_issued: 3,
    foreign_403_gzip_issued: 2,
    foreign_400_html_issued: 3,
    foreign_200_html_issued: 2,
    foreign_200_json_issued: 2,
    foreign_403_html: 1,
    foreign_400_json: 1,
    foreign_400_oauth_error: 1,
    foreign_200_text: 1,
  })

/** Recovery meets trouble as well, and has to come again. */
function planRecoveryInjection(random: Random): Injection {
  const kind = random.weighted({ reset: 4, kill: 2, cut: 2, down: 2, foreign: 4 })
  const action: Action =
    kind === 'reset' || kind === 'kill'
      ? { do: kind, deliver: random.chance(0.5) }
      : { do: 'registry', fault: recoveryFaults[kind] }
  return { at: 'recovery-request', action, afterBytes: 0 }
}

const recoveryFaults = { cut: 'cut', down: 'unavailable_503', foreign: 'foreign_400_html_issued' } as const
