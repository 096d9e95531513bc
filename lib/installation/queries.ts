import 'server-only'
import { describeDatabaseFault } from '@/lib/database-fault'
import { noteDatabaseAnswers, noteDatabaseAway, noteReadiness } from '@/lib/database-watch'
import { isDatabaseUnavailable } from '@/lib/db'
import { AppError } from '@/lib/errors'
import { proveSealing } from '@/lib/installation/commands'
import { listMissingKeys, listSealedKeys, type SealedKey } from '@/lib/installation/replicas'

type ReadinessFault =
  | { reason: 'database_away' | 'keys_wrong' | 'conflict' | 'database_unusable' }
  /** Ids of keys that another replica has and this one lacks. */
  | { reason: 'keys_missing'; keys: string[] }

/** The reason for monitors why the portal is not ready; null if it is. */
export async function findReadinessFault(): Promise<ReadinessFault | null> {
  try {
    await proveSealing()
    const keys = await listMissingKeys()
    noteDatabaseAnswers()
    noteReadiness(keys.length === 0 ? undefined : 'another process has keys that this one lacks', { keys })
    return keys.length === 0 ? null : { reason: 'keys_missing', keys }
  } catch (error) {
    if (isDatabaseUnavailable(error)) {
      noteDatabaseAway(error)
      return { reason: 'database_away' }
    }
    noteDatabaseAnswers()
    noteReadiness(describeDatabaseFault(error).sentence, { err: error })
    if (error instanceof AppError && (error.code === 'keys_wrong' || error.code === 'conflict')) {
      return { reason: error.code }
    }
    return { reason: 'database_unusable' }
  }
}

/** Keys of sealed rows that no running process has. */
export async function listLostKeys(): Promise<SealedKey[]> {
  return (await listSealedKeys()).filter(({ rows, isHeld }) => rows > 0 && !isHeld)
}
