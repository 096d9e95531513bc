import 'server-only'
import { numberChanges } from '@/lib/webhooks/positions'

export const apiJobs = {
  handlers: {
    'number-changes': async () => {
      await numberChanges()
    },
  },
  timetable: '* * * * * number-changes',
}
