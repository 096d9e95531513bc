import 'server-only'
import { inTransaction } from '@/lib/db'
import { findHold } from '@/lib/installation/restore-detection'
import { enqueueJob } from '@/lib/jobs/queue'
import type { JobHandler } from '@/lib/jobs/runner'

const retryAfterS = 60

/** Holds all jobs except these until a restored database is released. Held cron jobs lapse; others are re-enqueued. */
export function pauseJobsWhileRestored(
  handlers: Record<string, JobHandler>,
  except: readonly string[],
): Record<string, JobHandler> {
  return Object.fromEntries(
    Object.entries(handlers).map(([name, handle]) => [name, except.includes(name) ? handle : unlessHeld(name, handle)]),
  )
}

function unlessHeld(name: string, handle: JobHandler): JobHandler {
  return async (payload) => {
    if (!(await findHold())) return handle(payload)
    // graphile-worker marks cron jobs (https://worker.graphile.org/docs/cron).
    if ('_cron' in payload) return
    const args = Object.fromEntries(Object.entries(payload).map(([field, value]) => [field, String(value)]))
    const key = `held:${name}:${JSON.stringify(args)}`
    await inTransaction((tx) => enqueueJob(tx, name, { payload: args, key, delayS: retryAfterS }))
  }
}
