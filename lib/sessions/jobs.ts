import 'server-only'
import { endOverdueSessions } from '@/lib/sessions/commands'

/** `end-sessions` marks the sessions that are beyond their limits. */
export const sessionJobs = {
  handlers: {
    'end-sessions': async () => {
      await endOverdueSessions()
    },
  },
  timetable: '*/5 * * * * end-sessions',
}
