import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { inTransaction, Prisma, queryRows } from '@/lib/db'

/** Has a failed job done now. False if it runs, or is there no more: then it was done meanwhile. */
export function tryJobAgain(actor: StaffActor, id: string, requestId: string): Promise<boolean> {
  return inTransaction(async (tx) => {
    // Its next failure counts as its first, so that one that was given up is tried again by itself.
    const [job] = await queryRows(
      tx,
      z.object({ name: z.string() }),
      Prisma.sql`
        with failed as (
          select id from graphile_worker.jobs where id = ${id}::bigint and last_error is not null and locked_at is null)
        select j.task_identifier as name from failed
        cross join lateral graphile_worker.reschedule_jobs(array[failed.id], run_at => now(), attempts => 0) as moved
        join graphile_worker.jobs j on j.id = moved.id`,
    )
    if (!job) return false
    await recordEvent(tx, actor, { action: 'job.tried_again', requestId, detail: { job: job.name } })
    return true
  })
}
