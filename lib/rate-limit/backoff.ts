type Backoff = { firstMs: number; maxMs: number }

/** Doubles from `firstMs` up to `maxMs`, with jitter. `tries` counts the failures so far. */
export function backoffMs(tries: number, { firstMs, maxMs }: Backoff): number {
  return withJitter(Math.min(firstMs * 2 ** Math.max(0, tries - 1), maxMs))
}

/** Takes off up to a quarter, to spread retries. */
export const withJitter = (duration: number): number => duration * (0.75 + Math.random() / 4)
