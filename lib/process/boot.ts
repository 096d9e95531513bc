import 'server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import { recordForeignAnswers } from '@/lib/calls/foreign'
import { env, listDoubts, parseEnv } from '@/lib/config/env'
import { describeFault, formatFaults } from '@/lib/config/fault'
import { describeDatabaseFault } from '@/lib/database/fault'
import { type DatabaseVariable, noteDatabaseAnswers, noteDatabaseAway } from '@/lib/database/watch'
import { isDatabaseUnavailable, isLoginRefused, queueVariable, setRoleLimits } from '@/lib/db'
import { prepareInstallation } from '@/lib/installation/commands'
import { findReadinessFault } from '@/lib/installation/queries'
import { publishKeys, withdrawKeys } from '@/lib/installation/replicas'
import { startRunner } from '@/lib/jobs/runner'
import { log } from '@/lib/log'
import { startMetrics } from '@/lib/metrics'
import { closeOnSignals } from '@/lib/process/closing'
import { jobs } from '@/lib/process/jobs'
import { checkQueue, checkSchema, warnAboutDatabase } from '@/lib/process/start-checks'
import { detectRestore } from '@/lib/restores/commands'
import { detectFailover } from '@/lib/restores/failovers'
import { keepFollowing, refreshSettings } from '@/lib/settings/queries'
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
  closeOnSignals()
  const begin = () => {
    if (env().worker === 'inline') void work()
  }
  if (await prepare('portal')) begin()
  else void prepareLater('portal').then(begin)
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
  let variable: DatabaseVariable = 'DATABASE_URL'
  try {
    await checkSchema()
    await setRoleLimits()
    await refreshSettings()
    keepFollowing()
    await prepareInstallation()
    await detectRestore()
    await addFirstAdministrators(env().staffAdmins)
    await publishKeys(kind, watchDatabase)
    noteDatabaseAnswers()
    variable = queueVariable()
    if (kind === 'worker' || env().worker === 'inline') await checkQueue()
    noteDatabaseAnswers(variable)
    await warnAboutDatabase()
    warnIfNotReady()
    return true
  } catch (error) {
    const { sentence } = describeDatabaseFault(error)
    const where = variable === 'WORKER_DATABASE_URL' ? ` (${variable})` : ''
    if (!isDatabaseUnavailable(error) || isLoginRefused(error))
      return stop(`Concord cannot start: ${sentence}${where}.`)
    noteDatabaseAway(error, variable)
    return false
  }
}

function warnIfNotReady(): void {
  const warning = 'nobody can connect before INSTITUTION_NAME and SUPPORT_EMAIL are set, here or on the settings page'
  if (!env().institution.isReady) log().warn(warning)
}

/** Logs what is wrong, also where nobody asks `/api/health/ready`. */
async function watchDatabase(): Promise<void> {
  const fault = await findReadinessFault()
  if (fault?.reason.startsWith('database_')) return
  await detectFailover().catch((error) => log().warn({ err: error }, 'failed to look for a failover'))
}

async function prepareLater(kind: Kind): Promise<void> {
  do await sleep(retryMs)
  while (!(await prepare(kind)))
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
