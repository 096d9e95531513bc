import 'server-only'
import { createCheckpoints } from '@/lib/audit/checkpoints'

/** `audit-checkpoint` chains the events that are decided: each minute, and sooner where there are many. */
export const auditJobs = {
  handlers: {
    'audit-checkpoint': async () => {
      await createCheckpoints()
    },
  },
  timetable: '* * * * * audit-checkpoint',
}
