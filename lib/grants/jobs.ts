import 'server-only'
import { expireGrants } from '@/lib/grants/commands'

/** `expire` ends grants whose time is over, each hour at nine minutes past. */
export const grantJobs = {
  handlers: {
    expire: async () => {
      await expireGrants()
    },
  },
  timetable: '9 * * * * expire',
}
