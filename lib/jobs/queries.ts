import 'server-only'
import { z } from 'zod'
import { db, Prisma, queryRows } from '@/lib/db'
import { describeTimetable, type TimetableEntry } from '@/lib/jobs/timetable'

const failedJob = z.object({
  id: z.string(),
  name: z.string(),
  tries: z.number(),
  triedAt: z.date(),
  /** Null if it is not tried again by itself. */
  nextAt: z.date().nullable(),
})
export type FailedJob = z.infer<typeof failedJob>

export const failedJobsShown = 50

/** Jobs whose last try failed, the latest first, and how many there are. At most `failedJobsShown`. */
export async function listFailedJobs(): Promise<{ jobs: FailedJob[]; count: number }> {
  const [jobs, [counted]] = await Promise.all([
    queryRows(
      db(),
      failedJob,
      Prisma.sql`
        select id::text, task_identifier as name, attempts::int as tries, updated_at as "triedAt",
          case when attempts < max_attempts then run_at end as "nextAt"
        from graphile_worker.jobs where last_error is not null and locked_at is null
        order by updated_at desc, id desc limit ${failedJobsShown}`,
    ),
    queryRows(
      db(),
      z.object({ count: z.number() }),
      Prisma.sql`
        select count(*)::int as count from graphile_worker.jobs where last_error is not null and locked_at is null`,
    ),
  ])
  return { jobs, count: counted?.count ?? 0 }
}

const waitingJobs = z.object({
  name: z.string(),
  running: z.number(),
  due: z.number(),
  later: z.number(),
  /** Since when the first of those that are due has waited. */
  dueSince: z.date().nullable(),
})
export type WaitingJobs = z.infer<typeof waitingJobs>

/** How many jobs of each name run, are due, or come later; those that failed are among the later ones. */
export function listWaitingJobs(): Promise<WaitingJobs[]> {
  return queryRows(
    db(),
    waitingJobs,
    Prisma.sql`
      select task_identifier as name, count(*) filter (where locked_at is not null)::int as running,
        count(*) filter (where locked_at is null and run_at <= now())::int as due,
        count(*) filter (where locked_at is null and run_at > now())::int as later,
        min(run_at) filter (where locked_at is null and run_at <= now()) as "dueSince"
      from graphile_worker.jobs where attempts < max_attempts group by 1 order by 1`,
  )
}

export type TimetableRow = TimetableEntry & { lastAt: Date | null }

/** The jobs of a timetable in the order of their names, with when the queue last began each. */
export async function listTimetable(timetable: string): Promise<TimetableRow[]> {
  const begun = await queryRows(
    db(),
    z.object({ name: z.string(), lastAt: z.date().nullable() }),
    Prisma.sql`
      select identifier as name, last_execution as "lastAt" from graphile_worker._private_known_crontabs`,
  )
  const last = new Map(begun.map(({ name, lastAt }) => [name, lastAt]))
  return describeTimetable(timetable).map((entry) => ({ ...entry, lastAt: last.get(entry.name) ?? null }))
}
