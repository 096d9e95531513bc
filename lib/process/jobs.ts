import 'server-only'
import { affiliationJobs } from '@/lib/affiliations/jobs'
import { attemptJobs } from '@/lib/attempts/jobs'
import { auditJobs } from '@/lib/audit/jobs'
import { checkJobs } from '@/lib/checks/jobs'
import { installationJobs } from '@/lib/installation/jobs'
import type { Jobs } from '@/lib/jobs/runner'
import { forgetOldUses } from '@/lib/rate-limit'
import { retentionJobs } from '@/lib/retention/jobs'
import { revocationJobs } from '@/lib/revocations/jobs'
import { sessionJobs } from '@/lib/sessions/jobs'

const rateLimitJobs = {
  handlers: { 'forget-old-uses': forgetOldUses },
  timetable: '*/5 * * * * forget-old-uses',
}

const parts = [
  affiliationJobs,
  attemptJobs,
  checkJobs,
  revocationJobs,
  sessionJobs,
  rateLimitJobs,
  retentionJobs,
  auditJobs,
  installationJobs,
]

/** Every job of the portal with its timetable: what the inline worker and `npm run worker` do. */
export const jobs: Jobs = {
  handlers: Object.assign({}, ...parts.map(({ handlers }) => handlers)),
  timetable: parts.map(({ timetable }) => timetable).join('\n'),
}
