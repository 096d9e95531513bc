import type { Environment } from './environment'
import { isForeign, toForeign } from './foreign'
import type { AttemptPlan } from './plan'

/** Prepares what strikes beside an exchange: a fault at the next revocation, and a kill after a while. */
export async function disturb(
  environment: Environment,
  { revokeFault, killAfterMs }: Pick<AttemptPlan, 'revokeFault' | 'killAfterMs'>,
): Promise<void> {
  if (revokeFault && isForeign(revokeFault)) await environment.registry.addFault(toForeign('revoke', revokeFault))
  else if (revokeFault) await environment.registry.addFault({ on: 'revoke', fault: revokeFault, delayMs: 1_500 })
  if (killAfterMs !== null) setTimeout(() => environment.kill(), killAfterMs)
}
