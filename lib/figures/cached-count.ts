import { institution } from '@/lib/institution'

const keptMs = 60_000
const slowMs = 100

export type Counted<T> = { value: T; at: Date }

declare module '@/lib/institution' {
  interface Institution {
    counted?: Map<string, Promise<Counted<unknown>>>
  }
}

/** Shares a running count with all callers, and caches a count that took more than 100 ms for a minute. */
export function countCached<T>(name: string, count: () => Promise<T>): Promise<Counted<T>> {
  institution().counted ??= new Map()
  const counts = institution().counted as Map<string, Promise<Counted<T>>>
  const running = counts.get(name)
  if (running) return running
  const counting = run(count, (ms) => {
    if (ms > slowMs) setTimeout(() => counts.delete(name), keptMs).unref()
    else counts.delete(name)
  })
  counts.set(name, counting)
  return counting
}

async function run<T>(count: () => Promise<T>, onEnd: (ms: number) => void): Promise<Counted<T>> {
  const at = new Date()
  try {
    const value = await count()
    onEnd(Date.now() - at.getTime())
    return { value, at }
  } catch (error) {
    onEnd(0)
    throw error
  }
}
