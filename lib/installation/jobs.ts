import 'server-only'
import { recordWorkerSeen } from '@/lib/installation/commands'

/** `worker-seen` proves each minute that a worker runs. */
export const installationJobs = {
  handlers: { 'worker-seen': () => recordWorkerSeen() },
  timetable: '* * * * * worker-seen',
}
