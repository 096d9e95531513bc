import { setTimeout as sleep } from 'node:timers/promises'
import { hashSecret } from '@/lib/crypto/secrets'
import { goToOrcid } from '@/tests/support/journey'
import { Visitor } from '@/tests/support/visitor'
import type { Armed } from './board'
import { disturb } from './disturb'
import { castDoubt } from './doubt'
import type { Environment } from './environment'
import type { AttemptPlan, Plan } from './plan'
import { runTrial, type TrialRun } from './trial'

/** What one attempt did, as far as a browser and the proxies know. */
export type AttemptRun = {
  manner: AttemptPlan['manner']
  attemptId: string
  code: string | null
  /** Where the holder of the attempt was led, once for each tab. */
  told: string[]
  mayExchange: boolean
  maySave: boolean
}

export type Run = {
  plan: Plan
  orcid: string
  /** Somebody who goes to ORCID for a trial at the most. */
  stranger: string
  attempts: AttemptRun[]
  trials: TrialRun[]
  /** Whether the person has asked to take everything back, and was told that it is done. */
  withdrawal: 'none' | 'asked' | 'done'
  /** Whether they have taken everything back at ORCID itself. */
  withdrewAtOrcid: boolean
  complaints: string[]
  /** What the person is at just now, for whoever waits for it in vain. */
  doing: string
}

/** Reloads after which a person gives up. They are counted, not timed: a restart may be slow where much runs at once. */
const reloadsMost = 60

/** Does what the plan says, as one person with browsers of their own. */
export async function runSchedule(environment: Environment, run: Run): Promise<void> {
  const { plan } = run
  const { trial } = plan
  const visitor = new Visitor()
  environment.underWay.add(plan.seed)
  try {
    if (trial?.isBeforeAttempts) await runTrial(environment, run, trial)
    for (const attempt of plan.attempts) await new Attempt(environment, run, attempt, visitor).take()
    if (trial && !trial.isBeforeAttempts) await runTrial(environment, run, trial)
    if (plan.doubt) await castDoubt(environment, run, plan.doubt, visitor)
    if (plan.withdraws) await withdraw(environment, run, visitor)
  } catch (error) {
    run.complaints.push(error instanceof Error ? error.message : String(error))
  } finally {
    environment.underWay.delete(plan.seed)
    run.doing = 'has finished'
  }
}

type Departure = { url: URL; attemptId: string; code: string | null }

class Attempt {
  constructor(
    readonly environment: Environment,
    readonly run: Run,
    readonly plan: AttemptPlan,
    readonly visitor: Visitor,
  ) {}

  async take(): Promise<void> {
    const { plan, visitor } = this
    const before = plan.manner === 'tabs' ? await this.depart(visitor) : null
    const stranger = plan.manner === 'injected-code' ? new Visitor() : null
    const foreign = stranger ? await this.depart(stranger) : null
    const own = await this.depart(visitor)
    if (before) this.note(before, { mayExchange: false, maySave: false })
    if (foreign?.code) {
      this.note({ ...foreign, code: null }, { mayExchange: false, maySave: false })
      own.url.searchParams.set('code', foreign.code)
      own.code = foreign.code
    }
    const attempt = this.note(own, {
      mayExchange: plan.manner !== 'expired',
      maySave: !foreign && plan.manner !== 'expired',
    })
    const armed: Armed = { attemptId: own.attemptId, code: own.code, injections: [...plan.injections], isTrial: false }
    this.environment.board.arm(armed)
    await this.prepare()
    if (before) await this.arrive(visitor, before.url)
    await this.comeBack(own, attempt)
    this.environment.board.settle(armed)
  }

  /** From the button to the redirect that leads back, as often as it takes; nobody leaves while the database is away. */
  async depart(visitor: Visitor): Promise<Departure> {
    const { environment, plan, run } = this
    run.doing = `leaves for ORCID in attempt ${run.attempts.length + 1}, ${plan.manner}`
    for (let tries = 1; ; ) {
      await environment.whenUp()
      try {
        const decision = plan.manner === 'denied' ? 'deny' : 'authorize'
        const url = new URL(await goToOrcid(environment, visitor, { orcid: run.orcid, scopes: plan.scopes, decision }))
        const state = url.searchParams.get('state') ?? ''
        const found = await environment.client.query(
          'select id::text from authorization_attempt where state_hash = $1',
          [hashSecret(state)],
        )
        return { url, attemptId: String(found.rows[0]?.id), code: url.searchParams.get('code') }
      } catch (error) {
        if (tries === reloadsMost) throw error
        if (!environment.isDatabaseUnavailable()) tries++
        await sleep(300)
      }
    }
  }

  note({ attemptId, code }: Departure, rules: Pick<AttemptRun, 'mayExchange' | 'maySave'>): AttemptRun {
    const attempt: AttemptRun = { manner: this.plan.manner, attemptId, code, told: [], ...rules }
    this.run.attempts.push(attempt)
    return attempt
  }

  async prepare(): Promise<void> {
    const { environment, plan } = this
    if (plan.manner === 'expired') {
      await environment.client.query(
        "update authorization_attempt set expires_at = now() - interval '1 second' where id = $1",
        [this.run.attempts.at(-1)?.attemptId],
      )
    }
    await disturb(environment, plan)
  }

  async comeBack(own: Departure, attempt: AttemptRun): Promise<void> {
    const { plan, visitor } = this
    if (plan.manner === 'cross-browser') await this.intrude(own, new Visitor(), own.url)
    if (plan.manner === 'tampered-state') await this.intrude(own, visitor.clone(), tamper(own.url))
    if (plan.manner === 'late') await sleep(4_000)
    const copies = plan.manner === 'parallel' ? plan.parallel : 1
    const tabs = [visitor, ...Array.from({ length: copies - 1 }, () => visitor.clone())]
    attempt.told.push(...(await Promise.all(tabs.map((tab) => this.arrive(tab, own.url)))))
    if (plan.manner === 'replayed') attempt.told.push(await this.arrive(visitor, own.url))
  }

  /** A callback that is not this browser's, or not ORCID's, must leave the attempt as it was. */
  async intrude(own: Departure, intruder: Visitor, url: URL): Promise<void> {
    await this.arrive(intruder, url)
    const { rows } = await this.environment.client.query(
      'select state::text from authorization_attempt where id = $1',
      [own.attemptId],
    )
    if (rows[0]?.state !== 'started')
      this.run.complaints.push(`A ${this.plan.manner} callback left the attempt ${rows[0]?.state}`)
  }

  /** Visits the callback, reloads where a browser or a person would, and gives the path of the page at the end. */
  async arrive(visitor: Visitor, callback: URL): Promise<string> {
    const { environment, run, plan } = this
    run.doing = `comes back in attempt ${run.attempts.length}, ${plan.manner}`
    let next = callback.href
    let looks = 0
    for (let reloads = 0; reloads < reloadsMost; reloads++) {
      await environment.whenUp()
      const answer = await visitor.get(next).catch(() => null)
      if (!answer || answer.status === 503) {
        await sleep(answer ? 1_000 : 200)
        continue
      }
      if (answer.status >= 500) run.complaints.push(`The callback answered ${answer.status}`)
      const path = answer.location ? new URL(answer.location, next).pathname : String(answer.status)
      if (path !== '/connect/in-progress' || ++looks > 1) return path
      next = `${environment.portal.url}/connect/in-progress/check`
      await sleep(1_000)
    }
    return 'gave up'
  }
}

function tamper(url: URL): URL {
  const state = url.searchParams.get('state') ?? ''
  const tampered = new URL(url)
  tampered.searchParams.set('state', `${state.startsWith('A') ? 'B' : 'A'}${state.slice(1)}`)
  return tampered
}

async function withdraw(environment: Environment, run: Run, visitor: Visitor): Promise<void> {
  run.withdrawal = 'asked'
  run.doing = 'takes everything back'
  await environment.whenUp()
  const answer = await visitor.post(`${environment.portal.url}/me/withdrawal`).catch(() => null)
  if (answer?.location && new URL(answer.location, answer.url).pathname === '/me/withdrawn') run.withdrawal = 'done'
}
