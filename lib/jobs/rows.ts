import 'server-only'
import { isDatabaseAway } from '@/lib/db'
import { log } from '@/lib/log'

/**
 * Does `work` for each row of a list, one after another. A row that fails is logged by its id and does not stop the
 * others; only a database that is away stops them. Gives how many failed.
 */
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
      if (isDatabaseAway(error)) throw error
      failed++
      log().error({ row: id, err: error }, `${what} failed for one row`)
    }
  }
  return failed
}
