import 'server-only'
import type { StaffActor } from '@/lib/actor'
import { recordEventHourly } from '@/lib/audit/commands'
import type { Tx } from '@/lib/db'
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

/** Writes down that a staff member looked at somebody's page. */
export function noteResearcherViewed(actor: StaffActor, researcherId: string): Promise<void> {
  return recordEventHourly(actor, { action: 'researcher.viewed', researcherId })
}
