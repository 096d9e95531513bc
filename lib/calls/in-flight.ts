import 'server-only'

const inFlightMax = 8

type Gate = { free: number; waiting: (() => void)[] }

// The build may bring a module along more than once; the gate is one for the process.
const kept = globalThis as typeof globalThis & { concordGate?: Gate }

/** Runs `work` when fewer than eight are at it in this process; those who wait are served in their order. */
export async function withinLimit<T>(work: () => Promise<T>): Promise<T> {
  kept.concordGate ??= { free: inFlightMax, waiting: [] }
  const gate = kept.concordGate
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
