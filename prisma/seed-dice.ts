export type Dice = ReturnType<typeof makeDice>

/** Pseudo-random values that are the same for the same seed, on every machine. sfc32 by Chris Doty-Humphrey (PractRand). */
export function makeDice(seed: number) {
  let [a, b, c, counter] = [seed | 0, 0x9e3779b9 | 0, 0x243f6a88 | 0, 1]
  const next32 = () => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    return sum >>> 0
  }
  for (let round = 0; round < 15; round++) next32()
  const unit = () => next32() / 2 ** 32
  const hex = (digits: number) => {
    let text = ''
    while (text.length < digits) text += next32().toString(16).padStart(8, '0')
    return text.slice(0, digits)
  }
  return {
    /** From `low` up to and without `high`. */
    between: (low: number, high: number) => low + unit() * (high - low),
    chance: (probability: number) => unit() < probability,
    /** One of `items`; with a `lean` above 1 the first ones more often. */
    pick: <T>(items: readonly T[], lean = 1): T => {
      const item = items[Math.floor(unit() ** lean * items.length)]
      if (item === undefined) throw new Error('Nothing to pick from')
      return item
    },
    hex,
    uuid: () => {
      const digits = hex(32)
      const parts = [digits.slice(0, 8), digits.slice(8, 12), `4${digits.slice(13, 16)}`, `8${digits.slice(17, 20)}`]
      return [...parts, digits.slice(20)].join('-')
    },
  }
}
