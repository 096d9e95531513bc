import { formatFaults, parseEnv } from '@/lib/env'
import { startRunner } from '@/lib/jobs/runner'
import { jobs } from '@/lib/process/jobs'

/** `npm run worker`: does the jobs, for a portal that runs with `WORKER=none`. */
const parsed = parseEnv(process.env)
if ('faults' in parsed) {
  console.error(formatFaults(parsed.faults))
  process.exit(1)
}

const runner = startRunner(jobs)
console.log('Concord worker started')

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => void runner.stop().then(() => process.exit(0)))
}
