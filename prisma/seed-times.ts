import type { Dice } from '@/prisma/seed-dice'

export const dayMs = 86_400_000

const years = 6
// How busy a month is, beginning with January, and a day of the week, beginning with Sunday; 1 is the most.
const months = [0.7, 0.6, 0.55, 0.45, 0.5, 0.4, 0.25, 0.2, 0.85, 1, 0.75, 0.3]
const weekdays = [0.15, 0.9, 1, 1, 0.9, 0.7, 0.12]

/** When somebody connects: over six years, more in each than in the one before, most of all when the academic year begins. */
export function pickFirstTime(dice: Dice, now: number): number {
  for (;;) {
    const at = now - (dice.between(0, 1) ** 1.7 * years * 365.25 + 1) * dayMs
    const day = new Date(at)
    const busy = (months[day.getUTCMonth()] ?? 0) * (weekdays[day.getUTCDay()] ?? 0)
    if (dice.chance(busy)) return at
  }
}
