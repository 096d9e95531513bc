import 'server-only'
import { attemptJobs } from '@/lib/attempts/jobs'
import { grantJobs } from '@/lib/grants/jobs'
import { installationJobs } from '@/lib/installation/jobs'
import type { Jobs } from '@/lib/jobs/runner'
import { revocationJobs } from '@/lib/revocations/jobs'

const parts = [attemptJobs, grantJobs, revocationJobs, installationJobs]

/** Every job of the portal with its timetable: what the inline worker and `npm run worker` do. */
export const jobs: Jobs = {
  handlers: Object.assign({}, ...parts.map(({ handlers }) => handlers)),
  timetable: parts.map(({ timetable }) => timetable).join('\n'),
}
