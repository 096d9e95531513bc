import 'server-only'
import type { Tx } from '@/lib/db'

/**
 * Enqueues a job in the transaction that needs it: it exists if, and only if, the transaction commits.
 * `delayS` is counted by the database's clock. Of several with the same `key` that have not begun, one is kept.
 */
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
