import 'server-only'
import { z } from 'zod'
import { expireAttempts } from '@/lib/attempts/commands'
import { recoverAttempt, recoverLostExchanges } from '@/lib/attempts/recovery'
import { dropOverdueReturns } from '@/lib/attempts/return-point'

const payload = z.object({ attemptId: z.uuid().optional() })

/** Without an id, as from the timetable, `recover` handles all lost exchanges. */
export const attemptJobs = {
  handlers: {
    recover: async (input: Record<string, unknown>) => {
      const { attemptId } = payload.parse(input)
      await (attemptId ? recoverAttempt(attemptId) : recoverLostExchanges())
    },
    'expire-attempts': async () => {
      await expireAttempts()
      await dropOverdueReturns()
    },
  },
  timetable: ['* * * * * recover', '*/10 * * * * expire-attempts'].join('\n'),
}
