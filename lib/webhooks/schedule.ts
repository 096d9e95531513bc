/** For so long a delivery is tried; then the webhook is switched off. */
export const triedForMs = 3 * 86_400_000

const delaysS = [5, 60, 300, 1_800, 7_200, 18_000, 36_000]

/** Seconds until the next try, after so many. `random` spreads receivers that failed together. */
export function findDelayS(tries: number, random = Math.random()): number {
  const delayS = delaysS[Math.min(tries, delaysS.length) - 1] ?? 0
  return Math.round(delayS * (0.9 + 0.2 * random))
}
