import { setTimeout as sleep } from 'node:timers/promises'
import { recoveryAfterS } from '@/lib/attempts/attempt'
import { isSettled } from './holdings'
import { type Failure, judge, type Tally } from './oracle'
import { Place } from './place'
import { makePlan } from './plan'
import { type Run, runSchedule } from './schedule'

export type BatchResult = {
  firstSeed: number
  tally: Tally
  kills: number
  outages: number
  fired: Record<string, number>
  failures: Failure[]
  seconds: number
  /** What the portals said, one after another. */
  logs: string
}

export type BatchOrder = {
  firstSeed: number
  /** At least so many schedules. */
  count: number
  /** Further ones are begun until then, in milliseconds since 1970. */
  untilMs?: number
}

/** So many people at a time. A kill meets all of them, each wherever they are. */
const sideBySide = 16
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

async function runSchedules(place: Place, { firstSeed, count, untilMs = 0 }: BatchOrder): Promise<Run[]> {
  const runs: Run[] = []
  let begun = 0
  const work = async () => {
    for (;;) {
      const index = begun
      const orcid = place.people[index]
      if (!orcid || (index >= count && Date.now() >= untilMs)) return
      begun++
      runs.push(await runSchedule(place, makePlan(firstSeed + index), orcid))
    }
  }
  await Promise.all(Array.from({ length: Math.min(sideBySide, untilMs ? sideBySide : count) }, work))
  return runs.sort((one, other) => one.plan.seed - other.plan.seed)
}

async function judgeLater(place: Place, runs: Run[], firstSeed: number, startedAt: number): Promise<BatchResult> {
  try {
    const until = Date.now() + settleForMs
    while (!(await isSettled(place.client, recoveryAfterS)) && Date.now() < until) await sleep(500)
    await place.whenUp()
    const { tally, failures } = await judge(place, runs)
    const { kills, outages } = place
    const fired = Object.fromEntries([...place.board.fired].sort())
    const seconds = (performance.now() - startedAt) / 1_000
    return { firstSeed, tally, kills, outages, fired, failures, seconds, logs: place.logs }
  } finally {
    await place.close()
  }
}
