import { type DatabaseFault, describeDatabaseFault } from '@/lib/database-fault'
import { institution, keep } from '@/lib/institution'
import { log } from '@/lib/log'

declare module '@/lib/institution' {
  interface Institution {
    /** Why a database was away when it was last asked, by the variable with its address. */
    databaseFaults?: Partial<Record<DatabaseVariable, DatabaseFault['kind']>>
    notReady?: string | null
  }
}

export type DatabaseVariable = 'DATABASE_URL' | 'WORKER_DATABASE_URL'

const faults = () => keep('databaseFaults', () => ({}))

/** Logs the first of several failures with one cause. */
export function noteDatabaseAway(error: unknown, variable: DatabaseVariable = 'DATABASE_URL'): void {
  const { kind, sentence } = describeDatabaseFault(error)
  if (faults()[variable] === kind) return
  faults()[variable] = kind
  log().warn({ variable, fault: kind }, `database unavailable, retrying: ${sentence}`)
}

/** Logs that the database answers again, if it was away. */
export function noteDatabaseAnswers(variable: DatabaseVariable = 'DATABASE_URL'): void {
  if (faults()[variable] === undefined) return
  faults()[variable] = undefined
  log().info({ variable }, 'database available')
}

/** Logs why the portal is not ready when that changes; null when it is ready. */
export function noteReadiness(reason: string | null, details: object = {}): void {
  if ((institution().notReady ?? null) === reason) return
  institution().notReady = reason
  if (reason === null) log().info('ready again')
  else log().warn(details, `not ready: ${reason}`)
}
