import 'server-only'
import { runRevocations } from '@/lib/revocations/commands'

/** `revoke` disables at ORCID what is due. The timetable repeats it, for a round that a crash cut short. */
export const revocationJobs = {
  handlers: { revoke: () => runRevocations() },
  timetable: '* * * * * revoke',
}
