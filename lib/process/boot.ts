import 'server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import { recordForeignAnswers } from '@/lib/calls/foreign'
import { env, listDoubts, parseEnv } from '@/lib/config/env'
import { describeFault, formatFaults } from '@/lib/config/fault'
import { explainFault } from '@/lib/database-fault'
import { isDatabaseUnavailable, setRoleLimits } from '@/lib/db'
import { prepareInstallation } from '@/lib/installation/commands'
import { publishKeys, withdrawKeys } from '@/lib/installation/replicas'
import { startRunner } from '@/lib/jobs/runner'
import { log } from '@/lib/log'
import { startMetrics } from '@/lib/metrics'
import { jobs } from '@/lib/process/jobs'
import { checkSchema, warnAboutDatabase } from '@/lib/process/start-checks'
import { detectRestore } from '@/lib/restores/commands'
import { addFirstAdministrators } from '@/lib/staff/commands'
import { findTextFaults } from '@/lib/texts/queries'

const retryMs = 2_000
const endSignals = ['SIGTERM', 'SIGINT'] as const

type Kind = 'portal' | 'worker'

/**
 * Starts a server, or ends the process with a list of all configuration faults. If the database is away, it starts,
 * reports that at `/api/health/ready` and retries. Wrong keys or a database of another registry end it.
 */
export async function boot(): Promise<void> {
  checkConfiguration()
  startMetrics()
  recordForeignAnswers()
  if (!(await prepare('portal'))) void prepareLater('portal')
  for (const signal of endSignals) process.once(signal, () => void withdrawKeys())
  if (env().worker === 'inline') void work()
}

/** Starts a process that only runs jobs, with the same checks. */
export async function bootWorker(): Promise<void> {
  checkConfiguration()
  recordForeignAnswers()
  if (!(await prepare('worker'))) await prepareLater('worker')
  log().info('worker started')
  await work()
  await withdrawKeys()
}

function checkConfiguration(): void {
  const parsed = parseEnv()
  const doubts = listDoubts()
  if ('faults' in parsed) stop(formatFaults(parsed.faults, doubts))
  for (const doubt of doubts) log().warn({ variable: doubt.variable }, `${doubt.variable} ${describeFault(doubt)}`)
  const faults = findTextFaults()
  if (faults.length > 0)
    stop(formatFaults(faults.map((fault) => ({ variable: 'TEXTS_DIR', fault, mend: 'see docs/institution-texts.md' }))))
}

async function prepare(kind: Kind): Promise<boolean> {
  try {
    await checkSchema()
    await setRoleLimits()
    await prepareInstallation()
    await detectRestore()
    await addFirstAdministrators(env().staffAdmins)
    await publishKeys(kind)
    await warnAboutDatabase()
    return true
  } catch (error) {
    if (!isDatabaseUnavailable(error)) return stop(`Concord cannot start: ${explainFault(error)}`)
    log().warn({ err: error, reason: explainFault(error) }, 'database unavailable, retrying')
    return false
  }
}

async function prepareLater(kind: Kind): Promise<void> {
  do await sleep(retryMs)
  while (!(await prepare(kind)))
  log().info('database available')
}

function work(): Promise<void> {
  const runner = startRunner(jobs)
  return new Promise((resolve) => {
    for (const signal of endSignals) {
      process.once(signal, () => void runner.stop().then(resolve))
    }
  })
}

function stop(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}
