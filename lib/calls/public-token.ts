import 'server-only'
import type { Actor } from '@/lib/actor'
import type { CallPurpose } from '@/lib/calls/call'
import { callOrcid, recordCall } from '@/lib/calls/commands'
import { env } from '@/lib/config/env'
import { SealError } from '@/lib/crypto/sealed'
import { db } from '@/lib/db'
import { findClient } from '@/lib/installation/client'
import { keyRing } from '@/lib/installation/commands'
import { findHold } from '@/lib/installation/restore-detection'
import type { ApiOutcome } from '@/lib/orcid/api'
import { type ClientToken, type ClientTokenOutcome, clientCredentials, type ExchangeOutcome } from '@/lib/orcid/oauth'

const aad = (clientId: string) => ({
  table: 'client_token',
  row: clientId,
  column: 'sealed_access_token',
  registry: env().orcid.registry,
})

const renewBeforeMs = 60 * 60_000

/** Returns a client's own `/read-public` token, kept sealed and renewed before it expires, or null if ORCID issues none. */
export async function publicToken(actor: Actor, clientId = env().orcid.clientId): Promise<string | null> {
  return (await findPublicToken(clientId)) ?? requestPublicToken(actor, clientId)
}

/** ORCID would refuse another new token as well. */
const renewAfterMs = 60_000

/**
 * Reads public data as one of our clients, by default the current one. A refused token of ours says nothing about the
 * person: replace it unless it is new.
 */
export async function callOrcidPublicly(
  actor: Actor,
  call: { path: string; researcherId: string | null },
  clientId = env().orcid.clientId,
): Promise<ApiOutcome> {
  for (let tries = 1; tries <= 2; tries++) {
    const token = await publicToken(actor, clientId)
    if (!token) break
    const outcome = await callOrcid(actor, { ...call, method: 'GET', token, purpose: 'public' })
    if (outcome.kind !== 'invalid_token') return outcome
    const { count } = await dropOlderThan(clientId, renewAfterMs)
    if (count === 0) break
  }
  return { kind: 'unavailable', reason: 'no_public_token', mayHaveArrived: false }
}

/** The next read as one of these clients requests a new token. */
export async function dropPublicTokens(clientIds: readonly string[]): Promise<void> {
  await db().clientToken.deleteMany({ where: { id: { in: [...clientIds] } } })
}

/** Of concurrent callers only one drops the token, so that ORCID issues one new token. */
function dropOlderThan(clientId: string, ageMs: number) {
  return db().clientToken.deleteMany({ where: { id: clientId, obtainedAt: { lt: new Date(Date.now() - ageMs) } } })
}

async function findPublicToken(clientId: string): Promise<string | null> {
  const row = await db().clientToken.findUnique({ where: { id: clientId } })
  if (!row || row.expiresAt.getTime() - Date.now() < renewBeforeMs) return null
  try {
    return keyRing().open(row.sealedAccessToken, aad(clientId))
  } catch (error) {
    // The key is gone, so request a new token.
    if (error instanceof SealError) return null
    throw error
  }
}

async function requestPublicToken(actor: Actor, clientId: string): Promise<string | null> {
  const client = findClient(clientId)
  if (!client) return null
  const about = { purpose: 'public', researcherId: null } as const
  const outcome = await requestTokens(actor, about, () => clientCredentials(client, ['/read-public']))
  if (outcome.kind !== 'issued') return null
  await saveToken(clientId, outcome.tokens)
  return outcome.tokens.accessToken
}

async function saveToken(id: string, { accessToken, expiresInS }: ClientToken): Promise<void> {
  const now = Date.now()
  const row = {
    sealedAccessToken: keyRing().seal(accessToken, aad(id)),
    expiresAt: new Date(now + expiresInS * 1_000),
    obtainedAt: new Date(now),
  }
  // With the id in `create`, Prisma writes one `INSERT … ON CONFLICT`; without it, two callers at once make one fail.
  await db().clientToken.upsert({ where: { id }, create: { id, ...row }, update: row })
}

/** Sends a request to the token endpoint and records it as a call. Sends nothing while a restored database is held. */
export async function requestTokens<T extends ExchangeOutcome | ClientTokenOutcome>(
  actor: Actor,
  about: { purpose: CallPurpose; researcherId: string | null },
  request: () => Promise<T>,
): Promise<T | { kind: 'not_sent' }> {
  if (await findHold()) return { kind: 'not_sent' }
  const startedAt = performance.now()
  const outcome = await request()
  const latencyMs = Math.round(performance.now() - startedAt)
  const call = { ...about, method: 'POST', path: '/oauth/token' } as const
  await recordCall(actor, call, { outcome: toApiOutcome(outcome), status: statusOf(outcome), latencyMs, tries: 1 })
  return outcome
}

function toApiOutcome(outcome: ExchangeOutcome | ClientTokenOutcome): ApiOutcome {
  switch (outcome.kind) {
    case 'issued':
      return { kind: 'ok', status: 200, body: null, location: null }
    case 'refused':
      return { kind: 'invalid', errorCode: null, reason: outcome.error }
    case 'not_sent':
      return { kind: 'unavailable', reason: 'not_sent', mayHaveArrived: false }
    case 'unknown':
      return { kind: 'unavailable', reason: outcome.reason, mayHaveArrived: true }
  }
}

function statusOf(outcome: ExchangeOutcome | ClientTokenOutcome): number | null {
  return outcome.kind === 'issued' ? 200 : outcome.kind === 'refused' ? outcome.status : null
}
