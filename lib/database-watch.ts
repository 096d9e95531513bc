import { type DatabaseFault, describeDatabaseFault } from '@/lib/database-fault'
import { institution } from '@/lib/institution'
import { log } from '@/lib/log'

declare module '@/lib/institution' {
  interface Institution {
    /** Why the database was away when it was last asked. */
    databaseFault?: DatabaseFault['kind']
    notReady?: string
  }
}

/** Logs the first of several failures with one cause. */
export function noteDatabaseAway(error: unknown): void {
  const { kind, sentence } = describeDatabaseFault(error)
  if (institution().databaseFault === kind) return
  institution().databaseFault = kind
  log().warn({ fault: kind }, `database unavailable, retrying: ${sentence}`)
}

/** Logs that the database answers again, if it was away. */
export function noteDatabaseAnswers(): void {
  if (institution().databaseFault === undefined) return
  institution().databaseFault = undefined
  log().info('database available')
}

/** Logs why the portal is not ready when that changes; `undefined` when it is ready. */
export function noteReadiness(reason: string | undefined, details: object = {}): void {
  if (institution().notReady === reason) return
  institution().notReady = reason
  if (reason === undefined) log().info('ready')
  else log().warn(details, `not ready: ${reason}`)
}
