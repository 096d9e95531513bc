// Making digits of numbers again and again would be a fifth of the seed.
const fourDigits = Array.from({ length: 2 ** 16 }, (_, number) => number.toString(16).padStart(4, '0'))

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
  const eightDigits = () => {
    const number = next32()
    return `${fourDigits[number >>> 16]}${fourDigits[number & 0xffff]}`
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
    hex16: () => eightDigits() + eightDigits(),
    uuid: () => {
      const [one, two, three, four] = [eightDigits(), eightDigits(), eightDigits(), eightDigits()]
      const version = `${two.slice(0, 4)}-4${two.slice(5)}`
      return `${one}-${version}-8${three.slice(1, 4)}-${three.slice(4)}${four}`
    },
  }
}
