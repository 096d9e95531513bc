import 'server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDatabaseAway } from '@/lib/db'
import { env, formatFaults, parseEnv } from '@/lib/env'
import { prepareInstallation } from '@/lib/installation/commands'
import { startRunner } from '@/lib/jobs/runner'
import { log } from '@/lib/log'
import { addFirstAdministrators } from '@/lib/staff/commands'
import { findTextFaults } from '@/lib/texts/queries'
import { jobs } from '@/lib/process/jobs'

const retryMs = 2_000

/**
 * Starts a process of the portal, or ends it with one table of everything that is wrong with its configuration. A
 * database that is away is no fault of the configuration: the portal starts, says so at `/api/health/ready`, and goes on
 * asking. Keys that do not open what the database holds, or a database of another registry, end the process.
 */
export async function boot(): Promise<void> {
  const parsed = parseEnv()
  if ('faults' in parsed) return stop(formatFaults(parsed.faults))
  const faults = findTextFaults()
  if (faults.length > 0) return stop(formatFaults(faults.map((fault) => ({ variable: 'TEXTS_DIR', fault }))))
  const ready = await prepare()
  if (!ready) void prepareLater()
  if (env().worker === 'inline') startInlineWorker()
}

async function prepare(): Promise<boolean> {
  try {
    await prepareInstallation()
    await addFirstAdministrators(env().staffAdmins)
    return true
  } catch (error) {
    if (!isDatabaseAway(error)) return stop(`Concord cannot start: ${reasonOf(error)}`)
    log().warn({ err: error }, 'the database is away')
    return false
  }
}

async function prepareLater(): Promise<void> {
  do await sleep(retryMs)
  while (!(await prepare()))
  log().info('the database is back')
}

function startInlineWorker(): void {
  const runner = startRunner(jobs)
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void runner.stop())
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : 'unknown fault'
  return /does not exist|relation|P2021/.test(text)
    ? 'the database has no schema yet: run `npm run migrate`.'
    : `${text}.`
}

function stop(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}
