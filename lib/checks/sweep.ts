import 'server-only'
import { system } from '@/lib/actor'
import { checkLeaseS, checksInFlight, roundMs } from '@/lib/checks/check'
import { checkGrant } from '@/lib/checks/commands'
import { db, inTransaction, isDatabaseAway, type Prisma } from '@/lib/db'
import { expireGrants } from '@/lib/grants/commands'
import type { Finding } from '@/lib/grants/grant'
import { isKeptAndDue } from '@/lib/grants/kept'
import { enqueueJob } from '@/lib/jobs/queue'
import { log } from '@/lib/log'
import { linkMerged } from '@/lib/researchers/commands'
import { isDue } from '@/lib/researchers/condition'

/**
 * One round of the sweep: ends what has reached its end by time, and checks what is due, longest overdue first, for ten
 * seconds. What is still due then is the next round's, which is enqueued at once. May be cut short anywhere and run by
 * several at once: a grant that somebody has begun with is due again when they have not ended in five minutes.
 */
export async function sweep(): Promise<void> {
  await expireGrants()
  await inTransaction((tx) => linkMerged(tx))
  const until = Date.now() + roundMs
  let unanswered = 0
  const work = async () => {
    // As many silences in a row as there are questions under way are no accident of one record: ORCID is away.
    while (Date.now() < until && unanswered < checksInFlight) {
      const grantId = await claimDue()
      if (!grantId) return
      const finding = await checkOne(grantId)
      unanswered = finding === 'unanswered' ? unanswered + 1 : 0
    }
  }
  await Promise.all(Array.from({ length: checksInFlight }, work))
  if (Date.now() >= until) await inTransaction((tx) => enqueueJob(tx, 'sweep', { key: 'sweep' }))
}

/**
 * Takes the grant that has been due for longest, and keeps others from it for a while; null when nothing is due. Those that
 * ORCID ended, and that are asked about once a day, come after the live ones.
 */
async function claimDue(): Promise<string | null> {
  return (await claim(isDue)) ?? (await claim(isKeptAndDue))
}

async function claim(condition: Prisma.Sql): Promise<string | null> {
  const [row] = await db().$queryRaw<{ id: string }[]>`
    update "grant" set next_check_at = now() + make_interval(secs => ${checkLeaseS}::double precision)
    where id = (
      select id from "grant"
      where ${condition}
      order by next_check_at, id limit 1 for update skip locked)
    returning id::text`
  return row?.id ?? null
}

/** As long as ORCID's silence is waited for at most. */
const failedAgainAfterS = 3_600

/** A grant that cannot be checked, because its token does not open for one, waits and does not hold up the others. */
async function checkOne(grantId: string): Promise<Finding | null> {
  try {
    return await checkGrant(system, grantId, 'schedule')
  } catch (error) {
    if (isDatabaseAway(error)) throw error
    log().error({ grant: grantId, err: error }, 'a grant could not be checked')
    await db().$executeRaw`
      update "grant" set next_check_at = now() + make_interval(secs => ${failedAgainAfterS}) where id = ${grantId}::uuid`
    return null
  }
}
