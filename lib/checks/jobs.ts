import 'server-only'
import { z } from 'zod'
import { system } from '@/lib/actor'
import { checkGrant } from '@/lib/checks/commands'
import { destroyOldTokens } from '@/lib/checks/kept-tokens'
import { sweep } from '@/lib/checks/sweep'

const checkPayload = z.object({ grantId: z.guid(), reason: z.enum(['page', 'met']).default('met') })

/**
 * Pages enqueue `grant.check`, and so do calls whose token ORCID refuses. `destroy-old-tokens` destroys tokens
 * `keptDays` after ORCID ended their grants.
 */
export const checkJobs = {
  handlers: {
    sweep: () => sweep(),
    'destroy-old-tokens': () => destroyOldTokens(),
    'grant.check': async (payload: Record<string, unknown>) => {
      const { grantId, reason } = checkPayload.parse(payload)
      await checkGrant(system, grantId, reason)
    },
  },
  timetable: ['* * * * * sweep', '13 * * * * destroy-old-tokens'].join('\n'),
}
