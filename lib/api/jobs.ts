import 'server-only'
import { numberChanges } from '@/lib/api/changes'

export const apiJobs = {
  handlers: {
    'number-changes': async () => {
      await numberChanges()
    },
  },
  timetable: '* * * * * number-changes',
}
