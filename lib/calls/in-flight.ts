import 'server-only'
import { keep } from '@/lib/institution'

const inFlightMax = 8

type Gate = { free: number; waiting: (() => void)[] }

declare module '@/lib/institution' {
  interface Institution {
    /** Calls to ORCID's API in flight. */
    apiGate?: Gate
  }
}

/** Runs `work` when fewer than eight are at it in this process; those who wait are served in their order. */
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
