import 'server-only'
import type { Actor, ResearcherActor, StaffActor } from '@/lib/actor'
import { recordEventHourly } from '@/lib/audit/commands'
import { callOrcid } from '@/lib/calls/commands'
import { callOrcidPublicly } from '@/lib/calls/public-token'
import { env } from '@/lib/config/env'
import { inTransaction } from '@/lib/db'
import { findLiveToken, listWithoutToken } from '@/lib/grants/queries'
import { requestCheckAfter } from '@/lib/grants/refusal'
import { parseRecord } from '@/lib/orcid/record'
import { countUse } from '@/lib/rate-limit'
import { findKept, keepRecord } from '@/lib/records/cache'
import { type ReadBy, type Reading, toReadFailure } from '@/lib/records/record'

type Person = { id: string; orcid: string }

/**
 * Reads somebody's record at ORCID for a staff member, and writes down that they looked before they see anything. The
 * record is nowhere stored; docs/privacy.md says for how long it stays in memory.
 */
export async function readRecord(actor: StaffActor, person: Person): Promise<Reading> {
  const reading = await read(actor, person)
  if (reading.kind === 'read') {
    const action = reading.by === 'permission' ? 'record.read' : 'record.read_public'
    await recordEventHourly(actor, { action, researcherId: person.id })
  }
  return reading
}

/** What we can see of the record of the researcher who asks. */
export function readMyRecord(actor: ResearcherActor): Promise<Reading> {
  return read(actor, { id: actor.researcherId, orcid: actor.orcid })
}

/** With the person's permission where one covers it, and otherwise what is public. One request gives it all. */
async function read(actor: Actor, { id, orcid }: Person): Promise<Reading> {
  const live = env().orcid.api === 'member' ? await findLiveToken(actor, id, readScopes) : null
  const by: ReadBy = live ? 'permission' : await publiclyBecause(actor, id)
  const grantId = live?.grantId ?? null
  const kept = findKept(id, grantId)
  if (kept) return { kind: 'read', by, record: kept.record, at: kept.at }
  if (await countUse('record', callerOf(actor))) return { kind: 'failed', by, because: 'too_often' }
  const path = `/${orcid}/record`
  const outcome = live
    ? await callOrcid(actor, { method: 'GET', path, token: live.token, researcherId: id, purpose: 'read' })
    : await callOrcidPublicly(actor, { path, researcherId: id })
  if (outcome.kind !== 'ok') {
    if (grantId) await inTransaction((tx) => requestCheckAfter(tx, grantId, outcome))
    return { kind: 'failed', by, ...toReadFailure(outcome) }
  }
  const record = parseRecord(outcome.body)?.record
  // Whatever else stands between us and ORCID: nobody sees another person's record on somebody's page.
  if (record?.orcid !== orcid) return { kind: 'failed', by, because: 'unreadable' }
  const at = new Date()
  keepRecord(id, grantId, record, at)
  return { kind: 'read', by, record, at }
}

const readScopes = ['/read-limited']

async function publiclyBecause(actor: Actor, id: string): Promise<ReadBy> {
  if (env().orcid.api === 'public') return 'public_credentials'
  return (await listWithoutToken(actor, [id], readScopes)).size > 0 ? 'public_without_token' : 'public'
}

const callerOf = (actor: Actor) =>
  actor.kind === 'researcher' ? actor.researcherId : actor.kind === 'staff' ? actor.staffId : null
