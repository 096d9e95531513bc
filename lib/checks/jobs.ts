import 'server-only'
import { z } from 'zod'
import { system } from '@/lib/actor'
import { checkGrant } from '@/lib/checks/commands'
import { giveUpOldTokens } from '@/lib/checks/kept'
import { sweep } from '@/lib/checks/sweep'

const wanted = z.object({ grantId: z.guid(), reason: z.enum(['page', 'met']).default('met') })

/**
 * `sweep` checks each minute what is due. `grant.check` checks one grant: enqueued where a page is opened and, by name,
 * where reading or writing meets a token that ORCID does not take. It takes `{ grantId }`.
 * `give-up-old-tokens` looks each hour for tokens that were kept long enough after ORCID ended their grants.
 */
export const checkJobs = {
  handlers: {
    sweep: () => sweep(),
    'give-up-old-tokens': () => giveUpOldTokens(),
    'grant.check': async (payload: Record<string, unknown>) => {
      const { grantId, reason } = wanted.parse(payload)
      await checkGrant(system, grantId, reason)
    },
  },
  timetable: ['* * * * * sweep', '13 * * * * give-up-old-tokens'].join('\n'),
}
