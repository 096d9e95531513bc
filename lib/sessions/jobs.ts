import 'server-only'
import { endOverdueSessions } from '@/lib/sessions/commands'

export const sessionJobs = {
  handlers: {
    'end-sessions': async () => {
      await endOverdueSessions()
    },
  },
  timetable: '*/5 * * * * end-sessions',
}
