import 'server-only'
import { z } from 'zod'
import { system } from '@/lib/actor'
import { checkLeaseS, checksInFlight, roundMs } from '@/lib/checks/check'
import { checkGrant } from '@/lib/checks/commands'
import { db, inTransaction, isDatabaseUnavailable, Prisma, queryRows } from '@/lib/db'
import { expireGrants } from '@/lib/grants/commands'
import type { Finding } from '@/lib/grants/grant'
import { isKeptAndDue } from '@/lib/grants/kept-tokens'
import { enqueueJob } from '@/lib/jobs/queue'
import { log } from '@/lib/log'
import { linkMerged } from '@/lib/researchers/commands'
import { isDue } from '@/lib/researchers/condition'

/**
 * Ends expired grants, then checks due ones for `roundMs`, longest overdue first, and enqueues the next round if
 * needed. Concurrent runs are safe. After a crash, the leases expire.
 */
export async function sweep(): Promise<void> {
  await expireGrants()
  await inTransaction((tx) => linkMerged(tx))
  const until = Date.now() + roundMs
  let unanswered = 0
  const checkDueGrants = async () => {
    // As many missing answers in a row as checks in flight mean an outage.
    while (Date.now() < until && unanswered < checksInFlight) {
      const grantId = await claimDue()
      if (!grantId) return
      const finding = await checkOne(grantId)
      unanswered = finding === 'unanswered' ? unanswered + 1 : 0
    }
  }
  await Promise.all(Array.from({ length: checksInFlight }, checkDueGrants))
  if (Date.now() >= until) await inTransaction((tx) => enqueueJob(tx, 'sweep', { key: 'sweep' }))
}

/** Leases the longest-overdue grant; null if none is due. Live grants come before those that ORCID ended. */
async function claimDue(): Promise<string | null> {
  return (await claim(isDue)) ?? (await claim(isKeptAndDue))
}

async function claim(condition: Prisma.Sql): Promise<string | null> {
  const [row] = await queryRows(
    db(),
    z.object({ id: z.string() }),
    Prisma.sql`
    update "grant" set next_check_at = now() + make_interval(secs => ${checkLeaseS}::double precision)
    where id = (
      select id from "grant"
      where ${condition}
      order by next_check_at, id limit 1 for update skip locked)
    returning id::text`,
  )
  return row?.id ?? null
}

/** The longest backoff, as after an outage. */
const retryAfterS = 3_600

/** A failure, such as a token that does not open, delays only its own grant. */
async function checkOne(grantId: string): Promise<Finding | null> {
  try {
    return await checkGrant(system, grantId, 'schedule')
  } catch (error) {
    if (isDatabaseUnavailable(error)) throw error
    log().error({ grant: grantId, err: error }, 'failed to check a grant')
    await db().$executeRaw`
      update "grant" set next_check_at = now() + make_interval(secs => ${retryAfterS}) where id = ${grantId}::uuid`
    return null
  }
}
