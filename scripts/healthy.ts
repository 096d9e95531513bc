import { onDatabase } from '@/scripts/on-database'
import { readVariable } from '@/scripts/variables'

// The health check of the image. `healthy portal`: the process answers. `healthy worker`: a job of the timetable was done
// lately. Where the database is away the worker counts as well: a restart would not help.
const workerGoneS = 300

async function isPortalHealthy(): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${process.env.PORT || 3000}/api/health/live`).catch(() => null)
  return answer?.ok === true
}

async function isWorkerHealthy(): Promise<boolean> {
  const url = readVariable('DATABASE_URL')
  if (!url) return false
  const isSeen = `SELECT worker_seen_at IS NULL OR worker_seen_at > now() - make_interval(secs => ${workerGoneS}) AS seen
    FROM installation`
  return onDatabase(url, (client) => client.query(isSeen)).then(
    ({ rows }) => rows[0]?.seen !== false,
    () => true,
  )
}

const checks: Record<string, () => Promise<boolean>> = { portal: isPortalHealthy, worker: isWorkerHealthy }
const check = checks[process.argv[2] ?? '']
process.exit(check && (await check()) ? 0 : 1)
