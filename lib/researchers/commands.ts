import 'server-only'
import type { StaffActor } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { inTransaction, type Tx } from '@/lib/db'
import { env } from '@/lib/env'
import { AppError } from '@/lib/errors'

export type LockedResearcher = { id: string; orcid: string }

/** Locks a researcher's row until the transaction ends, so that changes to one person's grants come one by one. */
export async function lockResearcher(tx: Tx, id: string): Promise<LockedResearcher> {
  const row = await findLockedResearcher(tx, id)
  if (!row) throw new AppError('not_found', 'No such researcher')
  return row
}

/** As `lockResearcher`, for those who can go on without: null for somebody who was erased. */
export async function findLockedResearcher(tx: Tx, id: string): Promise<LockedResearcher | null> {
  const [row] = await tx.$queryRaw<LockedResearcher[]>`
    select id::text, orcid from researcher where id = ${id}::uuid for update`
  return row ?? null
}

/**
 * The researcher with this authenticated iD, made when new, locked until the transaction ends. Called with iDs that
 * ORCID has just vouched for, and by nothing else: nobody types an iD.
 */
export async function lockAuthenticatedResearcher(tx: Tx, orcid: string): Promise<LockedResearcher> {
  // A row that was there may be gone once its lock is free, because the person was erased just then. They start anew.
  for (;;) {
    await tx.researcher.createMany({
      data: { orcid, registry: env().orcid.registry, state: 'identity_only' },
      skipDuplicates: true,
    })
    const [row] = await tx.$queryRaw<LockedResearcher[]>`
      select id::text, orcid from researcher where orcid = ${orcid} for update`
    if (row) return row
  }
}

/** Deletes the row of a researcher who is being erased, when nothing else points to it any more. */
export async function deleteResearcher(tx: Tx, id: string): Promise<void> {
  await tx.researcher.delete({ where: { id } })
}

/**
 * Writes down that a staff member looked at somebody's page, once an hour for each pair, so that whoever keeps the page
 * open does not fill the history.
 */
export async function noteResearcherViewed(actor: StaffActor, researcherId: string): Promise<void> {
  await inTransaction(async (tx) => {
    // Two requests at once would each find nothing yet; the lock ends with the transaction.
    await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended(${`viewed ${actor.staffId} ${researcherId}`}, 0))`
    const [seen] = await tx.$queryRaw<unknown[]>`
      select 1 from audit_event
      where researcher_id = ${researcherId}::uuid and actor_id = ${actor.staffId}::uuid
        and action = 'researcher.viewed' and at > now() - interval '1 hour'
      limit 1`
    if (!seen) await recordEvent(tx, actor, { action: 'researcher.viewed', researcherId })
  })
}
