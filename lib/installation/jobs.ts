import 'server-only'
import { recordWorkerSeen } from '@/lib/installation/commands'

export const installationJobs = {
  handlers: { 'worker-seen': () => recordWorkerSeen() },
  timetable: '* * * * * worker-seen',
}
