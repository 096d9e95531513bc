import 'server-only'
import { isDatabaseUnavailable } from '@/lib/db'
import { log } from '@/lib/log'

/** Logs a failed row by its id and continues, unless the database is away. Returns the number of failures. */
export async function forEachRow(
  what: string,
  ids: readonly string[],
  work: (id: string) => Promise<unknown>,
): Promise<number> {
  let failed = 0
  for (const id of ids) {
    try {
      await work(id)
    } catch (error) {
      if (isDatabaseUnavailable(error)) throw error
      failed++
      log().error({ row: id, err: error }, `${what} failed for one row`)
    }
  }
  return failed
}
