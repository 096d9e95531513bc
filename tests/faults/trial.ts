import { setTimeout as sleep } from 'node:timers/promises'
import { decideAtOrcid } from '@/tests/support/journey'
import type { Answer, Visitor } from '@/tests/support/visitor'
import type { Armed } from './board'
import { disturb } from './disturb'
import type { Environment } from './environment'
import type { Injection, TrialPlan } from './plan'
import type { Run } from './schedule'

/** From the press of a button to its answer, in milliseconds since 1970. */
export type Press = { fromMs: number; toMs: number }

/** What one trial did, as far as the administrator's browser knows. */
export type TrialRun = {
  id: string
  attemptId: string
  code: string | null
  /** The person, where they never connect. */
  stranger: string | null
  presses: Press[]
  /** Presses after the code had brought a token. */
  repeats: Press[]
  /** Whether the administrator has ended it, and was told so. */
  isEnded: boolean
}

/** So often something is tried again that a kill or an outage has met. */
const triesMost = 60
/** So often a code is presented anew that the registry has refused unused. */
const pressesMost = 4

/** Walks the flow by hand as the plan says, in a browser of the administrator's own. */
export async function runTrial(environment: Environment, run: Run, plan: TrialPlan): Promise<void> {
  run.doing = 'has the flow tried'
  const visitor = environment.administrator.clone()
  const orcid = plan.isOwnPerson ? run.orcid : run.stranger
  const trial = await start(environment, visitor, plan.scopes)
  run.trials.push(trial)
  if (!plan.isOwnPerson) trial.stranger = orcid
  const callback = await insist(environment, 'the way to ORCID and back', async () => {
    const page = await visitor.get(pageOf(environment, trial.id))
    const url = /href="(http[^"]*\/oauth\/authorize\?[^"]*)"/.exec(page.body)?.[1]?.replaceAll('&amp;', '&')
    return url ? decideAtOrcid(visitor, await visitor.get(url), { orcid }) : null
  })
  trial.code = new URL(callback).searchParams.get('code')
  await insist(environment, 'the callback', async () => leadsBack(await visitor.get(callback)))

  const { attemptId, code } = trial
  const late: Injection = { at: 'token-request', action: { do: 'latency', ms: plan.lateMs }, afterBytes: 0 }
  const injections = plan.meanwhile === 'nothing' ? [...plan.injections] : [late, ...plan.injections]
  const armed: Armed = { attemptId, code, injections, isTrial: true }
  environment.board.arm(armed)
  await disturb(environment, plan)
  await exchange(environment, trial, plan, visitor)
  for (const use of plan.uses)
    await press(environment, visitor, 'call', [
      ['trial', trial.id],
      ['use', use],
    ])
  if (plan.isRepeated && (await read(environment, trial)).outcome === 'tried')
    trial.repeats.push(await pressExchange(environment, trial, visitor, [['again', 'yes']]))
  if (plan.isEnded) await end(environment, trial, visitor)
  else await passHour(environment, trial)
  environment.board.settle(armed)
  await insist(
    environment,
    'the page of a trial',
    async () => (await visitor.get(pageOf(environment, trial.id))).status === 200,
  )
}

async function start(environment: Environment, visitor: Visitor, scopes: string[]): Promise<TrialRun> {
  const fields = ['openid', ...scopes].map((scope): [string, string] => ['scope', scope])
  const id = await insist(environment, 'the start of a trial', async () => {
    const answer = await visitor.post(`${environment.portal.url}/staff/try/start`, fields)
    return new URL(answer.location ?? '', answer.url).searchParams.get('trial')
  })
  const { rows } = await environment.client.query('select attempt_id::text from trial where id = $1', [id])
  const attemptId = String(rows[0]?.attempt_id)
  return { id, attemptId, code: null, stranger: null, presses: [], repeats: [], isEnded: false }
}

/** Presses, and presses again as long as the page offers the first exchange. */
async function exchange(environment: Environment, trial: TrialRun, plan: TrialPlan, visitor: Visitor): Promise<void> {
  const pressing = [pressExchange(environment, trial, visitor)]
  const { secondPressMs } = plan
  if (secondPressMs !== null)
    pressing.push(sleep(secondPressMs).then(() => pressExchange(environment, trial, visitor.clone())))
  const meanwhile = plan.meanwhile !== 'nothing' && (await isPresented(environment, trial)) ? plan.meanwhile : 'nothing'
  if (meanwhile === 'end') await end(environment, trial, visitor.clone())
  if (meanwhile === 'hour-passes') await passHour(environment, trial)
  trial.presses.push(...(await Promise.all(pressing)))
  while (trial.presses.length < pressesMost) {
    const { state, isOver } = await read(environment, trial)
    if (state !== 'started' || isOver) return
    trial.presses.push(await pressExchange(environment, trial, visitor))
  }
}

/** Waits until the portal has sent the code. False when it does not seem to. */
async function isPresented({ board }: Environment, { code }: TrialRun): Promise<boolean> {
  for (let looks = 0; looks < 100 && !board.presented.has(code ?? ''); looks++) await sleep(20)
  return board.presented.has(code ?? '')
}

async function pressExchange(
  environment: Environment,
  { id }: TrialRun,
  visitor: Visitor,
  more: [string, string][] = [],
): Promise<Press> {
  const fromMs = Date.now()
  await press(environment, visitor, 'exchange', [['trial', id], ...more])
  return { fromMs, toMs: Date.now() }
}

/** Submits a form of the trial's page once. What it answers is looked up afterwards; it may be lost. */
async function press(
  environment: Environment,
  visitor: Visitor,
  form: string,
  fields: [string, string][],
): Promise<Answer | null> {
  await environment.whenUp()
  return visitor.post(`${environment.portal.url}/staff/try/${form}`, fields).catch(() => null)
}

async function end(environment: Environment, trial: TrialRun, visitor: Visitor): Promise<void> {
  await insist(environment, 'the end of a trial', async () => {
    const answer = await press(environment, visitor, 'end', [['trial', trial.id]])
    return answer && leadsBack(answer)
  })
  trial.isEnded = true
}

async function passHour({ client }: Environment, { id, attemptId }: TrialRun): Promise<void> {
  await client.query(`update trial set expires_at = now() - interval '1 second' where id = $1`, [id])
  await client.query(`update authorization_attempt set expires_at = now() - interval '1 second' where id = $1`, [
    attemptId,
  ])
  await client.query(`select graphile_worker.add_job('end-trials', job_key := 'end-trials')`)
}

/** How the trial stands, as its page shows it. */
async function read({ client }: Environment, { id }: TrialRun) {
  const { rows } = await client.query<{ state: string; outcome: string | null; isOver: boolean }>(
    `select a.state::text, a.outcome::text, t.ended_at is not null or t.expires_at <= now() as "isOver"
     from trial t join authorization_attempt a on a.id = t.attempt_id where t.id = $1`,
    [id],
  )
  const [row] = rows
  if (!row) throw new Error('A trial is not in the database')
  return row
}

const pageOf = (environment: Environment, id: string) => `${environment.portal.url}/staff/try?trial=${id}`

const leadsBack = ({ location, url }: Answer) => location !== null && new URL(location, url).pathname === '/staff/try'

/** Does it until it gives something. Nobody waits for an answer while the portal or its database is away. */
async function insist<T>(environment: Environment, what: string, step: () => Promise<T | null | false>): Promise<T> {
  for (let tries = 0; tries < triesMost; ) {
    await environment.whenUp()
    const found = await step().catch(() => null)
    if (found) return found
    if (!environment.isDatabaseUnavailable()) tries++
    await sleep(300)
  }
  throw new Error(`tried ${triesMost} times in vain: ${what}`)
}
