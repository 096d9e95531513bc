import 'server-only'
import { keep } from '@/lib/institution'

const inFlightMax = 8
/** A call that waits longer than this is not sent: its token or its permission may be out of date. */
const waitMaxMs = 10_000

type Semaphore = { free: number; waiting: (() => void)[] }

declare module '@/lib/institution' {
  interface Institution {
    apiSemaphore?: Semaphore
  }
}

/**
 * Runs at most eight calls at once per process, in order of arrival. Returns null, without a call, after ten seconds of
 * waiting.
 */
export async function limitInFlight<T>(work: () => Promise<T>): Promise<T | null> {
  const semaphore = keep('apiSemaphore', () => ({ free: inFlightMax, waiting: [] }))
  if (semaphore.free > 0) semaphore.free--
  else if (!(await waitForPlace(semaphore))) return null
  try {
    return await work()
  } finally {
    const next = semaphore.waiting.shift()
    if (next) next()
    else semaphore.free++
  }
}

/** False after `waitMaxMs`. */
function waitForPlace({ waiting }: Semaphore): Promise<boolean> {
  return new Promise((resolve) => {
    const take = () => {
      clearTimeout(timer)
      resolve(true)
    }
    const timer = setTimeout(() => {
      waiting.splice(waiting.indexOf(take), 1)
      resolve(false)
    }, waitMaxMs)
    waiting.push(take)
  })
}
