import 'server-only'
import { type StaffActor, system } from '@/lib/actor'
import { recordEvent, recordEventHourly, recordEvents } from '@/lib/audit/commands'
import { type Asked, inTransaction, Prisma, type Tx, toSqlTime } from '@/lib/db'
import { env } from '@/lib/env'
import { AppError } from '@/lib/errors'
import type { InstitutionDetails } from '@/lib/researchers/details'

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

/** Whoever came back from ORCID: whether they are new here, and whether iDs that are known here were merged into theirs. */
export type AuthenticatedResearcher = LockedResearcher & { isNew: boolean; isHeir: boolean }

/** What the row of somebody new says from the start. */
export type Newcomer = {
  name: string | null
  state: 'connected' | 'identity_only' | 'withdrawn' | 'expired'
  liveScopes: string[]
  connectedAt: Date | null
  expiresAt: Date | null
}

/**
 * The researcher with this authenticated iD, made when new, locked until the transaction ends. Called with iDs that
 * ORCID has just vouched for, and by nothing else: nobody types an iD.
 *
 * @param first what is locked before, in the same statement, and given as well; null where it finds no row
 */
export async function lockAuthenticatedResearcher<First extends object>(
  tx: Asked,
  orcid: string,
  { name, state, liveScopes, connectedAt, expiresAt }: Newcomer,
  first: Prisma.Sql,
): Promise<(AuthenticatedResearcher & First) | null> {
  // A row that was there may be gone once its lock is free, because the person was erased just then, and one that
  // somebody else has just made may not be seen yet. Then neither is found nor made, and it is tried again.
  for (;;) {
    const [row] = await tx.$queryRaw<(Omit<AuthenticatedResearcher, 'id'> & First & { id: string | null })[]>`
      /* save */ with first as (${first}),
      found as (select id from researcher where orcid = ${orcid} and exists (select from first) for update),
      made as (
        insert into researcher (orcid, registry, name, state, live_scopes, connected_at, expires_at)
        select ${orcid}, ${env().orcid.registry}::registry, ${name}, ${state}::researcher_state, ${liveScopes}::text[],
          ${toSqlTime(connectedAt)}, ${toSqlTime(expiresAt)}
        from first where not exists (select from found)
        on conflict do nothing returning id)
      select first.*, person.id::text, ${orcid} as orcid, person.is_new as "isNew",
        exists (select from researcher where primary_orcid = ${orcid} and merged_into_id is null) as "isHeir"
      from first left join (
        select id, false as is_new from found union all select id, true from made) as person on true`
    if (!row) return null
    if (row.id !== null) return { ...row, id: row.id }
  }
}

/**
 * Makes the row of somebody new, under this id, where `first` finds a row; nothing for an iD that is known here, or that
 * iDs were merged into that are. A part of a larger statement.
 */
export function makeNewcomer(id: string, orcid: string, newcomer: Newcomer, first: Prisma.Sql): Prisma.Sql {
  const { name, state, liveScopes, connectedAt, expiresAt } = newcomer
  return Prisma.sql`
    insert into researcher (id, orcid, registry, name, state, live_scopes, connected_at, expires_at)
    select ${id}::uuid, ${orcid}, ${env().orcid.registry}::registry, ${name}, ${state}::researcher_state,
      ${liveScopes}::text[], ${toSqlTime(connectedAt)}, ${toSqlTime(expiresAt)}
    from (${first}) as first where not exists (
      select from researcher where orcid = ${orcid} or primary_orcid = ${orcid} and merged_into_id is null)
    on conflict do nothing returning true as made`
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
  const into = primaryOrcid ? Prisma.sql`primary_orcid = ${primaryOrcid}` : Prisma.sql`primary_orcid is not null`
  const linked = await tx.$queryRaw<{ id: string; heirId: string }[]>`
    update researcher set merged_into_id = heir.id
    from researcher as heir
    where heir.orcid = researcher.primary_orcid and heir.id <> researcher.id and researcher.id in (
      select id from researcher where ${into} and merged_into_id is null for update skip locked)
    returning researcher.id::text, heir.id::text as "heirId"`
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
  const rows = await tx.$queryRaw<{ id: string }[]>`
    with recursive merged (id, steps) as (
      select id, 1 from researcher where merged_into_id = ${id}::uuid
      union select r.id, steps + 1 from researcher r join merged on r.merged_into_id = merged.id where steps < 20)
    select id::text from merged where id <> ${id}::uuid group by id order by max(steps) desc`
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
