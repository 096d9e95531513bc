import { writeFileSync } from 'node:fs'
import { type BatchOrder, type BatchResult, startBatch } from './batch'
import { openResults, type Results } from './results'

export type FaultOrder = {
  runs: number
  seed: number
  /** Instead of a number of runs: new schedules are begun for so long that everything is judged by about then. */
  seconds: number | null
  batchSize: number
  /** Forgets what earlier runs with this seed have finished. */
  isFresh: boolean
  /** Where to write counts for `npm test`. */
  reportFile: string | null
}

/** Batches that wait for recovery beside the one that runs; each has a portal and connections of its own. */
const waitingMost = 2
/** What one recovery wait takes, with the shutdown after it. */
const recoveryWaitS = 75
const fewestInTime = 40

/** Runs schedules batch after batch, judges them, and says how it went. True when nothing failed. */
export async function runFaults(order: FaultOrder): Promise<boolean> {
  const startedAt = performance.now()
  const results = openResults(order.seed, order.isFresh || order.seconds !== null)
  console.log(`Fault schedules from seed ${order.seed}`)
  const waiting = new Set<Promise<void>>()
  for (const batch of listBatches(order)) {
    if (results.has(batch)) continue
    while (waiting.size >= waitingMost) await Promise.race(waiting)
    const { judged } = await startBatch(batch)
    const settled: Promise<void> = judged
      .then((result) => keep(results, batch, result, order))
      .finally(() => waiting.delete(settled))
    waiting.add(settled)
  }
  await Promise.all(waiting)
  const seconds = (performance.now() - startedAt) / 1_000
  const all = results.list()
  summarise(all, seconds, results.madeNow())
  const failed = new Set(all.flatMap(({ failures }) => failures.map(({ seed }) => seed))).size
  const schedules = all.reduce((sum, { tally }) => sum + tally.schedules, 0)
  if (order.reportFile) writeFileSync(order.reportFile, JSON.stringify({ passed: schedules - failed, failed }))
  return failed === 0 && schedules > 0
}

function listBatches({ runs, seed, seconds, batchSize }: FaultOrder): BatchOrder[] {
  if (seconds !== null) {
    const untilMs = Date.now() + Math.max(0, seconds - recoveryWaitS) * 1_000
    return [{ firstSeed: seed, count: fewestInTime, untilMs }]
  }
  return Array.from({ length: Math.ceil(runs / batchSize) }, (_, index) => ({
    firstSeed: seed + index * batchSize,
    count: Math.min(batchSize, runs - index * batchSize),
  }))
}

function keep(results: Results, batch: BatchOrder, result: BatchResult, order: FaultOrder): void {
  results.add(batch, result)
  const { tally, kills, failures, seconds } = result
  const last = result.firstSeed + tally.schedules - 1
  const mark = failures.length > 0 ? '✗' : '✓'
  console.log(
    `${mark} seeds ${result.firstSeed}–${last}: ${tally.saved} saved, ${tally.revoked} revoked, ${tally.neverIssued} trips without a token, ${tally.recoveries} recoveries, ${kills} kills, ${seconds.toFixed(0)} s`,
  )
  for (const { seed, what } of failures) console.log(`    seed ${seed}: ${what}`)
  if (failures.length === 0) return
  console.log(`  The portal's log: .concord/faults/batch-${result.firstSeed}.log`)
  console.log(`  Again: ${replayCommand(result, order)}`)
}

/**
 * One schedule alone where only one failed and nothing of the others could disturb it, else the whole batch: a kill or an
 * outage meets everybody who is under way.
 */
function replayCommand({ firstSeed, tally, failures, kills, outages }: BatchResult, { batchSize }: FaultOrder): string {
  const seeds = new Set(failures.map(({ seed }) => seed))
  const [seed = firstSeed] = seeds
  const isAlone = seeds.size === 1 && kills + outages <= 1
  const runs = isAlone ? 1 : tally.schedules
  const batch = runs > batchSize ? ` --batch ${runs}` : ''
  return `npm run test:faults -- --fresh --runs ${runs} --seed ${isAlone ? seed : firstSeed}${batch}`
}

function summarise(all: BatchResult[], seconds: number, madeNow: number): void {
  const total = (count: (result: BatchResult) => number) => all.reduce((sum, result) => sum + count(result), 0)
  const tally = (name: keyof BatchResult['tally']) => total((result) => result.tally[name])
  const fired = new Map<string, number>()
  for (const result of all) {
    for (const [name, times] of Object.entries(result.fired)) fired.set(name, (fired.get(name) ?? 0) + times)
  }
  console.log(`
${tally('schedules')} schedules, ${tally('trips')} trips, ${total(({ kills }) => kills)} kills, ${total(({ outages }) => outages)} outages of the database
tokens: ${tally('saved')} saved, ${tally('revoked')} revoked; ${tally('neverIssued')} trips without a token
codes: ${tally('exchanges')} exchanged, ${tally('recoveries')} presented again by recovery
faults that met a trip at their point: ${[...fired.values()].reduce((sum, times) => sum + times, 0)} of ${fired.size} kinds
failures: ${total(({ failures }) => failures.length)}
${madeNow} schedules in ${seconds.toFixed(0)} s, ${((madeNow / seconds) * 60).toFixed(1)} a minute`)
}
