import 'server-only'
import type { Tx } from '@/lib/db'

/** The job exists only if the transaction commits. `delayS`: by the database's clock. Jobs with one `key` merge. */
export async function enqueueJob(
  tx: Tx,
  name: string,
  options: { payload?: Record<string, string>; delayS?: number; key?: string } = {},
): Promise<void> {
  const { payload = {}, delayS = 0, key = null } = options
  await tx.$queryRaw`
    select 1 as done from graphile_worker.add_job(
      ${name}, payload => ${JSON.stringify(payload)}::json,
      run_at => now() + make_interval(secs => ${delayS}::double precision), job_key => ${key}::text)`
}

/** Enqueues all jobs in one statement. */
export async function enqueueJobs(
  tx: Tx,
  name: string,
  jobs: readonly { payload: Record<string, string>; key: string }[],
): Promise<void> {
  if (jobs.length === 0) return
  await tx.$queryRaw`
    select count(job.*)::int as done
    from jsonb_to_recordset(${JSON.stringify(jobs)}::jsonb) as wanted(payload json, key text)
    cross join lateral graphile_worker.add_job(${name}, payload => wanted.payload, job_key => wanted.key) as job`
}
