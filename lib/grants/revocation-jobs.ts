import 'server-only'
import { reportOverdueRevocations, runRevocations } from '@/lib/grants/revoking'

/** The timetable repeats `revoke` in case a crash ended a round early. */
export const revocationJobs = {
  handlers: { revoke: () => runRevocations(), 'report-overdue-revocations': () => reportOverdueRevocations() },
  timetable: ['* * * * * revoke', '23 6 * * * report-overdue-revocations'].join('\n'),
}
