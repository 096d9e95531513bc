import type { Random } from './random'

/** How an administrator walks the flow by hand, and how that ends. */
export type TrialCourse = {
  isBeforeAttempts: boolean
  /** Whether the schedule's own person goes to the registry for it, or somebody who never connects. */
  isOwnPerson: boolean
  /** A second press of the button so many milliseconds after the first, as a double click or a reload makes. */
  secondPressMs: number | null
  /** What happens to the trial while its code is exchanged, and how long the registry takes for it then. */
  meanwhile: 'end' | 'hour-passes' | 'nothing'
  lateMs: number
  uses: ('read' | 'add')[]
  /** Whether the code is presented once more on purpose. */
  isRepeated: boolean
  isEnded: boolean
}

export function planTrialCourse(random: Random): TrialCourse {
  return {
    isBeforeAttempts: random.chance(0.5),
    isOwnPerson: random.chance(0.5),
    secondPressMs: random.chance(0.25) ? random.int(0, 800) : null,
    meanwhile: random.weighted({ nothing: 8, end: 2, 'hour-passes': 1 }),
    lateMs: random.int(200, 2_500),
    uses: random.pick([[], [], ['read'], ['read', 'add']]),
    isRepeated: random.chance(0.6),
    isEnded: random.chance(0.6),
  }
}
