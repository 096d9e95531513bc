type Backoff = { firstMs: number; maxMs: number }

/** Milliseconds until the next try after `tries` failures: doubles from `firstMs` up to `maxMs`, with jitter. */
export function backoffMs(tries: number, { firstMs, maxMs }: Backoff): number {
  return withJitter(Math.min(firstMs * 2 ** Math.max(0, tries - 1), maxMs))
}

/** Up to a quarter less, so that those who failed together do not come back together. */
export const withJitter = (duration: number): number => duration * (0.75 + Math.random() / 4)
