import 'server-only'
import { attemptJobs } from '@/lib/attempts/jobs'
import { auditJobs } from '@/lib/audit/jobs'
import { grantJobs } from '@/lib/grants/jobs'
import type { Jobs } from '@/lib/jobs/runner'
import { revocationJobs } from '@/lib/revocations/jobs'

const parts = [attemptJobs, grantJobs, revocationJobs, auditJobs]

/** Every job of the portal with its timetable: what the inline worker and `npm run worker` do. */
export const jobs: Jobs = {
  handlers: Object.assign({}, ...parts.map(({ handlers }) => handlers)),
  timetable: parts.map(({ timetable }) => timetable).join('\n'),
}
