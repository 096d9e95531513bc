import { writeFileSync } from 'node:fs'
import { type BatchOrder, type BatchResult, startBatch } from './batch'
import { openResults, type Results } from './results'

export type FaultOrder = {
  runs: number
  seed: number
  batchSize: number
  /** Batches whose schedules run at the same time, each in a place of its own. */
  places: number
  /** Forgets what earlier runs with this seed have finished. */
  isFresh: boolean
  /** Where to write counts for `npm test`. */
  reportFile: string | null
}

export const defaultBatchSize = 50

/** What each kind of point begins with. Where none of a kind ever met an attempt, a tap does not see any more what it should. */
const pointKinds = ['claim-', 'save-', 'token-request', 'answer-']
/** So many schedules, or trials, meet every kind of point. */
const enoughToMeet = 40

/** Runs schedules batch after batch, judges them, and says how it went. True when nothing failed. */
export async function runFaults(order: FaultOrder): Promise<boolean> {
  const startedAt = performance.now()
  const results = openResults(order.seed, order.isFresh)
  console.log(`Fault schedules from seed ${order.seed}`)
  await runBatches(order, results)
  const seconds = (performance.now() - startedAt) / 1_000
  const all = results.list()
  const fired = sumFired(all)
  summarise(all, fired, seconds, results.madeNow())
  const failedIn = ({ failures }: BatchResult) => new Set(failures.map(({ seed }) => seed)).size
  const failed = all.reduce((sum, result) => sum + failedIn(result), 0)
  const passed = all.reduce((sum, result) => sum + Math.max(0, result.tally.schedules - failedIn(result)), 0)
  const schedules = all.reduce((sum, { tally }) => sum + tally.schedules, 0)
  const trials = all.reduce((sum, { tally }) => sum + tally.trials, 0)
  const expected = [
    ...(schedules < enoughToMeet ? [] : pointKinds),
    ...(trials < enoughToMeet ? [] : pointKinds.map((kind) => `trial ${kind}`)),
  ]
  const unmet = expected.filter((kind) => !hasKind(fired, kind))
  if (unmet.length > 0)
    console.log(`No fault met an attempt at ${unmet.join(', ')}: the proxies do not see these any more`)
  if (order.reportFile) writeFileSync(order.reportFile, JSON.stringify({ passed, failed }))
  return failed === 0 && schedules > 0 && unmet.length === 0
}

/** While some batches wait for recovery, which costs nothing but time, others run. */
async function runBatches(order: FaultOrder, results: Results): Promise<void> {
  const ahead = listBatches(order).filter((batch) => !results.has(batch))
  const waiting = new Set<Promise<void>>()
  const work = async () => {
    for (let batch = ahead.shift(); batch; batch = ahead.shift()) {
      const current = batch
      while (waiting.size > order.places) await Promise.race(waiting)
      const { judged } = await startBatch(current)
      const settled: Promise<void> = judged
        .then((result) => keep(results, current, result))
        .finally(() => waiting.delete(settled))
      waiting.add(settled)
    }
  }
  await Promise.all(Array.from({ length: order.places }, work))
  await Promise.all(waiting)
}

function listBatches({ runs, seed, batchSize }: FaultOrder): BatchOrder[] {
  return Array.from({ length: Math.ceil(runs / batchSize) }, (_, index) => ({
    firstSeed: seed + index * batchSize,
    count: Math.min(batchSize, runs - index * batchSize),
  }))
}

function keep(results: Results, batch: BatchOrder, result: BatchResult): void {
  results.add(batch, result)
  const { tally, kills, failures, ranSeconds, seconds } = result
  const last = result.firstSeed + batch.count - 1
  const mark = failures.length > 0 ? '✗' : '✓'
  console.log(
    `${mark} seeds ${result.firstSeed}–${last}: ${tally.reached} of ${tally.mayExchange} attempts reached the exchange, ${tally.saved} saved, ${tally.revoked} revoked, ${tally.neverIssued} attempts without a token, ${tally.recoveries} recoveries, ${kills} kills, ${seconds.toFixed(0)} s (${ranSeconds.toFixed(0)} s until the last schedule ended)`,
  )
  for (const { seed, what } of failures) console.log(`    seed ${seed}: ${what}`)
  if (failures.length === 0) return
  console.log(`  The portal's log: .concord/faults/batch-${result.firstSeed}.log`)
  console.log(`  Again: ${replayCommand(result, batch)}`)
}

/**
 * One schedule alone where only one failed and nothing of the others could disturb it, else the whole batch: a kill or an
 * outage meets everybody who is under way.
 */
function replayCommand({ firstSeed, failures, kills, outages }: BatchResult, { count }: BatchOrder): string {
  const seeds = new Set(failures.map(({ seed }) => seed))
  const [seed = firstSeed] = seeds
  const isAlone = seeds.size === 1 && kills + outages <= 1
  const runs = isAlone ? 1 : count
  const batch = runs > defaultBatchSize ? ` --batch ${runs}` : ''
  return `npm run test:faults -- --fresh --runs ${runs} --seed ${isAlone ? seed : firstSeed}${batch}`
}

function sumFired(all: BatchResult[]): Map<string, number> {
  const fired = new Map<string, number>()
  for (const result of all) {
    for (const [name, times] of Object.entries(result.fired)) fired.set(name, (fired.get(name) ?? 0) + times)
  }
  return fired
}

const hasKind = (fired: Map<string, number>, kind: string) => [...fired.keys()].some((name) => name.startsWith(kind))

function summarise(all: BatchResult[], fired: Map<string, number>, seconds: number, madeNow: number): void {
  const total = (count: (result: BatchResult) => number) => all.reduce((sum, result) => sum + count(result), 0)
  const tally = (name: keyof BatchResult['tally']) => total((result) => result.tally[name])
  console.log(`
${tally('schedules')} schedules, ${tally('attempts')} attempts, ${total(({ outages }) => outages)} outages of the database
kills: ${total(({ kills }) => kills)}, which met ${total(({ killed }) => killed)} schedules under way
tokens: ${tally('saved')} saved, ${tally('revoked')} revoked; ${tally('neverIssued')} attempts without a token
codes: ${tally('reached')} of ${tally('mayExchange')} attempts that may reach the exchange did; ${tally('exchanges')} exchanged, ${tally('recoveries')} presented again by recovery
trials: ${tally('trials')}, of which ${tally('trialsReached')} presented their code, ${tally('trialsTried')} kept the token for its hour, ${tally('trialsRepeated')} used the code again on purpose; ${tally('trialTokens')} tokens; ${tally('trialRecoveries')} codes presented again by recovery
faults that met an attempt at their point: ${[...fired.values()].reduce((sum, times) => sum + times, 0)} of ${fired.size} kinds
failures: ${total(({ failures }) => failures.length)}
${madeNow} schedules in ${seconds.toFixed(0)} s, ${((madeNow / seconds) * 60).toFixed(1)} a minute`)
}
