import 'server-only'
import { applyRetention } from '@/lib/retention/commands'

export const retentionJobs = {
  handlers: {
    retention: async () => {
      await applyRetention()
    },
  },
  timetable: '41 3 * * * retention',
}
