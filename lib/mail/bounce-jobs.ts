import 'server-only'
import { readBounces } from '@/lib/mail/bounces'

export const bounceJobs = {
  handlers: {
    'read-bounces': async () => {
      await readBounces()
    },
  },
  // A round that failed is taken up by the next one.
  timetable: '*/5 * * * * read-bounces ?max=1&jobKey=read-bounces',
}
