import { setTimeout as sleep } from 'node:timers/promises'
import type { Part, Stretch } from '@/lib/bulk'
import { institution } from '@/lib/institution'

/** Where the rows of a file come from. */
export type Source = {
  stretch(signal: AbortSignal): Promise<Stretch[]>
  read(stretch: Stretch, signal: AbortSignal): Promise<Part>
}

/** One alone has two parts read at a time: PostgreSQL has more to do for them than this process. */
const aheadAlone = 2

declare module '@/lib/institution' {
  interface Institution {
    /** How many exports are being written. */
    exportsUnderWay?: number
  }
}

const underWay = () => institution().exportsUnderWay ?? 0

type Reading = Promise<{ part: Part; tookMs: number }>

/**
 * The parts of a file, read ahead while others are on their way. No connection is held between two. Several files read one
 * part each and rest as long as that took, so that pages do not wait for them. Leaving early, or `signal`, ends the
 * queries.
 */
export async function* readAhead(source: Source, signal: AbortSignal): AsyncGenerator<Part & { stretch: Stretch }> {
  const left = new AbortController()
  const either = AbortSignal.any([signal, left.signal])
  const ahead: { stretch: Stretch; reading: Reading }[] = []
  institution().exportsUnderWay = underWay() + 1
  try {
    const stretches = await source.stretch(either)
    let restMs = 0
    const fill = () => {
      const most = underWay() > 1 ? 1 : aheadAlone
      for (const stretch of stretches.splice(0, most - ahead.length)) {
        const reading = read(source, stretch, restMs, either)
        // It is awaited when it is wanted, or never.
        reading.catch(() => undefined)
        ahead.push({ stretch, reading })
      }
    }
    fill()
    for (let next = ahead.shift(); next; next = ahead.shift()) {
      const { part, tookMs } = await next.reading
      restMs = tookMs * (underWay() - 1)
      fill()
      yield { ...part, stretch: next.stretch }
    }
  } finally {
    institution().exportsUnderWay = underWay() - 1
    left.abort()
  }
}

async function read(source: Source, stretch: Stretch, restMs: number, signal: AbortSignal): Reading {
  if (restMs > 0) await sleep(restMs, undefined, { signal })
  const startedAt = performance.now()
  const part = await source.read(stretch, signal)
  return { part, tookMs: performance.now() - startedAt }
}
