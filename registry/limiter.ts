import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'

export const limitSchema = z.strictObject({
  enabled: z.boolean(),
  perSecond: z.number().positive(),
  burst: z.int().min(0),
})

export type Limit = z.infer<typeof limitSchema>

// A member's client at ORCID: 24 requests a second and a queue of 40 (orcid-api-web/README.md, "Burst – 40").
export const MEMBER_LIMIT: Limit = { enabled: true, perSecond: 24, burst: 40 }

/** Public credentials, or none, get half of the member's rate and the same queue. */
export const PUBLIC_SHARE = 0.5

export type Limiter = {
  limit: Limit
  /** Waits for the client's next slot; false at once if its queue is full. `share`: the client's part of the rate. */
  admit(clientId: string, share?: number): Promise<boolean>
}

/** As ORCID's proxy: requests over the rate wait in a queue of length `burst`; others are refused. */
export function makeLimiter(limit: Limit): Limiter {
  const nextSlotAt = new Map<string, number>()
  return {
    limit: { ...limit },
    async admit(clientId, share = 1) {
      const { enabled, burst } = this.limit
      const perSecond = this.limit.perSecond * share
      if (!enabled) return true
      const nowMs = performance.now()
      const slotAt = Math.max(nextSlotAt.get(clientId) ?? 0, nowMs)
      const delayMs = slotAt - nowMs
      if (delayMs > (burst * 1000) / perSecond) return false
      nextSlotAt.set(clientId, slotAt + 1000 / perSecond)
      if (delayMs >= 1) await wait(delayMs, undefined, { ref: false })
      return true
    },
  }
}
