import 'server-only'
import type { ApiActor } from '@/lib/actor'
import { countRequestOf } from '@/lib/rate-limit/count-use'

/** Counts a request of the system, with all its keys, against what it may send a minute. */
export async function countRequest(
  actor: ApiActor,
): Promise<{ limit: number; remaining: number; resetS: number; isAllowed: boolean }> {
  const limit = actor.perMinute
  const { hits, leftS } = await countRequestOf(actor.systemId, limit)
  return {
    limit,
    remaining: Math.max(0, limit - hits),
    // The clocks of the database and of this machine may differ by a little.
    resetS: Math.min(60, Math.max(1, Math.ceil(leftS))),
    isAllowed: hits <= limit,
  }
}
