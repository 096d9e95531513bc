import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'

export const limitSchema = z.strictObject({
  enabled: z.boolean(),
  perSecond: z.number().positive(),
  burst: z.int().min(0),
})

export type Limit = z.infer<typeof limitSchema>

// What a member's client has at ORCID: 24 requests a second, 40 of them in the queue (orcid-api-web/README.md, "Burst – 40").
export const MEMBER_LIMIT: Limit = { enabled: true, perSecond: 24, burst: 40 }

/** A client with public credentials, and whoever has none, may ask half as often as a member; their queue is as long. */
export const PUBLIC_SHARE = 0.5

export type Limiter = {
  limit: Limit
  /**
   * Resolves when it is this request's turn, with false at once when the queue of its client is full. `share` is the part
   * of the rate that this client has.
   */
  admit(clientId: string, share?: number): Promise<boolean>
}

/** The proxy before ORCID's API: requests beyond the rate wait in a queue as long as the burst, and those beyond it are refused. */
export function makeLimiter(limit: Limit): Limiter {
  const nextSlotAt = new Map<string, number>()
  return {
    limit: { ...limit },
    async admit(clientId, share = 1) {
      const { enabled, burst } = this.limit
      const perSecond = this.limit.perSecond * share
      if (!enabled) return true
      const nowMs = performance.now()
      const turnAt = Math.max(nextSlotAt.get(clientId) ?? 0, nowMs)
      const delayMs = turnAt - nowMs
      if (delayMs > (burst * 1000) / perSecond) return false
      nextSlotAt.set(clientId, turnAt + 1000 / perSecond)
      if (delayMs >= 1) await wait(delayMs, undefined, { ref: false })
      return true
    },
  }
}
