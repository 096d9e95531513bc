import 'server-only'
import { z } from 'zod'
import type { ResearcherActor, StaffActor } from '@/lib/actor'
import { type Attempt, type AttemptOrigin, deskOutcomeS } from '@/lib/attempts/attempt'
import { troubledOutcomes } from '@/lib/attempts/outcome'
import { hashSecret } from '@/lib/crypto/secrets'
import { db, Prisma, queryRows } from '@/lib/db'
import { afterCursor, paginate, type TimeCursor, timeCursorOf } from '@/lib/list/pagination'
import type { ShownSystem } from '@/lib/texts/text'

export type CallbackAttempt = Attempt &
  AttemptOrigin & {
    state: 'started' | 'exchanging' | 'recovering' | 'saved' | 'ended'
    stateHash: string
    staffInvitationId: string | null
    claimedAt: Date | null
    expiresAt: Date
  }

/** An attempt that somebody was asked for, and by which campaign; null: from their page. */
export type Request = { id: string; campaign: string | null }

/** The attempt of the browser that holds this cookie, or null. */
export function findAttemptBySecret(secret: string): Promise<CallbackAttempt | null> {
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
      campaignId: true,
      invitationId: true,
      linkId: true,
      atDesk: true,
      stateHash: true,
      claimedAt: true,
      expiresAt: true,
    },
  })
}

/** The systems that an attempt's text named, or the texts of all that somebody allows now. */
export async function listShownBefore(of: { attemptId: string } | { researcherId: string }): Promise<ShownSystem[]> {
  const which =
    'attemptId' in of
      ? Prisma.sql`a.id = ${of.attemptId}::uuid`
      : Prisma.sql`a.id in (
          select attempt_id from "grant" where researcher_id = ${of.researcherId}::uuid and state = 'live')`
  return queryRows(
    db(),
    z.object({ termId: z.string(), scopes: z.array(z.string()) }),
    Prisma.sql`
      select n.term_id::text as "termId", array_agg(distinct s.scope order by s.scope) as scopes
      from authorization_attempt a join shown_system n on n.shown_text_hash = a.shown_text_hash
        cross join unnest(n.scopes) as s (scope)
      where ${which} group by n.term_id order by n.term_id`,
  )
}

/** Why each scope was asked for, in the words that somebody read in this language before they allowed it. */
export async function listReasonsRead({ researcherId }: ResearcherActor, locale: string): Promise<Map<string, string>> {
  const rows = await queryRows(
    db(),
    z.object({ scope: z.string(), reason: z.string() }),
    Prisma.sql`
      select distinct on (p->>'scope') p->>'scope' as scope, p->>'reason' as reason
      from "grant" g join authorization_attempt a on a.id = g.attempt_id
        join shown_text t on t.hash = a.shown_text_hash and t.locale = ${locale}
        cross join jsonb_array_elements(t.content->'permissions') as p
      where g.researcher_id = ${researcherId}::uuid and g.state = 'live' and p->>'scope' = any (g.scopes)
      order by p->>'scope', g.granted_at desc`,
  )
  return new Map(rows.map(({ scope, reason }) => [scope, reason]))
}

/** Anybody may present this `state`: select nothing more about the attempt. */
export function findAttemptByState(state: string) {
  const select = { state: true, outcome: true, expiresAt: true }
  return db().authorizationAttempt.findUnique({ where: { stateHash: hashSecret(state) }, select })
}

/** State and outcome of an attempt, for a browser that waits. */
export function findAttemptProgress(id: string) {
  return db().authorizationAttempt.findUnique({
    where: { id },
    select: {
      state: true,
      outcome: true,
      reference: true,
      atDesk: true,
      researcher: { select: { id: true, orcid: true, name: true } },
    },
  })
}

/** The actor's own attempt, for the page that reports its outcome. */
export function findMyAttempt(actor: ResearcherActor, attemptId: string) {
  return db().authorizationAttempt.findFirst({
    where: { id: attemptId, researcherId: actor.researcherId },
    select: {
      reference: true,
      purpose: true,
      outcome: true,
      scopesAsked: true,
      linkId: true,
      campaign: { select: { name: true } },
      grant: { select: { scopes: true, grantedAt: true, expiresAt: true, state: true } },
      startedBy: { select: { orcid: true } },
    },
  })
}

/** The actor's own attempts that began because they were asked, each with the campaign that asked; null for none. */
export async function listMyRequests({ researcherId }: ResearcherActor): Promise<Request[]> {
  const rows = await db().authorizationAttempt.findMany({
    where: { researcherId, OR: [{ campaignId: { not: null } }, { linkId: { not: null } }] },
    select: { id: true, campaign: { select: { name: true } } },
  })
  return rows.map(({ id, campaign }) => ({ id, campaign: campaign?.name ?? null }))
}

/** How an attempt at a desk ended, for the browser that holds its secret, for two minutes. */
export function findDeskAttempt(secret: string) {
  const endedAt = { gt: new Date(Date.now() - deskOutcomeS * 1_000) }
  return db().authorizationAttempt.findFirst({
    where: { secretHash: hashSecret(secret), atDesk: true, endedAt },
    select: {
      reference: true,
      outcome: true,
      state: true,
      campaign: { select: { code: true } },
      researcher: { select: { orcid: true, name: true } },
    },
  })
}

const pageSize = 20

/** Of those whom a campaign or link led to ORCID, nothing while they are there: it would say later that they refused. */
const tellable = {
  AND: [
    { OR: [{ outcome: null }, { outcome: { not: 'denied' as const } }] },
    { NOT: { state: 'started' as const, OR: [{ campaignId: { not: null } }, { invitationId: { not: null } }] } },
  ],
}

/**
 * One page of the attempts that ended with a researcher or began in their session, and of those by their personal links
 * in which something failed; newest first, at most 20. Refusals are not among them. `researcher` is the person who came
 * back, who may be another one, or null.
 */
export function listAttemptsOf(actor: StaffActor, researcherId: string, cursor: TimeCursor | null) {
  const visible = actor.role === 'admin' ? {} : { NOT: { researcher: { person: { confidential: true } } } }
  const failed = { outcome: { in: [...troubledOutcomes] }, invitation: { person: { researcherId } } }
  const ofResearcher = { OR: [{ researcherId }, { startedById: researcherId }, failed], ...visible }
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
      return db().authorizationAttempt.findMany({
        where: { AND: [ofResearcher, tellable, where] },
        orderBy,
        take,
        select,
      })
    },
  })
}

const failuresShown = 20

/** The last attempts by personal links of somebody without an iD in which something failed. */
export function listFailuresOf(_actor: StaffActor, personId: string) {
  return db().authorizationAttempt.findMany({
    where: { invitation: { personId }, outcome: { in: [...troubledOutcomes] } },
    orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
    take: failuresShown,
    select: { id: true, reference: true, outcome: true, startedAt: true },
  })
}

/**
 * All attempts that ended with the actor or began in their session, with the shown texts, for their download. Another
 * person's iD is never included.
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
      campaignId: true,
      campaign: { select: { name: true } },
      invitationId: true,
      linkId: true,
      atDesk: true,
      startedAt: true,
      expiresAt: true,
      claimedAt: true,
      endedAt: true,
      startedById: true,
      researcherId: true,
      shownText: { select: { hash: true, content: true } },
      // Only of unrecorded tokens: the grants list their own.
      revocations: { select: { reason: true, requestedAt: true, confirmedAt: true } },
    },
  })
  return attempts.map(({ researcherId: endedWith, startedById, ...attempt }) => ({
    ...attempt,
    beganSignedIn: startedById === researcherId,
    endedWithMe: endedWith === researcherId,
  }))
}
