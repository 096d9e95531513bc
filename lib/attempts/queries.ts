import 'server-only'
import type { ResearcherActor, StaffActor } from '@/lib/actor'
import type { Attempt } from '@/lib/attempts/attempt'
import { hashSecret } from '@/lib/crypto/secrets'
import { db } from '@/lib/db'
import { afterCursor, paginate, type TimeCursor, timeCursorOf } from '@/lib/list/pagination'

export type FoundAttempt = Attempt & {
  state: 'started' | 'exchanging' | 'recovering' | 'saved' | 'ended'
  stateHash: string
  staffInvitationId: string | null
  claimedAt: Date | null
  expiresAt: Date
}

/** The attempt whose secret this browser holds, or null. */
export function findAttemptBySecret(secret: string): Promise<FoundAttempt | null> {
  return db().authorizationAttempt.findUnique({
    where: { secretHash: hashSecret(secret) },
    select: {
      id: true,
      reference: true,
      purpose: true,
      state: true,
      clientId: true,
      redirectUri: true,
      scopesAsked: true,
      startedById: true,
      staffInvitationId: true,
      stateHash: true,
      claimedAt: true,
      expiresAt: true,
    },
  })
}

/** Where the attempt stands that began with this `state`, whoever presents it. Nothing else about it may be told. */
export function findAttemptByState(state: string) {
  const select = { state: true, outcome: true, expiresAt: true }
  return db().authorizationAttempt.findUnique({ where: { stateHash: hashSecret(state) }, select })
}

/** Where an attempt stands, for the browser that waits for it. */
export function findAttemptProgress(id: string) {
  return db().authorizationAttempt.findUnique({
    where: { id },
    select: {
      state: true,
      outcome: true,
      reference: true,
      researcher: { select: { id: true, orcid: true, name: true } },
    },
  })
}

/** What the attempt that began the caller's session brought, for the page that says so. */
export function findMyAttempt(actor: ResearcherActor, attemptId: string) {
  return db().authorizationAttempt.findFirst({
    where: { id: attemptId, researcherId: actor.researcherId },
    select: {
      reference: true,
      purpose: true,
      outcome: true,
      scopesAsked: true,
      grant: { select: { scopes: true, expiresAt: true, state: true } },
      startedBy: { select: { orcid: true } },
    },
  })
}

const pageSize = 20

/**
 * One page of the attempts that ended with one researcher or began while they were signed in, newest first, at most 20.
 * `researcher` is who came back: nobody, where an attempt brought nothing, or somebody else.
 */
export function listAttemptsOf(_actor: StaffActor, researcherId: string, cursor: TimeCursor | null) {
  const ofResearcher = { OR: [{ researcherId }, { startedById: researcherId }] }
  const select = {
    id: true,
    reference: true,
    purpose: true,
    state: true,
    outcome: true,
    scopesAsked: true,
    startedAt: true,
    endedAt: true,
    researcher: { select: { id: true, orcid: true, name: true } },
  }
  return paginate({
    size: pageSize,
    cursor,
    cursorOf: timeCursorOf('startedAt'),
    read: (from, take) => {
      const { where, orderBy } = afterCursor('startedAt', from)
      return db().authorizationAttempt.findMany({ where: { AND: [ofResearcher, where] }, orderBy, take, select })
    },
  })
}

/**
 * All attempts that ended with the researcher who asks or began while they were signed in, with the words they were shown,
 * for their own download. One that ended with another iD does not say whose.
 */
export async function listMyAttempts({ researcherId }: ResearcherActor) {
  const attempts = await db().authorizationAttempt.findMany({
    where: { OR: [{ researcherId }, { startedById: researcherId }] },
    orderBy: { startedAt: 'asc' },
    select: {
      id: true,
      reference: true,
      purpose: true,
      state: true,
      outcome: true,
      scopesAsked: true,
      locale: true,
      subjectProof: true,
      registry: true,
      clientId: true,
      redirectUri: true,
      staffInvitationId: true,
      startedAt: true,
      expiresAt: true,
      claimedAt: true,
      endedAt: true,
      startedById: true,
      researcherId: true,
      shownText: { select: { hash: true, content: true } },
      // Of a token that was issued and not recorded; those of a grant are with the grant.
      revocations: { select: { reason: true, requestedAt: true, confirmedAt: true } },
    },
  })
  return attempts.map(({ researcherId: endedWith, startedById, ...attempt }) => ({
    ...attempt,
    beganSignedIn: startedById === researcherId,
    endedWithMe: endedWith === researcherId,
  }))
}
