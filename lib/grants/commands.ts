import 'server-only'
import { z } from 'zod'
import { type Actor, type ResearcherActor, system } from '@/lib/actor'
import { recordEvent, recordEvents } from '@/lib/audit/commands'
import { env } from '@/lib/config/env'
import { db, inTransaction, Prisma, queryRows, type Tx, toSqlTime } from '@/lib/db'
import { deriveCheckStatus, deriveConnection, endedByOrcid, type GrantFacts } from '@/lib/grants/grant'
import { detachRevocations, requestGrantRevocation } from '@/lib/grants/revoking'
import { describeVisit } from '@/lib/grants/visit'
import { enqueueJob } from '@/lib/jobs/queue'
import { forEachRow } from '@/lib/jobs/rows'
import { findLockedResearcher, lockResearcher } from '@/lib/researchers/commands'

/** The fields of `GrantFacts`. */
export const grantFacts = {
  id: true,
  state: true,
  scopes: true,
  firstGrantedAt: true,
  grantedAt: true,
  expiresAt: true,
  endedAt: true,
} as const
const checked = { finding: true, lastCheckedAt: true, unansweredSince: true } as const
/** The fields that `describeVisit` needs. */
export const visitFields = {
  id: true,
  attemptId: true,
  state: true,
  scopes: true,
  grantedAt: true,
  supersededById: true,
} as const
/** An ended grant keeps its facts. The revocation holds its sealed token until ORCID confirms. */
export const unsealed = { sealedAccessToken: null, sealedRefreshToken: null, sealedResponse: null }

/** Grants that ORCID ended. Their tokens stay, because one good answer revives them. */
export const isKept = {
  state: { in: [...endedByOrcid] },
  sealedAccessToken: { not: null },
} satisfies Prisma.GrantWhereInput

/** Additional data of a sealed column of a grant. */
export const grantAad = (row: string, column: string) => ({
  table: 'grant',
  row,
  column,
  registry: env().orcid.registry,
})

type Ending =
  | { state: 'superseded'; supersededById: string }
  | { state: 'withdrawn_here'; because?: 'not_me' | 'erased' | 'narrowed'; requestId?: string }
  | { state: 'ended_here'; because: 'left'; requestId?: string }

/** Ends grants and requests their revocation. The transaction must hold the lock on the researcher. */
export async function endGrants(
  tx: Tx,
  actor: Actor,
  researcherId: string,
  grants: readonly Pick<GrantFacts, 'id' | 'scopes'>[],
  ending: Ending,
): Promise<void> {
  if (grants.length === 0) return
  const because = ending.state === 'superseded' ? 'superseded' : ending.because
  const reason = because === undefined || because === 'narrowed' ? 'withdrawn' : because
  for (const { id: grantId } of grants) await requestGrantRevocation(tx, actor, { grantId, reason, researcherId })
  const ids = grants.map(({ id }) => id)
  await tx.grant.updateMany({
    where: { id: { in: ids } },
    data: {
      state: ending.state,
      endedAt: new Date(),
      supersededById: ending.state === 'superseded' ? ending.supersededById : null,
      ...unsealed,
    },
  })
  await tx.suspicion.deleteMany({ where: { grantId: { in: ids } } })
  const action =
    ending.state === 'superseded'
      ? 'grant.superseded'
      : ending.state === 'withdrawn_here'
        ? 'grant.withdrawn'
        : 'grant.ended_here'
  const requestId = ending.state === 'superseded' ? undefined : ending.requestId
  const why = ending.state === 'ended_here' ? ending.because : undefined
  await recordEvents(
    tx,
    actor,
    grants.map(({ id, scopes }) => ({
      action,
      researcherId,
      grantId: id,
      requestId,
      detail: { scopes, because: why },
    })),
  )
}

/**
 * Gives back all permissions of somebody who has left, also those that could revive, and returns their number. The
 * transaction must hold the lock on the researcher.
 */
export async function giveBackGrants(tx: Tx, researcherId: string): Promise<number> {
  const live = await tx.grant.findMany({
    where: { researcherId, state: 'live' },
    select: { id: true, scopes: true },
  })
  const kept = await tx.grant.findMany({ where: { researcherId, ...isKept }, select: { id: true } })
  await endGrants(tx, system, researcherId, live, { state: 'ended_here', because: 'left' })
  for (const { id: grantId } of kept)
    await requestGrantRevocation(tx, system, { grantId, reason: 'left', researcherId })
  await tx.grant.updateMany({ where: { id: { in: kept.map(({ id }) => id) } }, data: unsealed })
  if (live.length === 0) return 0
  await refreshResearcher(tx, researcherId)
  // At once: until the ledger has it, a restore would undo it.
  await enqueueJob(tx, 'ledger', { key: 'ledger' })
  return live.length
}

/**
 * Ends all grants of the actor, identity included, and those that could revive. They are dead here on return; a job has
 * ORCID disable each token. Returns the number of ended grants. Idempotent.
 */
export function withdrawMyGrants(actor: ResearcherActor, requestId?: string): Promise<number> {
  return inTransaction(async (tx) => {
    await lockResearcher(tx, actor.researcherId)
    return withdrawIn(tx, actor, actor.researcherId, {}, { requestId })
  })
}

/** Ends a visit's grant of another person's ORCID account, but nothing beyond what they `agreed` to. */
export async function undoVisitGrant(
  tx: Tx,
  actor: ResearcherActor,
  { attemptId, agreed, requestId }: { attemptId: string; agreed: 'visit' | 'permission'; requestId?: string },
): Promise<void> {
  const { researcherId } = actor
  await lockResearcher(tx, researcherId)
  const grants = await tx.grant.findMany({ where: { researcherId }, select: visitFields })
  const { undo } = describeVisit(grants, attemptId)
  if (undo !== 'visit' && undo !== agreed) return
  await withdrawIn(tx, actor, researcherId, { attemptId }, { because: 'not_me', requestId })
}

/**
 * Ends and deletes all grants of a researcher whom the transaction has locked. Tokens that ORCID still has to disable
 * stay as revocations without a person.
 */
export async function eraseGrants(tx: Tx, actor: Actor, researcherId: string, requestId?: string): Promise<void> {
  await withdrawIn(tx, actor, researcherId, {}, { because: 'erased', requestId })
  await detachRevocations(tx, researcherId)
  await tx.grant.deleteMany({ where: { researcherId } })
}

async function withdrawIn(
  tx: Tx,
  actor: Actor,
  researcherId: string,
  filter: { attemptId?: string },
  ending: { because?: 'not_me' | 'erased'; requestId?: string },
): Promise<number> {
  const grants = await tx.grant.findMany({
    where: { researcherId, OR: [{ state: 'live' }, isKept], ...filter },
    select: { id: true, scopes: true },
  })
  if (grants.length === 0) return 0
  await endGrants(tx, actor, researcherId, grants, { state: 'withdrawn_here', ...ending })
  await refreshResearcher(tx, researcherId)
  // At once: until the ledger has it, a restore would undo it.
  await enqueueJob(tx, 'ledger', { key: 'ledger' })
  return grants.length
}

/** Ends expired grants, one researcher at a time, and returns their number. Their tokens no longer work at ORCID. */
export async function expireGrants(): Promise<number> {
  const batch = 500
  let ended = 0
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const due = await queryRows(
      db(),
      z.object({ id: z.string() }),
      Prisma.sql`
        select distinct researcher_id as id from "grant"
        where state = 'live' and expires_at <= now() and researcher_id > ${after}::uuid order by id limit ${batch}`,
    )
    const ids = due.map(({ id }) => id)
    await forEachRow('expiring grants', ids, async (id) => {
      ended += await inTransaction((tx) => expireGrantsOf(tx, id))
    })
    if (ids.length < batch) return ended
    after = ids.at(-1) ?? after
  }
}

async function expireGrantsOf(tx: Tx, researcherId: string): Promise<number> {
  if (!(await findLockedResearcher(tx, researcherId))) return 0
  const expired = await tx.grant.updateManyAndReturn({
    where: { researcherId, state: 'live', expiresAt: { lte: new Date() } },
    data: { state: 'expired', endedAt: new Date(), ...unsealed },
    select: { id: true },
  })
  await recordEvents(
    tx,
    system,
    expired.map(({ id }) => ({ action: 'grant.expired', researcherId, grantId: id })),
  )
  if (expired.length === 0) return 0
  await tx.suspicion.deleteMany({ where: { grantId: { in: expired.map(({ id }) => id) } } })
  await refreshResearcher(tx, researcherId)
  return expired.length
}

/** Ends grants whose tokens ORCID has disabled after the loss of their key. Returns the number of ended grants. */
export function endDisabledGrants(ids: readonly string[]): Promise<number> {
  return inTransaction(async (tx) => {
    // Without the key, kept tokens can neither revive a grant nor delete affiliations.
    await tx.grant.updateMany({ where: { id: { in: [...ids] }, ...isKept }, data: unsealed })
    const due = await tx.grant.findMany({
      where: { id: { in: [...ids] }, state: 'live' },
      orderBy: { researcherId: 'asc' },
      select: { id: true, researcherId: true, scopes: true },
    })
    let ended = 0
    for (const { id, researcherId, scopes } of due) {
      await lockResearcher(tx, researcherId)
      const { count } = await tx.grant.updateMany({
        where: { id, state: 'live' },
        data: { state: 'withdrawn_at_orcid', endedAt: new Date(), ...unsealed },
      })
      if (count === 0) continue
      await tx.suspicion.deleteMany({ where: { grantId: id } })
      const detail = { scopes, because: 'key_lost' }
      await recordEvent(tx, system, { action: 'grant.withdrawn_at_orcid', researcherId, grantId: id, detail })
      await refreshResearcher(tx, researcherId)
      ended += count
    }
    return ended
  })
}

/** Derives the researcher's columns from their grants. Call it in the transaction that changed them. */
export async function refreshResearcher(tx: Tx, researcherId: string): Promise<void> {
  const grants = await tx.grant.findMany({ where: { researcherId }, select: { ...grantFacts, ...checked } })
  const connection = deriveConnection(grants)
  const checkStatus = deriveCheckStatus(grants)
  const { state, liveScopes, liveScopesGivenAt } = connection
  await tx.$executeRaw`
    update researcher set state = ${state}::researcher_state, live_scopes = ${liveScopes}::text[],
      live_scopes_given_at = ${liveScopesGivenAt.map((at) => at.toISOString())}::timestamptz[],
      first_connected_at = ${toSqlTime(connection.firstConnectedAt)},
      last_confirmed_at = ${toSqlTime(connection.lastConfirmedAt)}, expires_at = ${toSqlTime(connection.expiresAt)},
      withdrew_at = ${toSqlTime(connection.withdrewAt)}, finding = ${checkStatus.finding}::finding,
      last_checked_at = ${toSqlTime(checkStatus.lastCheckedAt)}, unanswered_since = ${toSqlTime(checkStatus.unansweredSince)}
    where id = ${researcherId}::uuid`
}
