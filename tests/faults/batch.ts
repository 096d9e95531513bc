import { setTimeout as sleep } from 'node:timers/promises'
import { recoveryAfterS } from '@/lib/attempts/attempt'
import { Environment } from './environment'
import { askAboutDoubts, isSettled, passHours } from './holdings'
import { type Failure, judge, noTally, type Tally } from './oracle'
import { makePlan } from './plan'
import { type Run, runSchedule } from './schedule'
import { describeStandstill } from './standstill'
import { within } from './within'

export type BatchResult = {
  firstSeed: number
  tally: Tally
  kills: number
  /** Schedules that were under way at a kill. */
  killed: number
  outages: number
  fired: Record<string, number>
  failures: Failure[]
  /** Until its last schedule had ended, and until all was judged. */
  ranSeconds: number
  seconds: number
  /** What the portals said, one after another. */
  logs: string
}

export type BatchOrder = {
  firstSeed: number
  count: number
}

/** So many people at a time at the most. A kill meets all of them, each wherever they are. */
const sideBySide = 16
/** One after another they begin: of a crowd that came at once, the first kill would leave nothing for other faults. */
const paceMs = 900
/** Recovery begins a minute after a claim, its timetable comes every minute, and revocations back off. */
const settleForMs = 200_000
/** Each takes seconds, or some minutes where restarts and outages meet it again and again. */
const scheduleWithinS = 900
const judgedWithinS = 120
const looksPerQuestion = 20

/**
 * Starts a batch: resolves when its schedules have run, with what judges them after one recovery wait. Where it breaks
 * down itself, that is its failure, and other batches go on.
 */
export async function startBatch(order: BatchOrder): Promise<{ judged: Promise<BatchResult> }> {
  const startedAt = performance.now()
  let environment: Environment | undefined
  const brokenDown = async (error: unknown) => {
    await environment?.close().catch(() => undefined)
    return describeBreakdown(order, error, environment?.portal.logs ?? '', startedAt)
  }
  try {
    environment = await Environment.make()
    const runs = await runSchedules(environment, order)
    await environment.calm()
    return { judged: judgeLater(environment, runs, order.firstSeed, startedAt).catch(brokenDown) }
  } catch (error) {
    return { judged: brokenDown(error) }
  }
}

function describeBreakdown({ firstSeed }: BatchOrder, error: unknown, logs: string, startedAt: number): BatchResult {
  const seconds = (performance.now() - startedAt) / 1_000
  const what = `the batch was not judged: ${error instanceof Error ? error.message : error}`
  const counts = { kills: 0, killed: 0, outages: 0, fired: {} }
  const failures = [{ seed: firstSeed, what }]
  return { firstSeed, tally: noTally(), ...counts, failures, ranSeconds: seconds, seconds, logs }
}

async function runSchedules(environment: Environment, { firstSeed, count }: BatchOrder): Promise<Run[]> {
  const runs: Run[] = []
  const underWay = new Set<Promise<void>>()
  for (const [index, orcid] of environment.people.slice(0, count).entries()) {
    while (underWay.size >= sideBySide) await Promise.race(underWay)
    const plan = makePlan(firstSeed + index)
    const run: Run = {
      plan,
      orcid,
      stranger: environment.strangers[index] ?? orcid,
      attempts: [],
      trials: [],
      withdrawal: 'none',
      withdrewAtOrcid: false,
      complaints: [],
      doing: 'begins',
    }
    runs.push(run)
    const ended: Promise<void> = followSchedule(environment, run).finally(() => underWay.delete(ended))
    underWay.add(ended)
    await sleep(paceMs)
  }
  await Promise.all(underWay)
  return runs
}

async function followSchedule(environment: Environment, run: Run): Promise<void> {
  const state = () => `Its person ${run.doing}. ${environment.portal.describe()}`
  const ended = within(scheduleWithinS, `the schedule of seed ${run.plan.seed}`, runSchedule(environment, run), state)
  await ended.catch((error: Error) => run.complaints.push(error.message))
}

async function judgeLater(
  environment: Environment,
  runs: Run[],
  firstSeed: number,
  startedAt: number,
): Promise<BatchResult> {
  const secondsNow = () => (performance.now() - startedAt) / 1_000
  const ranSeconds = secondsNow()
  try {
    const until = Date.now() + settleForMs
    let settled = false
    // What is recorded after somebody withdrew at ORCID is asked about within days; here there are minutes.
    const withdrawn = runs.filter((run) => run.withdrewAtOrcid).map(({ orcid }) => orcid)
    const endedTrials = runs.flatMap(({ trials }) => trials.filter(({ isEnded }) => isEnded).map(({ id }) => id))
    for (let looks = 0; !settled && Date.now() < until; looks++) {
      await sleep(500)
      settled = await isSettled(environment.client, recoveryAfterS, withdrawn)
      if (looks % looksPerQuestion !== 0) continue
      await askAboutDoubts(environment.client, withdrawn)
      await passHours(environment.client, endedTrials)
    }
    const standstill = settled ? '' : await describeStandstill(environment)
    await environment.whenUp()
    const { tally, failures } = await within(judgedWithinS, 'the oracle', judge(environment, runs))
    return {
      firstSeed,
      tally,
      kills: environment.portal.kills,
      killed: environment.metByKill.size,
      outages: environment.outages,
      fired: Object.fromEntries([...environment.board.fired].sort()),
      failures,
      ranSeconds,
      seconds: secondsNow(),
      logs: `${environment.portal.logs}${standstill}`,
    }
  } finally {
    await environment.close()
  }
}
