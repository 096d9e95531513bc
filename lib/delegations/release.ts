import 'server-only'
import { z } from 'zod'
import type { ApiActor } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { callForIdToken } from '@/lib/calls/id-token'
import { env } from '@/lib/config/env'
import { db, inTransaction, Prisma, type Queryable, queryRows } from '@/lib/db'
import { findGrantToken, findLiveToken } from '@/lib/grants/queries'
import { enqueueCheckAfterRefusal } from '@/lib/grants/refusal'
import { findClient } from '@/lib/installation/client'
import { log } from '@/lib/log'
import type { OrcidClient } from '@/lib/orcid/client'
import { OrcidError } from '@/lib/orcid/errors'
import { loadJwks, verifyIdToken } from '@/lib/orcid/id-token'
import { coversScopes } from '@/lib/orcid/scopes'
import { findLockedResearcher } from '@/lib/researchers/commands'
import { findCoverage } from '@/lib/systems/coverage'
import { recordUse } from '@/lib/systems/use'

const right = 'token:delegate'

/** By our id or by iD, under a key of the system's own. */
export type ReleaseRequest = { personId?: string; orcid?: string; key: string; requestId: string }

/** `not_found` is said of everybody whom the system may not see. */
export type ReleaseFault =
  | 'not_found'
  | 'not_permitted'
  /** The system may not have all that the person allows, and ORCID cannot give it less. */
  | 'allows_more'
  | 'already_released'
  | 'key_reused'
  /** ORCID does not let our client do this, or the system names no receiver. */
  | 'unavailable_here'
  /** ORCID did not take our token. A check finds out why. */
  | 'refused'
  /** ORCID did not answer as it should. */
  | 'unanswered'

export type Release = {
  id: string
  personId: string
  orcid: string
  idToken: string
  expiresAt: Date
  receiver: string
  scopes: string[]
  at: Date
}

/**
 * Has ORCID make a new id_token about a person, and hands it over. It is never stored. Nothing is handed over unless the
 * release is in the database and the person still lets the system.
 */
export async function releaseIdToken(
  actor: ApiActor,
  { key, requestId, ...who }: ReleaseRequest,
): Promise<Release | { fault: ReleaseFault }> {
  const found = await findPerson(db(), actor, who)
  if ('fault' in found) return found
  const earlier = await findEarlier(actor, key, found.researcherId)
  if (earlier) return { fault: earlier }
  const { receiver } = await db().system.findUniqueOrThrow({
    where: { id: actor.systemId },
    select: { receiver: true },
  })
  const live = await findLiveToken(actor, found.researcherId, [...found.scopes.slice(0, 1)])
  const grant = live && (await findGrantToken(actor, live.grantId))
  const client = grant && findClient(grant.clientId)
  if (env().orcid.api !== 'member' || !receiver || !client) return { fault: 'unavailable_here' }
  const { researcherId } = found
  const made = await makeIdToken(actor, client, { ...grant, grantId: live.grantId, requestId })
  if ('fault' in made) return made
  return inTransaction(async (tx) => {
    await findLockedResearcher(tx, researcherId)
    // They may have withdrawn or stopped the system meanwhile.
    const still = await findPerson(tx, actor, who)
    if ('fault' in still) return still
    const { personId, scopes } = still
    const [row] = await tx.delegation.createManyAndReturn({
      data: { systemId: actor.systemId, researcherId, key, receiver, scopes },
      skipDuplicates: true,
      select: { id: true, at: true },
    })
    if (!row) return { fault: 'already_released' as const }
    await recordUse(tx, actor, right, [personId])
    const detail = { systemId: actor.systemId, system: actor.name, receiver, scopes }
    await recordEvent(tx, actor, {
      action: 'delegation.released',
      researcherId,
      grantId: live.grantId,
      requestId,
      detail,
    })
    return { ...row, personId, orcid: grant.orcid, receiver, scopes, ...made }
  })
}

const personRow = z.object({
  personId: z.string(),
  researcherId: z.string(),
  liveScopes: z.array(z.string()),
  /** Of grants that have ended, while ORCID has not confirmed that their tokens are revoked: it counts them too. */
  waitingScopes: z.array(z.string()),
})

type Found = { personId: string; researcherId: string; scopes: string[] }

async function findPerson(
  tx: Queryable,
  actor: ApiActor,
  { personId, orcid }: Pick<ReleaseRequest, 'personId' | 'orcid'>,
): Promise<Found | { fault: 'not_found' | 'not_permitted' | 'allows_more' }> {
  const which = personId ? Prisma.sql`id = ${personId}::uuid` : Prisma.sql`orcid = ${orcid ?? ''}`
  const [person] = await queryRows(
    tx,
    personRow,
    Prisma.sql`
      select id::text as "personId", researcher_id::text as "researcherId", live_scopes as "liveScopes",
        array(select distinct unnest(g.scopes) from revocation v join "grant" g on g.id = v.grant_id
          where g.researcher_id = person.researcher_id and v.confirmed_at is null) as "waitingScopes"
      from person where ${which} and researcher_id is not null`,
  )
  if (!person) return { fault: 'not_found' }
  const { rights, scopes } = await findCoverage(tx, actor, person.personId)
  if (rights.length === 0) return { fault: 'not_found' }
  if (!rights.includes(right)) return { fault: 'not_permitted' }
  const { liveScopes, waitingScopes } = person
  if (!coversScopes([...scopes, 'openid'], [...liveScopes, ...waitingScopes])) return { fault: 'allows_more' }
  return {
    personId: person.personId,
    researcherId: person.researcherId,
    scopes: person.liveScopes.filter((scope) => scope !== 'openid' && scope !== '/authenticate'),
  }
}

/** A key releases once: what it released is not kept, so that it cannot be given again. */
async function findEarlier({ systemId }: ApiActor, key: string, researcherId: string) {
  const earlier = await db().delegation.findUnique({
    where: { systemId_key: { systemId, key } },
    select: { researcherId: true },
  })
  if (!earlier) return null
  return earlier.researcherId === researcherId ? 'already_released' : 'key_reused'
}

type Live = { grantId: string; researcherId: string; orcid: string; token: string; requestId: string }

async function makeIdToken(
  actor: ApiActor,
  client: OrcidClient,
  { grantId, researcherId, orcid, token, requestId }: Live,
): Promise<{ idToken: string; expiresAt: Date } | { fault: ReleaseFault }> {
  const jwks = await loadJwks(client).catch((error: unknown) => {
    if (error instanceof OrcidError) return null
    throw error
  })
  if (!jwks) return { fault: 'unanswered' }
  const refuse = async (fault: ReleaseFault, because: string, kind?: 'invalid_token' | 'wrong_record') => {
    await inTransaction(async (tx) => {
      if (kind) await enqueueCheckAfterRefusal(tx, grantId, { kind })
      const detail = { systemId: actor.systemId, system: actor.name, because }
      await recordEvent(tx, actor, { action: 'delegation.refused', researcherId, grantId, requestId, detail })
    })
    return { fault }
  }
  const outcome = await callForIdToken(actor, client, { researcherId, token })
  switch (outcome.kind) {
    case 'not_offered':
      return refuse('unavailable_here', 'not_offered')
    case 'token_refused':
      return refuse('refused', 'token_refused', 'invalid_token')
    case 'refused':
      return refuse('unanswered', outcome.error)
    case 'unavailable':
      return { fault: 'unanswered' }
  }
  try {
    const { issuer, clientId } = client
    const read = await verifyIdToken(outcome.idToken, jwks, { issuer, clientId, nonce: null })
    if (read.orcid !== orcid) return refuse('refused', 'wrong_record', 'wrong_record')
    return { idToken: outcome.idToken, expiresAt: new Date(read.expiresAt * 1_000) }
  } catch (error) {
    if (!(error instanceof OrcidError)) throw error
    log().warn({ requestId, err: error }, 'failed to verify an id_token that ORCID made')
    return refuse('unanswered', 'not_valid')
  }
}
