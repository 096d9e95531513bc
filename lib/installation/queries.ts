import 'server-only'
import { isDatabaseAway } from '@/lib/db'
import { AppError } from '@/lib/errors'
import { proveSealing } from '@/lib/installation/commands'
import { listMissingKeys, listSealedKeys, type SealedKey } from '@/lib/installation/replicas'
import { log } from '@/lib/log'

type ReadinessFault =
  | { reason: 'database_away' | 'keys_wrong' | 'conflict' | 'database_unusable' }
  /** Another replica has these keys, by their ids, and this one lacks them. */
  | { reason: 'keys_missing'; keys: string[] }

/** Why the portal cannot do its work now, as one word for a monitor; null when it can. */
export async function findReadinessFault(): Promise<ReadinessFault | null> {
  try {
    await proveSealing()
    const keys = await listMissingKeys()
    if (keys.length === 0) return null
    log().warn({ keys }, 'not ready: another process has keys that this one lacks')
    return { reason: 'keys_missing', keys }
  } catch (error) {
    log().warn({ err: error }, 'not ready')
    if (isDatabaseAway(error)) return { reason: 'database_away' }
    if (error instanceof AppError && (error.code === 'keys_wrong' || error.code === 'conflict')) {
      return { reason: error.code }
    }
    return { reason: 'database_unusable' }
  }
}

/** The keys under which rows are sealed and that no running process has. */
export async function listLostKeys(): Promise<SealedKey[]> {
  return (await listSealedKeys()).filter(({ rows, isHeld }) => rows > 0 && !isHeld)
}
