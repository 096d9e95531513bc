import { setTimeout as sleep } from 'node:timers/promises'
import { recoveryAfterS } from '@/lib/attempts/attempt'
import { isSettled } from './holdings'
import { type Failure, judge, type Tally } from './oracle'
import { Place } from './place'
import { makePlan } from './plan'
import { type Run, runSchedule } from './schedule'
import { describeStandstill } from './standstill'

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

/** Starts a batch: resolves when its schedules have run, with what judges them after one recovery wait. */
export async function startBatch(order: BatchOrder): Promise<{ judged: Promise<BatchResult> }> {
  const startedAt = performance.now()
  const place = await Place.make()
  try {
    const runs = await runSchedules(place, order)
    await place.calm()
    return { judged: judgeLater(place, runs, order.firstSeed, startedAt) }
  } catch (error) {
    await place.close()
    throw error
  }
}

async function runSchedules(place: Place, { firstSeed, count }: BatchOrder): Promise<Run[]> {
  const runs: Run[] = []
  const underWay = new Set<Promise<void>>()
  for (const [index, orcid] of place.people.slice(0, count).entries()) {
    while (underWay.size >= sideBySide) await Promise.race(underWay)
    const ended: Promise<void> = runSchedule(place, makePlan(firstSeed + index), orcid)
      .then((run) => void runs.push(run))
      .finally(() => underWay.delete(ended))
    underWay.add(ended)
    await sleep(paceMs)
  }
  await Promise.all(underWay)
  return runs.sort((one, other) => one.plan.seed - other.plan.seed)
}

async function judgeLater(place: Place, runs: Run[], firstSeed: number, startedAt: number): Promise<BatchResult> {
  const secondsNow = () => (performance.now() - startedAt) / 1_000
  const ranSeconds = secondsNow()
  try {
    const until = Date.now() + settleForMs
    let settled = false
    while (!settled && Date.now() < until) {
      await sleep(500)
      settled = await isSettled(place.client, recoveryAfterS)
    }
    const standstill = settled ? '' : await describeStandstill(place)
    await place.whenUp()
    const { tally, failures } = await judge(place, runs)
    const { kills, outages } = place
    const killed = place.metByKill.size
    const fired = Object.fromEntries([...place.board.fired].sort())
    const seconds = secondsNow()
    return {
      firstSeed,
      tally,
      kills,
      killed,
      outages,
      fired,
      failures,
      ranSeconds,
      seconds,
      logs: `${place.logs}${standstill}`,
    }
  } finally {
    await place.close()
  }
}
