import 'server-only'
import { z } from 'zod'
import { type StaffActor, system } from '@/lib/actor'
import { recordEventHourly, recordEvents } from '@/lib/audit/commands'
import { env } from '@/lib/config/env'
import { Prisma, queryRows, type Tx } from '@/lib/db'
import { AppError } from '@/lib/errors'

const lockedResearcher = z.object({ id: z.string(), orcid: z.string() })
export type LockedResearcher = z.infer<typeof lockedResearcher>

/** Serialises changes to one person's grants until the transaction ends. @throws AppError `not_found` */
export async function lockResearcher(tx: Tx, id: string): Promise<LockedResearcher> {
  const row = await findLockedResearcher(tx, id)
  if (!row) throw new AppError('not_found', 'Researcher not found')
  return row
}

/** As `lockResearcher`; null if the researcher was erased. */
export async function findLockedResearcher(tx: Tx, id: string): Promise<LockedResearcher | null> {
  const locked = Prisma.sql`select id, orcid from researcher where id = ${id}::uuid for update`
  const [row] = await queryRows(tx, lockedResearcher, locked)
  return row ?? null
}

const authenticatedResearcher = lockedResearcher.extend({
  /** Others were merged into this iD at ORCID, and are not linked yet. */
  isPrimary: z.boolean(),
  isStaff: z.boolean(),
})

/**
 * Finds or creates the researcher, locked until the transaction ends. Call it only with an iD that ORCID has just
 * authenticated. The caller saves a grant and updates the row.
 */
export async function lockAuthenticatedResearcher(
  tx: Tx,
  { orcid, name }: { orcid: string; name: string | null },
): Promise<z.infer<typeof authenticatedResearcher>> {
  // One statement: two concurrent callbacks would both find nobody and both insert.
  const [row] = await queryRows(
    tx,
    authenticatedResearcher,
    Prisma.sql`
      insert into researcher (orcid, registry, name, state)
      values (${orcid}, ${env().orcid.registry}::registry, ${name}, 'identity_only')
      on conflict (orcid) do update set name = excluded.name
      returning id, orcid,
        exists (select from researcher m where m.primary_orcid = ${orcid} and m.merged_into_id is null) as "isPrimary",
        exists (select from staff_member m where m.orcid = ${orcid} and m.ended_at is null) as "isStaff"`,
  )
  return authenticatedResearcher.parse(row)
}

/** Records the iD that ORCID merged this one into, and links the two researchers if both are here. */
export async function recordPrimary(tx: Tx, researcherId: string, primaryOrcid: string): Promise<void> {
  await tx.researcher.update({ where: { id: researcherId }, data: { primaryOrcid, mergedIntoId: null } })
  await linkMerged(tx, primaryOrcid)
}

/**
 * Links researchers with a merged iD to the researcher with the primary iD; `primaryOrcid` limits it to one iD. Skips
 * locked rows until the next run, because a callback must not wait for them.
 */
export async function linkMerged(tx: Tx, primaryOrcid?: string): Promise<void> {
  // An UPDATE without rows would still fire the statement-level triggers.
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

/** Researchers merged into this one, directly or through others, most distant first. */
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

/** The last step of an erasure: nothing may refer to the row any more. */
export async function deleteResearcher(tx: Tx, id: string): Promise<void> {
  await tx.researcher.delete({ where: { id } })
}

/** Records once an hour that a staff member viewed a person. */
export function recordResearcherViewed(actor: StaffActor, researcherId: string): Promise<void> {
  return recordEventHourly(actor, { action: 'researcher.viewed', researcherId })
}
