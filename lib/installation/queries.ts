import 'server-only'
import { isDatabaseUnavailable } from '@/lib/db'
import { AppError } from '@/lib/errors'
import { proveSealing } from '@/lib/installation/commands'
import { listMissingKeys, listSealedKeys, type SealedKey } from '@/lib/installation/replicas'
import { log } from '@/lib/log'

type ReadinessFault =
  | { reason: 'database_away' | 'keys_wrong' | 'conflict' | 'database_unusable' }
  /** Ids of keys that another replica has and this one lacks. */
  | { reason: 'keys_missing'; keys: string[] }

/** The reason for monitors why the portal is not ready; null if it is. */
export async function findReadinessFault(): Promise<ReadinessFault | null> {
  try {
    await proveSealing()
    const keys = await listMissingKeys()
    if (keys.length === 0) return null
    log().warn({ keys }, 'not ready: another process has keys that this one lacks')
    return { reason: 'keys_missing', keys }
  } catch (error) {
    log().warn({ err: error }, 'not ready')
    if (isDatabaseUnavailable(error)) return { reason: 'database_away' }
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
