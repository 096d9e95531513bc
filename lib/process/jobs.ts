import 'server-only'
import { affiliationJobs } from '@/lib/affiliations/jobs'
import { apiJobs } from '@/lib/api/jobs'
import { attemptJobs } from '@/lib/attempts/jobs'
import { auditJobs } from '@/lib/audit/jobs'
import { makeCampaignJobs } from '@/lib/campaigns/jobs'
import { prepareMail } from '@/lib/campaigns/prepare'
import { checkJobs } from '@/lib/checks/jobs'
import { exportJobs } from '@/lib/exports/jobs'
import { figureJobs } from '@/lib/figures/daily'
import { revocationJobs } from '@/lib/grants/revocation-jobs'
import { importJobs } from '@/lib/imports/jobs'
import { installationJobs } from '@/lib/installation/jobs'
import type { Jobs } from '@/lib/jobs/runner'
import { keyJobs } from '@/lib/keys/jobs'
import { bounceJobs } from '@/lib/mail/bounce-jobs'
import { peopleJobs } from '@/lib/people/jobs'
import { pauseJobsWhileRestored } from '@/lib/process/hold'
import { deleteExpiredWindows } from '@/lib/rate-limit/count-use'
import { researcherJobs } from '@/lib/researchers/jobs'
import { restoreJobs } from '@/lib/restores/jobs'
import { retentionJobs } from '@/lib/retention/jobs'
import { sessionJobs } from '@/lib/sessions/jobs'
import { systemJobs } from '@/lib/systems/jobs'
import { trialJobs } from '@/lib/trials/jobs'
import { digestTemplate, prepareDigest } from '@/lib/webhooks/digest'
import { webhookJobs } from '@/lib/webhooks/jobs'

const rateLimitJobs = {
  handlers: { 'delete-expired-windows': deleteExpiredWindows },
  timetable: '*/5 * * * * delete-expired-windows',
}

/** These jobs run in a restored database before its release. They neither reach ORCID nor delete anything. */
const whileHeld = [
  'ledger',
  'worker-seen',
  'audit-checkpoint',
  'delete-expired-windows',
  'expire-attempts',
  'count-sealed-rows',
]

const parts = [
  affiliationJobs,
  apiJobs,
  attemptJobs,
  makeCampaignJobs((tx, mail) => (mail.template === digestTemplate ? prepareDigest : prepareMail)(tx, mail)),
  bounceJobs,
  checkJobs,
  peopleJobs,
  researcherJobs,
  revocationJobs,
  sessionJobs,
  systemJobs,
  rateLimitJobs,
  exportJobs,
  figureJobs,
  importJobs,
  retentionJobs,
  auditJobs,
  restoreJobs,
  installationJobs,
  keyJobs,
  trialJobs,
  webhookJobs,
]

/** For the inline worker and `npm run worker`. */
export const jobs: Jobs = {
  handlers: pauseJobsWhileRestored(Object.assign({}, ...parts.map(({ handlers }) => handlers)), whileHeld),
  timetable: parts.flatMap(({ timetable }) => timetable || []).join('\n'),
}
