import 'server-only'
import { keep } from '@/lib/institution'

const inFlightMax = 8

type Gate = { free: number; waiting: (() => void)[] }

declare module '@/lib/institution' {
  interface Institution {
    apiGate?: Gate
  }
}

/** Runs at most eight calls at once per process, in order of arrival. */
export async function limitInFlight<T>(work: () => Promise<T>): Promise<T> {
  const gate = keep('apiGate', () => ({ free: inFlightMax, waiting: [] }))
  if (gate.free > 0) gate.free--
  else await new Promise<void>((resolve) => gate.waiting.push(resolve))
  try {
    return await work()
  } finally {
    const next = gate.waiting.shift()
    if (next) next()
    else gate.free++
  }
}
