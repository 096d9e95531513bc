import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '@/scripts/processes'
import type { BatchOrder, BatchResult } from './batch'

export type Results = {
  /** Whether this batch was finished by an earlier run, without a failure. */
  has(batch: BatchOrder): boolean
  add(batch: BatchOrder, result: BatchResult): void
  list(): BatchResult[]
  /** Schedules of this run. */
  madeNow(): number
}

type Line = { build: string; count: number; result: BatchResult }

/** Finished batches, a line of JSON for each, so that a run that was interrupted goes on where it was. */
export function openResults(seed: number, isFresh: boolean): Results {
  const folder = join(root, '.concord', 'faults')
  const file = join(folder, `seed-${seed}.jsonl`)
  mkdirSync(folder, { recursive: true })
  if (isFresh) rmSync(file, { force: true })
  // Results of another build say nothing about this one.
  const build = readFileSync(join(root, '.next', 'standalone', 'sources.sha256'), 'utf8')
  const kept = readLines(file).filter((line) => line.build === build && line.result.failures.length === 0)
  let madeNow = 0
  return {
    has: ({ firstSeed, count }) => kept.some((line) => line.result.firstSeed === firstSeed && line.count === count),
    add: ({ count }, result) => {
      const { logs, ...rest } = result
      writeFileSync(join(folder, `batch-${result.firstSeed}.log`), logs)
      const line: Line = { build, count, result: { ...rest, logs: '' } }
      kept.push(line)
      madeNow += result.tally.schedules
      appendFileSync(file, `${JSON.stringify(line)}\n`)
    },
    list: () => kept.map(({ result }) => result),
    madeNow: () => madeNow,
  }
}

function readLines(file: string): Line[] {
  if (!existsSync(file)) return []
  const whole = readFileSync(file, 'utf8').split('\n').filter(Boolean)
  return whole.map((line) => JSON.parse(line) as Line)
}
