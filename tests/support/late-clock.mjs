// Preloaded into a process whose clock is to be ten minutes late: `NODE_OPTIONS=--import=…/late-clock.mjs`.
const lateMs = 10 * 60_000
const RightDate = Date

globalThis.Date = class extends RightDate {
  // Next.js puts a class of its own in place of this one, with its own properties alone.
  static UTC = RightDate.UTC
  static parse = RightDate.parse

  constructor(...given) {
    if (given.length > 0) super(...given)
    else super(RightDate.now() - lateMs)
  }

  static now() {
    return RightDate.now() - lateMs
  }
}
