import { isForeign, toForeign } from './foreign'
import type { Place } from './place'
import type { AttemptPlan } from './plan'

/** Prepares what strikes beside an exchange: a fault at the next revocation, and a kill after a while. */
export async function disturb(
  place: Place,
  { revokeFault, killAfterMs }: Pick<AttemptPlan, 'revokeFault' | 'killAfterMs'>,
): Promise<void> {
  if (revokeFault && isForeign(revokeFault)) await place.registry.addFault(toForeign('revoke', revokeFault))
  else if (revokeFault) await place.registry.addFault({ on: 'revoke', fault: revokeFault, delayMs: 1_500 })
  if (killAfterMs !== null) setTimeout(() => place.kill(), killAfterMs)
}
