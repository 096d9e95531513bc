import 'server-only'
import { z } from 'zod'
import { system } from '@/lib/actor'
import { checkGrant, forgetIdleTokens } from '@/lib/checks/commands'
import { sweep } from '@/lib/checks/sweep'

const wanted = z.object({ grantId: z.guid(), reason: z.enum(['page', 'met']).default('met') })

/**
 * `sweep` checks each minute what is due. `grant.check` checks one grant: enqueued where a page is opened and, by name,
 * where reading or writing meets a token that ORCID does not take. It takes `{ grantId }`.
 * `forget-idle-tokens` destroys each hour what was kept to delete items of ours that are gone.
 */
export const checkJobs = {
  handlers: {
    sweep: () => sweep(),
    'forget-idle-tokens': () => forgetIdleTokens(),
    'grant.check': async (payload: Record<string, unknown>) => {
      const { grantId, reason } = wanted.parse(payload)
      await checkGrant(system, grantId, reason)
    },
  },
  timetable: ['* * * * * sweep', '13 * * * * forget-idle-tokens'].join('\n'),
}
