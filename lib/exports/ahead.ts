import { setTimeout as sleep } from 'node:timers/promises'
import type { Part } from '@/lib/bulk'

/** How many files this process is at. */
let underWay = 0

/** Reads what comes after the row with this key; null for the beginning. */
export type ReadPart = (after: string | null, signal: AbortSignal) => Promise<Part>

type Reading = Promise<{ part: Part; tookMs: number }>

/**
 * The parts of a file, of which one is read ahead while another is on its way. No connection is held between two. Several
 * files rest as long as each has worked, so that pages do not wait for them. Leaving early, or `signal`, ends the query.
 */
export async function* readAhead(read: ReadPart, size: number, signal: AbortSignal): AsyncGenerator<Part> {
  const left = new AbortController()
  const either = AbortSignal.any([signal, left.signal])
  const begin = (after: string | null, restMs: number): Reading => {
    const reading = readLater(read, after, restMs, either)
    // It is awaited when it is wanted, or never.
    reading.catch(() => undefined)
    return reading
  }
  underWay++
  try {
    for (let next: Reading | null = begin(null, 0); next; ) {
      const { part, tookMs }: Awaited<Reading> = await next
      next = part.read === size ? begin(part.last, tookMs * (underWay - 1)) : null
      yield part
    }
  } finally {
    underWay--
    left.abort()
  }
}

async function readLater(read: ReadPart, after: string | null, restMs: number, signal: AbortSignal): Reading {
  if (restMs > 0) await sleep(restMs, undefined, { signal })
  const startedAt = performance.now()
  const part = await read(after, signal)
  return { part, tookMs: performance.now() - startedAt }
}
