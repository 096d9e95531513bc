import 'server-only'
import { z } from 'zod'
import { inTransaction, Prisma, queryRows } from '@/lib/db'

const numberedAtOnce = 5_000

/**
 * Gives committed changes their positions, one process at a time. A change that is committed later gets a higher one, so
 * nobody who has read up to a position has missed an earlier one. Returns how many.
 */
export function numberChanges(): Promise<number> {
  return inTransaction(async (tx) => {
    const [lock] = await queryRows(
      tx,
      z.object({ isOurs: z.boolean() }),
      Prisma.sql`
      select pg_try_advisory_xact_lock(hashtextextended('change-positions', 0)) as "isOurs"`,
    )
    if (!lock?.isOurs) return 0
    // `at` is rounded to milliseconds, perhaps into the future.
    return tx.$executeRaw`
      with taken as (
        select id, row_number() over (order by at, id) as place from change_log
        where position is null and at <= now() + interval '1 millisecond' order by at, id limit ${numberedAtOnce})
      update change_log c set position = taken.place + coalesce((select max(position) from change_log), 0)
      from taken where c.id = taken.id`
  })
}
