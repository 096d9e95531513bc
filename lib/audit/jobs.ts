import 'server-only'
import { createCheckpoints } from '@/lib/audit/checkpoints'

export const auditJobs = {
  handlers: {
    'audit-checkpoint': async () => {
      await createCheckpoints()
    },
  },
  timetable: '* * * * * audit-checkpoint',
}
