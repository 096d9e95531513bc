import 'server-only'
import { z } from 'zod'
import { type StaffActor, system } from '@/lib/actor'
import { recordEvent, recordEventHourly, recordEvents } from '@/lib/audit/commands'
import { env } from '@/lib/config/env'
import { inTransaction, Prisma, queryRows, type Tx } from '@/lib/db'
import { AppError } from '@/lib/errors'
import type { InstitutionDetails } from '@/lib/researchers/details'

const lockedResearcher = z.object({ id: z.string(), orcid: z.string() })
export type LockedResearcher = z.infer<typeof lockedResearcher>

/** Locks a researcher's row until the transaction ends, so that changes to one person's grants come one by one. */
export async function lockResearcher(tx: Tx, id: string): Promise<LockedResearcher> {
  const row = await findLockedResearcher(tx, id)
  if (!row) throw new AppError('not_found', 'No such researcher')
  return row
}

/** As `lockResearcher`, for those who can go on without: null for somebody who was erased. */
export async function findLockedResearcher(tx: Tx, id: string): Promise<LockedResearcher | null> {
  const locked = Prisma.sql`select id, orcid from researcher where id = ${id}::uuid for update`
  const [row] = await queryRows(tx, lockedResearcher, locked)
  return row ?? null
}

/**
 * The researcher with this authenticated iD, made when new, locked until the transaction ends. Called with iDs that
 * ORCID has just vouched for, and by nothing else: nobody types an iD. The caller saves a grant and brings the row up to
 * date.
 */
export async function lockAuthenticatedResearcher(
  tx: Tx,
  { orcid, name }: { orcid: string; name: string | null },
): Promise<LockedResearcher> {
  // One statement: of two callbacks at once each would find nobody, and both would insert.
  const [row] = await queryRows(
    tx,
    lockedResearcher,
    Prisma.sql`
      insert into researcher (orcid, registry, name, state)
      values (${orcid}, ${env().orcid.registry}::registry, ${name}, 'identity_only')
      on conflict (orcid) do update set name = excluded.name returning id, orcid`,
  )
  return lockedResearcher.parse(row)
}

/** Writes down which iD ORCID merged a researcher's iD into, and links the two where the other one is known here. */
export async function recordPrimary(tx: Tx, researcherId: string, primaryOrcid: string): Promise<void> {
  await tx.researcher.update({ where: { id: researcherId }, data: { primaryOrcid, mergedIntoId: null } })
  await linkMerged(tx, primaryOrcid)
}

/**
 * Links those whose iD was merged into another to whoever connected with that one; with `primaryOrcid`, into this one
 * only. Rows that somebody else has locked are left to the next time: whoever connects must not wait for them.
 */
export async function linkMerged(tx: Tx, primaryOrcid?: string): Promise<void> {
  // An update of nobody would call the triggers all the same.
  const where = { primaryOrcid: primaryOrcid ?? { not: null }, mergedIntoId: null }
  if (!(await tx.researcher.findFirst({ where, select: { id: true } }))) return
  const into = primaryOrcid ? Prisma.sql`primary_orcid = ${primaryOrcid}` : Prisma.sql`primary_orcid is not null`
  const linked = await queryRows(
    tx,
    z.object({ id: z.string(), heirId: z.string() }),
    Prisma.sql`
    update researcher set merged_into_id = heir.id
    from researcher as heir
    where heir.orcid = researcher.primary_orcid and heir.id <> researcher.id and researcher.id in (
      select id from researcher where ${into} and merged_into_id is null for update skip locked)
    returning researcher.id, heir.id as "heirId"`,
  )
  await recordEvents(
    tx,
    system,
    linked.flatMap(({ id, heirId }) => [
      { action: 'researcher.merged_into', researcherId: id } as const,
      { action: 'researcher.merged_from', researcherId: heirId } as const,
    ]),
  )
}

/** Those whose iDs were merged into this one, also by way of others, the earliest first. */
export async function listMergedInto(tx: Tx, id: string): Promise<string[]> {
  const rows = await queryRows(
    tx,
    z.object({ id: z.string() }),
    Prisma.sql`
    with recursive merged (id, steps) as (
      select id, 1 from researcher where merged_into_id = ${id}::uuid
      union select r.id, steps + 1 from researcher r join merged on r.merged_into_id = merged.id where steps < 20)
    select id from merged where id <> ${id}::uuid group by id order by max(steps) desc`,
  )
  return rows.map(({ id }) => id)
}

/** Deletes the row of a researcher who is being erased, when nothing else points to it any more. */
export async function deleteResearcher(tx: Tx, id: string): Promise<void> {
  await tx.researcher.delete({ where: { id } })
}

/** Writes down that a staff member looked at somebody's page. */
export function noteResearcherViewed(actor: StaffActor, researcherId: string): Promise<void> {
  return recordEventHourly(actor, { action: 'researcher.viewed', researcherId })
}

/**
 * Writes down what the institution knows of somebody. The history says that it changed, and not into what. False when
 * nobody has this id any more.
 */
export function setInstitutionDetails(
  actor: StaffActor,
  researcherId: string,
  { department, localId }: InstitutionDetails,
  requestId?: string,
): Promise<boolean> {
  return inTransaction(async (tx) => {
    if (!(await findLockedResearcher(tx, researcherId))) return false
    const changed = await tx.$executeRaw`
      update researcher set department = ${department}, local_id = ${localId}
      where id = ${researcherId}::uuid and (department, local_id) is distinct from (${department}::text, ${localId}::text)`
    if (changed > 0) await recordEvent(tx, actor, { action: 'researcher.details_changed', researcherId, requestId })
    return true
  })
}
