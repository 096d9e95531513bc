import { setTimeout as sleep } from 'node:timers/promises'
import type { Action, Injection, Point } from './plan'
import type { Link } from './tap-proxy'

/** What waits for one attempt, by what the proxies can tell it from the others: its attempt's id and its code. */
export type Armed = { attemptId: string; code: string | null; injections: Injection[]; isTrial: boolean }

/** What an action may need beyond the connection on which it happens. */
export type Powers = {
  kill(): void
  takeDatabaseAway(ms: number): void
  refuseRegistry(ms: number): void
}

/** Where schedules leave what shall happen, and where the proxies find it. */
export class Board {
  readonly #byAttempt = new Map<string, Armed>()
  readonly #byCode = new Map<string, Armed>()
  /** When each code was presented to the registry, in milliseconds since 1970. */
  readonly presented = new Map<string, number[]>()
  readonly fired = new Map<string, number>()

  arm(armed: Armed): void {
    this.#byAttempt.set(armed.attemptId, armed)
    if (armed.code) this.#byCode.set(armed.code, armed)
  }

  /** What has not happened by the end of an attempt happens no more, but for what waits for recovery. */
  settle(armed: Armed): void {
    armed.injections = armed.injections.filter(({ at }) => at === 'recovery-request')
  }

  /** The attempt whose id occurs in what was sent. */
  findAttempt(text: string): Armed | null {
    for (const [id, armed] of this.#byAttempt) if (text.includes(id)) return armed
    return null
  }

  /** The attempt of a code, and how often the code was presented, this time included. */
  present(code: string): { armed: Armed | null; times: number } {
    const times = [...(this.presented.get(code) ?? []), Date.now()]
    this.presented.set(code, times)
    return { armed: this.#byCode.get(code) ?? null, times: times.length }
  }

  /** What shall happen at this point, once. */
  take(armed: Armed, point: Point): Injection | null {
    const index = armed.injections.findIndex(({ at }) => at === point)
    const found = armed.injections[index]
    if (!found) return null
    armed.injections.splice(index, 1)
    const name = `${armed.isTrial ? 'trial ' : ''}${point} ${found.action.do === 'registry' ? found.action.fault : found.action.do}`
    this.fired.set(name, (this.fired.get(name) ?? 0) + 1)
    return found
  }
}

/** Lets it happen. `forward` passes on what was just seen. */
export async function perform(action: Action, link: Link, forward: () => void, powers: Powers): Promise<void> {
  switch (action.do) {
    case 'latency':
      await sleep(action.ms)
      return forward()
    case 'kill':
      if (action.deliver) forward()
      powers.kill()
      return action.deliver ? undefined : link.reset()
    case 'reset':
      if (action.deliver) {
        forward()
        // A reset overtakes what is still in the sender's buffer; it was delivered, so it has to have arrived.
        await sleep(20)
      }
      return link.reset()
    case 'blackhole':
      if (action.deliver) forward()
      return link.blackhole()
    case 'database-away':
      if (action.deliver) forward()
      await sleep(5)
      powers.takeDatabaseAway(action.ms)
      return action.deliver ? undefined : link.reset()
    case 'refuse':
      powers.refuseRegistry(action.ms)
      return forward()
    default:
      return forward()
  }
}
