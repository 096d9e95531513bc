import 'server-only'
import { sealAudit } from '@/lib/audit/sealer'

/** `seal-audit` chains the events that are decided: each minute, and sooner where there are many. */
export const auditJobs = {
  handlers: {
    'seal-audit': async () => {
      await sealAudit()
    },
  },
  timetable: '* * * * * seal-audit',
}
