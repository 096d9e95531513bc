import 'server-only'
import type { Actor, ResearcherActor, StaffActor } from '@/lib/actor'
import { recordEventHourly } from '@/lib/audit/commands'
import { callOrcid } from '@/lib/calls/commands'
import { callOrcidPublicly } from '@/lib/calls/public-token'
import { env } from '@/lib/config/env'
import { inTransaction } from '@/lib/db'
import { findLiveToken, listWithoutToken } from '@/lib/grants/queries'
import { enqueueCheckAfterRefusal } from '@/lib/grants/refusal'
import { dropHidden, isNotPublic, isOnlyMe } from '@/lib/orcid/only-me'
import { parseRecord } from '@/lib/orcid/record'
import { isPaused } from '@/lib/people/leaving'
import { countUse } from '@/lib/rate-limit/count-use'
import { cacheRecord, findCachedRecord } from '@/lib/records/cache'
import { type ReadBy, type Reading, toReadFailure } from '@/lib/records/record'

type Person = { id: string; orcid: string }

/**
 * Reads a record for a staff member and audits the access before it returns. `address`: the client's, for the rate
 * limit. The record is never stored; docs/privacy.md says how long it stays in memory.
 */
export async function readRecord(actor: StaffActor, person: Person, address: string | null): Promise<Reading> {
  const reading = await read(actor, person, address)
  if (reading.kind === 'read') {
    const action = reading.by === 'permission' ? 'record.read' : 'record.read_public'
    await recordEventHourly(actor, { action, researcherId: person.id })
  }
  return reading
}

/** The actor's own record, as Concord can read it. */
export function readMyRecord(actor: ResearcherActor, address: string | null): Promise<Reading> {
  return read(actor, { id: actor.researcherId, orcid: actor.orcid }, address)
}

/** Uses the person's permission if one covers reading, and the public API otherwise. */
async function read(actor: Actor, { id, orcid }: Person, address: string | null): Promise<Reading> {
  if (await isPaused(id)) return { kind: 'failed', by: 'permission', because: 'paused' }
  const live = env().orcid.api === 'member' ? await findLiveToken(actor, id, readScopes) : null
  const by: ReadBy = live ? 'permission' : await publicReadReason(actor, id)
  const grantId = live?.grantId ?? null
  const cached = findCachedRecord(id, grantId)
  if (cached) return { kind: 'read', by, record: cached.record, at: cached.at }
  if (await countUse('record', { person: personOf(actor), address }))
    return { kind: 'failed', by, because: 'too_often' }
  const path = `/${orcid}/record`
  const outcome = live
    ? await callOrcid(actor, { method: 'GET', path, token: live.token, researcherId: id, purpose: 'read' })
    : await callOrcidPublicly(actor, { path, researcherId: id })
  if (outcome.kind !== 'ok') {
    if (grantId) await inTransaction((tx) => enqueueCheckAfterRefusal(tx, grantId, outcome))
    return { kind: 'failed', by, ...toReadFailure(outcome) }
  }
  const record = parseRecord(dropHidden(outcome.body, live ? isOnlyMe : isNotPublic))?.record
  // A faulty proxy or cache must not show another person's record.
  if (record?.orcid !== orcid) return { kind: 'failed', by, because: 'unreadable' }
  const at = new Date()
  cacheRecord(id, grantId, record, at)
  return { kind: 'read', by, record, at }
}

const readScopes = ['/read-limited']

async function publicReadReason(actor: Actor, id: string): Promise<ReadBy> {
  if (env().orcid.api === 'public') return 'public_credentials'
  return (await listWithoutToken(actor, [id], readScopes)).size > 0 ? 'public_without_token' : 'public'
}

const personOf = (actor: Actor) =>
  actor.kind === 'researcher' ? actor.researcherId : actor.kind === 'staff' ? actor.staffId : null
