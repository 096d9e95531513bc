import 'server-only'
import { endOverdueTrials } from '@/lib/trials/commands'

/** `end-trials` revokes the tokens of trials whose hour is over. */
export const trialJobs = {
  handlers: { 'end-trials': endOverdueTrials },
  timetable: '* * * * * end-trials',
}
