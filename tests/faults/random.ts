/** Numbers that look random and are the same for the same seed, so that a run can be repeated. */
export type Random = {
  /** From `least` to `most`, both included. */
  int(least: number, most: number): number
  chance(probability: number): boolean
  pick<const T>(from: readonly T[]): T
  /** One of the names, as often as its weight says. */
  weighted<T extends string>(weights: Record<T, number>): T
}

/** Mulberry32 (https://gist.github.com/tommyettinger/46a874533244883189143505d203312c), public domain. */
export function makeRandom(seed: number): Random {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const int = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))
  return {
    int,
    chance: (probability) => next() < probability,
    pick: <const T>(from: readonly T[]) => {
      const [found] = from.slice(int(0, from.length - 1))
      if (found === undefined) throw new Error('There is nothing to choose from')
      return found
    },
    weighted: <T extends string>(weights: Record<T, number>) => {
      const entries = Object.entries(weights) as [T, number][]
      let left = next() * entries.reduce((sum, [, weight]) => sum + weight, 0)
      for (const [name, weight] of entries) {
        left -= weight
        if (left < 0) return name
      }
      throw new Error('There is nothing to choose from')
    },
  }
}
