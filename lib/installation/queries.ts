import 'server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import { describeDatabaseFault } from '@/lib/database/fault'
import { isNotedAway, noteReadiness } from '@/lib/database/watch'
import { db, isDatabaseUnavailable, sqlStateOf, withNewConnection } from '@/lib/db'
import { AppError } from '@/lib/errors'
import { proveSealing } from '@/lib/installation/commands'
import { type DatabaseReason, findWriteFault, nameDatabaseReason } from '@/lib/installation/database-reason'
import { listMissingKeys, listSealedKeys, type SealedKey, writeLateHeartbeat } from '@/lib/installation/replicas'
import { institution } from '@/lib/institution'

export type ReadinessFault =
  | { reason: DatabaseReason | 'keys_wrong' | 'conflict' | 'database_unusable' }
  /** Ids of keys that another replica has and this one lacks. */
  | { reason: 'keys_missing'; keys: string[] }

declare module '@/lib/institution' {
  interface Institution {
    readiness?: Promise<ReadinessFault | null>
    databaseLook?: { at: number; fault: Promise<DatabaseReason | null> }
    /** What the last look found. */
    readinessFault?: ReadinessFault['reason']
  }
}

/** The reason for monitors why the portal is not ready; null if it is. Logs each change once. */
export function findReadinessFault(): Promise<ReadinessFault | null> {
  // One at a time, so that an old answer is not logged after a new one.
  const running = institution().readiness
  if (running) return running
  const readiness = examine().finally(() => {
    institution().readiness = undefined
  })
  institution().readiness = readiness
  return readiness
}

async function examine(): Promise<ReadinessFault | null> {
  try {
    const fault = await findFault()
    noteFault(fault)
    return fault
  } catch (error) {
    const fault = { reason: nameFault(error) }
    noteFault(fault, error)
    return fault
  }
}

async function findFault(): Promise<ReadinessFault | null> {
  const reason = await lookAtDatabase()
  if (reason) return { reason }
  try {
    return await findFaultInPool()
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error
    // Its connections may have been cut since the last look.
    institution().databaseLook = undefined
    const reasonNow = await lookAtDatabase()
    return reasonNow ? { reason: reasonNow } : findFaultInPool()
  }
}

async function findFaultInPool(): Promise<ReadinessFault | null> {
  await proveSealing()
  const keys = await listMissingKeys()
  if (keys.length > 0) return { reason: 'keys_missing', keys }
  return (await isHeartbeatWritten()) ? null : { reason: 'database_not_writing' }
}

/** Anybody may ask, and each look is a connection. */
const cacheMs = 1_000

function lookAtDatabase(): Promise<DatabaseReason | null> {
  const last = institution().databaseLook
  if (last && Date.now() - last.at < cacheMs) return last.fault
  const fault = examineNewConnection()
  institution().databaseLook = { at: Date.now(), fault }
  return fault
}

const connectionsTaken = '53300'

async function examineNewConnection(): Promise<DatabaseReason | null> {
  try {
    return await withNewConnection(findWriteFault)
  } catch (error) {
    // The pool may still have connections, and says so itself where it has none.
    if (sqlStateOf(error) === connectionsTaken) return null
    throw error
  }
}

const heartbeatTimeoutMs = 3_000

/** False also while a commit waits for a synchronous standby that is gone. */
async function isHeartbeatWritten(): Promise<boolean> {
  const written = writeLateHeartbeat().then(() => true)
  // Nobody awaits this rejection after the timeout.
  written.catch(() => undefined)
  return Promise.race([written, sleep(heartbeatTimeoutMs, false, { ref: false })])
}

/**
 * Nobody is sent to ORCID, and no code is used, while the last look found the database unable to write: on a full disk
 * an attempt may still fit, and its grant no more.
 *
 * @throws AppError `database_away`
 */
export async function refuseWhileNotWriting(): Promise<void> {
  if (!institution().readinessFault) return
  const fault = await findReadinessFault()
  if (fault?.reason.startsWith('database_'))
    throw new AppError('database_away', `The database is not ready: ${fault.reason}`)
}

function nameFault(error: unknown): Exclude<ReadinessFault['reason'], 'keys_missing'> {
  const named = nameDatabaseReason(error)
  if (named) return named
  if (isDatabaseUnavailable(error)) return 'database_away'
  if (error instanceof AppError && (error.code === 'keys_wrong' || error.code === 'conflict')) return error.code
  return 'database_unusable'
}

function noteFault(fault: ReadinessFault | null, error?: unknown): void {
  institution().readinessFault = fault?.reason
  if (fault?.reason === 'database_away' && isNotedAway()) return
  noteReadiness(fault, error ? describeDatabaseFault(error).sentence : undefined)
}

/** Keys of sealed rows that no running process has. */
export async function listLostKeys(): Promise<SealedKey[]> {
  return (await listSealedKeys()).filter(({ rows, isHeld }) => rows > 0 && !isHeld)
}

/** A queue that has not been heard of for so long has stopped; a timer may call it every five minutes. */
const workerGoneMs = 10 * 60_000

/** When the jobs were last heard of, and whether that is recent. */
export async function getWorkerState(now = new Date()): Promise<{ seenAt: Date | null; isRunning: boolean }> {
  const installation = await db().installation.findUnique({ where: { id: 1 }, select: { workerSeenAt: true } })
  const seenAt = installation?.workerSeenAt ?? null
  return { seenAt, isRunning: seenAt !== null && now.getTime() - seenAt.getTime() < workerGoneMs }
}
