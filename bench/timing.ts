/** The middle one of several figures. */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

export async function timeMs(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

/** Median times of several works in ms; all are done in turn, so that whatever else the machine does meets each alike. */
export async function timeInTurn(works: readonly (() => Promise<unknown>)[], rounds: number): Promise<number[]> {
  const times = works.map((): number[] => [])
  for (let round = 0; round < rounds; round++) {
    for (const [place, work] of works.entries()) times[place]?.push(await timeMs(work))
  }
  return times.map(median)
}

/** How many of these are done in a second when `lanes` are under way at any time, for each of several works in turn. */
export async function perSecondInTurn(works: readonly (() => Promise<unknown>)[], seconds: number): Promise<number[]> {
  const lanes = 4
  const rounds = 3
  const rates = works.map((): number[] => [])
  for (let round = 0; round < rounds; round++) {
    for (const [place, work] of works.entries()) {
      const startedAt = performance.now()
      const until = startedAt + (seconds * 1_000) / rounds
      let done = 0
      const lane = async () => {
        for (; performance.now() < until; done++) await work()
      }
      await Promise.all(Array.from({ length: lanes }, lane))
      rates[place]?.push((done * 1_000) / (performance.now() - startedAt))
    }
  }
  return rates.map(median)
}

/** One line of the table: what was measured, against what, and what it must come to. */
export type Figure = {
  what: string
  /** Times in ms, rates per second, as the heading of the part says. */
  value: number
  against?: number
  /** value ÷ against. */
  ratio?: number
  atMost?: number
  atLeast?: number
  note?: string
}

export function isMissed({ ratio, value, atMost, atLeast }: Figure): boolean {
  const judged = ratio ?? value
  return (atMost !== undefined && !(judged <= atMost)) || (atLeast !== undefined && !(judged >= atLeast))
}
