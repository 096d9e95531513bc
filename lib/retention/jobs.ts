import 'server-only'
import { applyRetention } from '@/lib/retention/commands'

/** `retention` deletes each night what has been kept for long enough. */
export const retentionJobs = {
  handlers: {
    retention: async () => {
      await applyRetention()
    },
  },
  timetable: '41 3 * * * retention',
}
