import 'server-only'
import { randomUUID } from 'node:crypto'
import { system } from '@/lib/actor'
import { type Writes, writeWithEvents } from '@/lib/audit/commands'
import { Prisma, type Tx, toSqlTime } from '@/lib/db'
import { env } from '@/lib/env'
import { allFields, endGrants, grantPlace, newStanding } from '@/lib/grants/commands'
import { deriveConnection, type GrantFacts, supersedes } from '@/lib/grants/grant'
import { giveUpKeptTokens } from '@/lib/grants/kept'
import { keyRing, tokenHash } from '@/lib/installation/commands'
import type { TokenResponse } from '@/lib/orcid/oauth'
import { type LockedResearcher, linkMerged, type Newcomer } from '@/lib/researchers/commands'

/** A grant that ORCID has given and that is not written yet. */
export type NewGrant = {
  facts: GrantFacts
  name: string | null
  /** What it makes of somebody who has no other one. */
  newcomer: Newcomer
  /** Writes it, with its tokens sealed; for each row of what it is written `only`, where that is given. */
  insertFor(researcherId: string, only?: Prisma.Sql): Prisma.Sql
}

type Attempt = { id: string; clientId: string; requestId?: string }

/** Seals what ORCID has granted on a trip. */
export async function sealGrant(attempt: Attempt, tokens: TokenResponse): Promise<NewGrant> {
  const id = randomUUID()
  const { scopes, name, accessToken, refreshToken, raw } = tokens
  const grantedAt = new Date()
  const expiresAt = new Date(grantedAt.getTime() + tokens.expiresInS * 1_000)
  const seal = (text: string, column: string) => keyRing().seal(text, grantPlace(id, column))
  const sealed = Prisma.sql`${seal(accessToken, 'sealed_access_token')},
    ${refreshToken && seal(refreshToken, 'sealed_refresh_token')}, ${seal(JSON.stringify(raw), 'sealed_response')}`
  const accessTokenHash = await tokenHash(accessToken)
  const facts = { id, state: 'live' as const, scopes, grantedAt, expiresAt, endedAt: null }
  const insertFor = (researcherId: string, only = Prisma.empty) => Prisma.sql`insert into "grant"
    (id, researcher_id, attempt_id, registry, client_id, scopes, name_given,
      sealed_access_token, sealed_refresh_token, sealed_response, access_token_hash, granted_at, expires_at)
    select ${id}::uuid, ${researcherId}::uuid, ${attempt.id}::uuid, ${env().orcid.registry}::registry,
      ${attempt.clientId}, ${scopes}::text[], ${name},
      ${sealed}, ${accessTokenHash}, ${toSqlTime(grantedAt)}, ${toSqlTime(expiresAt)} ${only}`
  return { facts, name, newcomer: { name, ...deriveConnection([facts]) }, insertFor }
}

/** What is to be written of a grant of somebody who has no other one. */
export function firstGrant(
  researcherId: string,
  attempt: Attempt,
  { facts, insertFor }: NewGrant,
  only?: Prisma.Sql,
): Writes {
  const { id: grantId, scopes } = facts
  const { id: attemptId, requestId } = attempt
  const detail = { scopes }
  const saved = { actor: system, action: 'grant.saved', researcherId, attemptId, grantId, requestId, detail } as const
  return { changes: [insertFor(researcherId, only)], events: [saved] }
}

/**
 * Adds a grant, ends the earlier ones that it covers, and brings the researcher's row up to date. The researcher must be
 * locked by this transaction. Gives the union of live scopes before, and what is still to be written, in this
 * transaction, together with what else the trip brings.
 */
export async function addGrant(
  tx: Tx,
  { id: researcherId, isNew }: LockedResearcher & { isNew?: boolean },
  attempt: Attempt,
  grant: NewGrant,
): Promise<{ liveBefore: string[]; writes: Writes }> {
  const { facts, name } = grant
  const { id: grantId, scopes } = facts
  const writes = firstGrant(researcherId, attempt, grant)
  if (isNew) return { liveBefore: [], writes }
  await giveUpKeptTokens(tx, system, researcherId, scopes)
  const before = await tx.grant.findMany({ where: { researcherId }, select: allFields })
  const live = before.filter(({ state }) => state === 'live')
  const liveBefore = live.flatMap((grant) => grant.scopes)
  const added = { ...facts, finding: null, lastCheckedAt: null, unansweredSince: null }
  const covered = live.filter((grant) => supersedes(scopes, grant.scopes))
  if (covered.length === 0) {
    const changes = [...writes.changes, newStanding(researcherId, [...before, added], name)]
    return { liveBefore, writes: { ...writes, changes } }
  }
  // What ended points to what took its place, which therefore is written first.
  await writeWithEvents(tx, writes)
  await endGrants(tx, system, researcherId, covered, { state: 'superseded', supersededById: grantId })
  const endedAt = new Date()
  const after = before.map((grant) =>
    covered.includes(grant) ? { ...grant, state: 'superseded' as const, endedAt } : grant,
  )
  return { liveBefore, writes: { changes: [newStanding(researcherId, [...after, added], name)], events: [] } }
}

/** All of this at once, of a grant that came without its person. Gives its id. */
export async function saveGrant(
  tx: Tx,
  researcher: LockedResearcher,
  attempt: Attempt,
  tokens: TokenResponse,
): Promise<string> {
  const grant = await sealGrant(attempt, tokens)
  const { writes } = await addGrant(tx, researcher, attempt, grant)
  await writeWithEvents(tx, writes)
  await linkMerged(tx, researcher.orcid)
  return grant.facts.id
}
