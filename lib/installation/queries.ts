import 'server-only'
import { isDatabaseAway } from '@/lib/db'
import { AppError } from '@/lib/errors'
import { proveSealing } from '@/lib/installation/commands'
import { log } from '@/lib/log'

/** Why the portal cannot do its work now, as one word for a monitor; null when it can. */
export async function findReadinessFault(): Promise<
  'database_away' | 'keys_wrong' | 'conflict' | 'database_unusable' | null
> {
  try {
    await proveSealing()
    return null
  } catch (error) {
    log().warn({ err: error }, 'not ready')
    if (isDatabaseAway(error)) return 'database_away'
    if (error instanceof AppError && (error.code === 'keys_wrong' || error.code === 'conflict')) return error.code
    return 'database_unusable'
  }
}
