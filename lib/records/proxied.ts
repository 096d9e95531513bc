import 'server-only'
import type { ApiActor } from '@/lib/actor'
import { callOrcid } from '@/lib/calls/commands'
import { db, direct, inTransaction } from '@/lib/db'
import { findLiveToken } from '@/lib/grants/queries'
import { enqueueCheckAfterRefusal } from '@/lib/grants/refusal'
import type { ApiOutcome } from '@/lib/orcid/api'
import { withoutOnlyMe } from '@/lib/orcid/only-me'
import { findCoverage } from '@/lib/systems/coverage'
import { recordUse } from '@/lib/systems/use'

const privateEmails = '/email/read-private'

/** `path` is after the iD, such as `/works`. `showsEmails`, `namesRecord`: what ORCID's answer has in it. */
export type ProxiedPart = { path: string; showsEmails: boolean; namesRecord: boolean }

export type ProxiedReading =
  | { kind: 'read'; text: string }
  | { kind: 'not_covered' | 'private_emails' | 'no_token' | 'foreign' }
  | { kind: 'refused'; outcome: Exclude<ApiOutcome, { kind: 'ok' }> }

/** Reads a part of a record for a system, with the person's permission. The answer stays as ORCID sent it. */
export async function readForSystem(
  actor: ApiActor,
  orcid: string,
  { path, showsEmails, namesRecord }: ProxiedPart,
  accept: string,
): Promise<ProxiedReading> {
  const person = await db().person.findUnique({
    where: { orcid },
    select: { id: true, researcherId: true, liveScopes: true },
  })
  if (!person?.researcherId) return { kind: 'not_covered' }
  const { id, researcherId, liveScopes } = person
  const { rights, scopes } = await findCoverage(db(), actor, id)
  if (!rights.includes('record:read')) return { kind: 'not_covered' }
  // The token may open more than the system may have.
  if (showsEmails && liveScopes.includes(privateEmails) && !scopes.includes(privateEmails)) {
    return { kind: 'private_emails' }
  }
  const live = await findLiveToken(actor, researcherId, ['/read-limited'])
  if (!live) return { kind: 'no_token' }
  const outcome = await callOrcid(actor, {
    method: 'GET',
    path: `/${orcid}${path}`,
    token: live.token,
    accept,
    researcherId,
    purpose: 'read',
  })
  if (outcome.kind !== 'ok') {
    await inTransaction((tx) => enqueueCheckAfterRefusal(tx, live.grantId, outcome))
    return { kind: 'refused', outcome }
  }
  const answer = String(outcome.body)
  // A faulty proxy or cache must not show another person's record.
  if (namesRecord && !answer.includes(orcid)) return { kind: 'foreign' }
  const text = withoutOnlyMe(answer, accept)
  if (text === null) return { kind: 'refused', outcome: { kind: 'not_found' } }
  await recordUse(direct, actor, 'record:read', [id])
  return { kind: 'read', text }
}
