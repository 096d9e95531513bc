import 'server-only'
import { endOverdueTrials } from '@/lib/trials/commands'

export const trialJobs = {
  handlers: { 'end-trials': endOverdueTrials },
  timetable: '* * * * * end-trials',
}
