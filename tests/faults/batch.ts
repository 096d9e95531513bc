import { setTimeout as sleep } from 'node:timers/promises'
import { recoveryAfterS } from '@/lib/attempts/attempt'
import { askAboutDoubts, isSettled, passHours } from './holdings'
import { type Failure, judge, noTally, type Tally } from './oracle'
import { Place } from './place'
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
  let place: Place | undefined
  const brokenDown = async (error: unknown) => {
    await place?.close().catch(() => undefined)
    return describeBreakdown(order, error, place?.portal.logs ?? '', startedAt)
  }
  try {
    place = await Place.make()
    const runs = await runSchedules(place, order)
    await place.calm()
    return { judged: judgeLater(place, runs, order.firstSeed, startedAt).catch(brokenDown) }
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

async function runSchedules(place: Place, { firstSeed, count }: BatchOrder): Promise<Run[]> {
  const runs: Run[] = []
  const underWay = new Set<Promise<void>>()
  for (const [index, orcid] of place.people.slice(0, count).entries()) {
    while (underWay.size >= sideBySide) await Promise.race(underWay)
    const plan = makePlan(firstSeed + index)
    const run: Run = {
      plan,
      orcid,
      stranger: place.strangers[index] ?? orcid,
      attempts: [],
      trials: [],
      withdrawal: 'none',
      withdrewAtOrcid: false,
      complaints: [],
      doing: 'begins',
    }
    runs.push(run)
    const ended: Promise<void> = followSchedule(place, run).finally(() => underWay.delete(ended))
    underWay.add(ended)
    await sleep(paceMs)
  }
  await Promise.all(underWay)
  return runs
}

async function followSchedule(place: Place, run: Run): Promise<void> {
  const state = () => `Its person ${run.doing}. ${place.portal.describe()}`
  const ended = within(scheduleWithinS, `the schedule of seed ${run.plan.seed}`, runSchedule(place, run), state)
  await ended.catch((error: Error) => run.complaints.push(error.message))
}

async function judgeLater(place: Place, runs: Run[], firstSeed: number, startedAt: number): Promise<BatchResult> {
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
      settled = await isSettled(place.client, recoveryAfterS, withdrawn)
      if (looks % looksPerQuestion !== 0) continue
      await askAboutDoubts(place.client, withdrawn)
      await passHours(place.client, endedTrials)
    }
    const standstill = settled ? '' : await describeStandstill(place)
    await place.whenUp()
    const { tally, failures } = await within(judgedWithinS, 'the oracle', judge(place, runs))
    return {
      firstSeed,
      tally,
      kills: place.portal.kills,
      killed: place.metByKill.size,
      outages: place.outages,
      fired: Object.fromEntries([...place.board.fired].sort()),
      failures,
      ranSeconds,
      seconds: secondsNow(),
      logs: `${place.portal.logs}${standstill}`,
    }
  } finally {
    await place.close()
  }
}
