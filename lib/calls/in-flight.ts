import 'server-only'
import { keep } from '@/lib/institution'

const inFlightMax = 8

type Semaphore = { free: number; waiting: (() => void)[] }

declare module '@/lib/institution' {
  interface Institution {
    apiSemaphore?: Semaphore
  }
}

/** Runs at most eight calls at once per process, in order of arrival. */
export async function limitInFlight<T>(work: () => Promise<T>): Promise<T> {
  const semaphore = keep('apiSemaphore', () => ({ free: inFlightMax, waiting: [] }))
  if (semaphore.free > 0) semaphore.free--
  else await new Promise<void>((resolve) => semaphore.waiting.push(resolve))
  try {
    return await work()
  } finally {
    const next = semaphore.waiting.shift()
    if (next) next()
    else semaphore.free++
  }
}
