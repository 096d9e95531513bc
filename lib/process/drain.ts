import 'server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { db, inTransaction, Prisma, queryRows } from '@/lib/db'
import { enqueueJob } from '@/lib/jobs/queue'
import { startRunner } from '@/lib/jobs/runner'
import { listDueSince } from '@/lib/jobs/timetable'
import { jobs } from '@/lib/process/jobs'

const pollEveryMs = 500

// Jobs that wait for ORCID retry after four to five seconds; a drain includes them.
const retryWithinS = 6

/** Runs jobs for up to `forMs` or until none is due, missed cron jobs first. Returns the number still due. */
export async function drainJobs(forMs: number): Promise<number> {
  const until = Date.now() + forMs
  const installation = await db().installation.findUnique({ where: { id: 1 }, select: { workerSeenAt: true } })
  const due = listDueSince(jobs.timetable, installation?.workerSeenAt ?? null)
  await inTransaction(async (tx) => {
    for (const name of due) await enqueueJob(tx, name, { key: `timetable:${name}` })
  })
  const runner = startRunner({ handlers: jobs.handlers, timetable: '' })
  try {
    do await sleep(pollEveryMs)
    while (Date.now() < until && (await countDue(retryWithinS)) > 0)
  } finally {
    await runner.stop()
  }
  return countDue(0)
}

async function countDue(withinS: number): Promise<number> {
  const [row] = await queryRows(
    db(),
    z.object({ count: z.number() }),
    Prisma.sql`
    select count(*)::int as count from graphile_worker.jobs
    where run_at <= now() + make_interval(secs => ${withinS}::double precision) and attempts < max_attempts`,
  )
  return row?.count ?? 0
}
