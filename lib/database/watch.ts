import { type DatabaseFault, describeDatabaseFault } from '@/lib/database/fault'
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

/** Whether the log says already that the database is away. */
export const isNotedAway = () => faults().DATABASE_URL !== undefined

/** Logs why the portal is not ready when that changes; null when it is ready. */
export function noteReadiness(fault: { reason: string } | null, sentence = fault?.reason): void {
  const reason = fault && JSON.stringify(fault)
  if ((institution().notReady ?? null) === reason) return
  institution().notReady = reason
  if (fault) log().warn(fault, `not ready: ${sentence}`)
  else log().info('ready again')
}
