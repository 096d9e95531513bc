import 'server-only'
import { randomUUID } from 'node:crypto'
import { type ResearcherActor, system } from '@/lib/actor'
import type { AttemptOutcome, Trip } from '@/lib/attempts/attempt'
import { type Writes, writeWithEvents, writeWithPerson } from '@/lib/audit/commands'
import { type Asked, inPlainTransaction, inTransaction, Prisma, type Tx } from '@/lib/db'
import { connectOutcome } from '@/lib/grants/grant'
import { endWiderGrants } from '@/lib/grants/narrowing'
import { addGrant, firstGrant, type NewGrant, sealGrant } from '@/lib/grants/saving'
import type { TokenResponse } from '@/lib/orcid/oauth'
import { isIdentityOnly } from '@/lib/orcid/scopes'
import {
  type AuthenticatedResearcher,
  linkMerged,
  lockAuthenticatedResearcher,
  makeNewcomer,
} from '@/lib/researchers/commands'
import { newSession } from '@/lib/sessions/commands'
import { newStaffName, noteStaffName } from '@/lib/staff/commands'
import { acceptInvitation } from '@/lib/staff/invitations'

/** An attempt that recovery has taken over meanwhile: what was just issued must be revoked, not recorded. */
export class TakenOver extends Error {
  override readonly name = 'TakenOver'
}

type Saved = { outcome: AttemptOutcome; researcherId: string; sessionId: string }

/** What came back from ORCID, and the grant that it becomes. */
type Brought = {
  trip: Trip
  tokens: TokenResponse
  attempt: { id: string; clientId: string; requestId: string }
  grant: NewGrant
}

/**
 * Records what ORCID granted, all of it in one transaction: the attempt's end, the researcher, the grant, earlier
 * grants that it supersedes with their revocations, the session, and the events.
 *
 * @param beforeCommit called last, before COMMIT is sent: a failure later than that leaves the result unknown
 * @throws TakenOver when the attempt is no longer this callback's
 */
export async function saveAttempt(
  trip: Trip,
  tokens: TokenResponse,
  requestId: string,
  beforeCommit: () => void,
): Promise<Saved> {
  const attempt = { id: trip.id, clientId: trip.clientId, requestId }
  const brought = { trip, tokens, attempt, grant: await sealGrant(attempt, tokens) }
  // Who begins to connect without being signed in is new here, mostly.
  const isProbablyNew = trip.purpose === 'connect' && trip.startedById === null
  const saved = isProbablyNew ? await inPlainTransaction((tx) => saveNewcomer(tx, brought, beforeCommit)) : null
  return saved ?? inTransaction((tx) => saveAnybody(tx, brought, beforeCommit))
}

/** Null, and nothing is to be kept, for whom there is more to write than this. */
async function saveNewcomer(tx: Asked, brought: Brought, beforeCommit: () => void): Promise<Saved | null> {
  const { trip, tokens, attempt, grant } = brought
  const researcher = { id: randomUUID(), orcid: tokens.orcid, startedById: null }
  const first = Prisma.sql`select from (${exchanging(trip.id)}) as begun
    where "startedById" is null and "staffInvitationId" is null`
  const only = Prisma.sql`from person`
  const writes = firstGrant(researcher.id, attempt, grant, only)
  const { saved, all } = writesOf(researcher, brought, { liveBefore: [], writes }, only)
  const made = await writeWithPerson(tx, makeNewcomer(researcher.id, tokens.orcid, grant.newcomer, first), all)
  if (!made) return null
  beforeCommit()
  return saved
}

async function saveAnybody(tx: Tx, brought: Brought, beforeCommit: () => void): Promise<Saved> {
  const { trip, tokens, attempt, grant } = brought
  const { requestId } = attempt
  const researcher = await lockPerson(tx, brought)
  const { id: researcherId, orcid, isHeir, staffInvitationId } = researcher
  const added = await addGrant(tx, researcher, attempt, grant)
  const { saved, actor, all } = writesOf(researcher, brought, added)
  await writeWithEvents(tx, all)
  if (isHeir) await linkMerged(tx, orcid)
  // The wider grants end after the narrower one is saved, and only when it is the same person who came back.
  const narrower = { grantId: grant.facts.id, attemptId: trip.id, requestId }
  if (saved.outcome === 'narrowed') await endWiderGrants(tx, actor, researcherId, trip.scopesAsked, narrower)
  if (staffInvitationId) {
    await acceptInvitation(tx, staffInvitationId, actor, requestId)
    await noteStaffName(tx, orcid, tokens.name)
  }
  beforeCommit()
  return saved
}

type Begun = { startedById: string | null; staffInvitationId: string | null }
type Person = AuthenticatedResearcher & Begun

async function lockPerson(tx: Asked, { trip, tokens, grant }: Brought): Promise<Person> {
  const person = await lockAuthenticatedResearcher<Begun>(tx, tokens.orcid, grant.newcomer, exchanging(trip.id))
  if (!person) throw new TakenOver()
  return person
}

/** The grant, the session, the end of the attempt and all events, each for each row of what it is written `only`. */
function writesOf(
  researcher: Pick<Person, 'id' | 'orcid' | 'startedById'>,
  { trip, tokens, attempt: { requestId } }: Brought,
  { liveBefore, writes }: { liveBefore: string[]; writes: Writes },
  only?: Prisma.Sql,
): { saved: Saved; actor: ResearcherActor; all: Writes } {
  const { id: researcherId, orcid, startedById } = researcher
  const outcome = outcomeOf({ ...trip, startedById }, tokens, liveBefore, researcherId)
  const session = newSession(researcher, trip.id, requestId, only)
  const ended = { action: 'attempt.ended', researcherId, attemptId: trip.id, requestId, detail: { outcome } } as const
  const all = {
    changes: [
      ...writes.changes,
      newEnd(trip.id, outcome, researcherId, only),
      ...session.changes,
      newStaffName(orcid, tokens.name, only),
    ],
    events: [...writes.events, { actor: system, ...ended }, ...session.events],
  }
  const { actor } = session
  return { saved: { outcome, researcherId, sessionId: actor.sessionId }, actor, all }
}

/** Locks the attempt, and reads again who began it: they may have been erased while the person was at ORCID. */
const exchanging = (id: string) => Prisma.sql`
  select started_by_id::text as "startedById", staff_invitation_id::text as "staffInvitationId"
  from authorization_attempt where id = ${id}::uuid and state = 'exchanging' for update`

const newEnd = (id: string, outcome: AttemptOutcome, researcherId: string, only = Prisma.empty) => Prisma.sql`
  update authorization_attempt set state = 'saved', outcome = ${outcome}::attempt_outcome,
    researcher_id = ${researcherId}::uuid, ended_at = now(), sealed_code = null ${only}
  where id = ${id}::uuid`

function outcomeOf(trip: Trip, tokens: TokenResponse, liveBefore: string[], researcherId: string): AttemptOutcome {
  if (trip.startedById && trip.startedById !== researcherId) return 'different_id'
  if (trip.purpose === 'narrow' && trip.startedById) return 'narrowed'
  const missing = connectOutcome({ asked: trip.scopesAsked, granted: tokens.scopes, liveBefore })
  if (trip.purpose === 'sign_in' && isIdentityOnly(tokens.scopes)) return 'signed_in'
  return missing
}
