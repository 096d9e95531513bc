import 'server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import { writeAffiliation } from '@/lib/affiliations/writing'
import { db } from '@/lib/db'
import { log } from '@/lib/log'

const pauseMs = 100

/** Writes an item at once, and waits so long for it; what is not done by then goes on, or is left to the jobs. */
export async function writeWithin(id: string, waitMs: number): Promise<void> {
  const until = Date.now() + waitMs
  do {
    const writing = writeAffiliation(id).catch((error) =>
      log().warn({ affiliation: id, err: error }, 'failed to write an affiliation at once'),
    )
    await Promise.race([writing, sleep(until - Date.now(), undefined, { ref: false })])
    // A job may have claimed it first.
    if (!(await isClaimed(id))) return
    await sleep(pauseMs)
  } while (Date.now() < until)
}

async function isClaimed(id: string): Promise<boolean> {
  const claimed = { id, claimId: { not: null }, claimedUntil: { gt: new Date() } }
  return (await db().affiliation.count({ where: claimed })) > 0
}
