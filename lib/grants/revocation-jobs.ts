import 'server-only'
import { reportOverdueRevocations, runRevocations } from '@/lib/grants/revoking'

/**
 * `revoke` disables at ORCID what is due. The timetable repeats it, for a round that a crash cut short.
 * `report-overdue-revocations` alerts once a day.
 */
export const revocationJobs = {
  handlers: { revoke: () => runRevocations(), 'report-overdue-revocations': () => reportOverdueRevocations() },
  timetable: ['* * * * * revoke', '23 6 * * * report-overdue-revocations'].join('\n'),
}
