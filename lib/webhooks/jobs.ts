import 'server-only'
import { inTransaction } from '@/lib/db'
import { enqueueJob } from '@/lib/jobs/queue'
import { sendDigests } from '@/lib/webhooks/digest'
import { sendEvents } from '@/lib/webhooks/sending'

let isRunning = false

/** One round at a time in a process; what is left is a job of its own. */
async function send(): Promise<void> {
  if (isRunning) return
  isRunning = true
  try {
    if (await sendEvents()) await inTransaction((tx) => enqueueJob(tx, 'send-webhooks', { key: 'send-webhooks' }))
  } finally {
    isRunning = false
  }
}

export const webhookJobs = {
  handlers: { 'send-webhooks': send, 'send-digests': () => sendDigests() },
  timetable: ['* * * * * send-webhooks', '*/10 * * * * send-digests'].join('\n'),
}
