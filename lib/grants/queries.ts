import 'server-only'
import type { Actor, ResearcherActor, StaffActor } from '@/lib/actor'
import { db, type Prisma } from '@/lib/db'
import { grantAad, visitFields } from '@/lib/grants/commands'
import { endedByOrcid } from '@/lib/grants/grant'
import { describeVisit, type Visit } from '@/lib/grants/visit'
import { keyRing } from '@/lib/installation/commands'
import { afterCursor, paginate, type TimeCursor, timeCursorOf } from '@/lib/list/pagination'
import { coversScopes } from '@/lib/orcid/scopes'

const shown = {
  id: true,
  state: true,
  scopes: true,
  firstGrantedAt: true,
  clientId: true,
  nameGiven: true,
  grantedAt: true,
  expiresAt: true,
  endedAt: true,
  finding: true,
  lastCheckedAt: true,
  unansweredSince: true,
  attempt: { select: { purpose: true, reference: true } },
} satisfies Prisma.GrantSelect

export type ShownGrant = Prisma.GrantGetPayload<{ select: typeof shown }>

const myGrantsMax = 200

/** The actor's grants, newest first, at most 200. */
export function listMyGrants(actor: ResearcherActor): Promise<ShownGrant[]> {
  return listGrants(actor.researcherId, null, myGrantsMax)
}

/** What one visit of the asking researcher changed. */
export async function describeMyVisit({ researcherId }: ResearcherActor, attemptId: string): Promise<Visit> {
  return describeVisit(await db().grant.findMany({ where: { researcherId }, select: visitFields }), attemptId)
}

const pageSize = 20

/** One page of a researcher's grants, newest first, at most 20. */
export function listGrantsOf(_actor: StaffActor, researcherId: string, cursor: TimeCursor | null) {
  const read = (from: TimeCursor | null, limit: number) => listGrants(researcherId, from, limit)
  return paginate({ size: pageSize, cursor, cursorOf: timeCursorOf('grantedAt'), read })
}

function listGrants(researcherId: string, from: TimeCursor | null, take: number): Promise<ShownGrant[]> {
  const { where, orderBy } = afterCursor('grantedAt', from)
  return db().grant.findMany({ where: { researcherId, ...where }, orderBy, take, select: shown })
}

/** The actor's grants for their download: it says whether tokens exist, never their value. */
export async function listMyGrantsForDownload(actor: ResearcherActor) {
  const grants = await db().grant.findMany({
    where: { researcherId: actor.researcherId },
    orderBy: { grantedAt: 'asc' },
    select: {
      ...shown,
      registry: true,
      attemptId: true,
      supersededById: true,
      nextCheckAt: true,
      checks: { orderBy: { id: 'asc' }, select: { at: true, finding: true, reason: true } },
      suspicion: {
        select: { since: true, lastAskedAt: true, refusals: true, controlSaid: true, userinfoSaid: true },
      },
      sealedAccessToken: true,
      sealedRefreshToken: true,
      sealedResponse: true,
      revocations: {
        select: {
          clientId: true,
          reason: true,
          requestedAt: true,
          tries: true,
          lastTriedAt: true,
          lastOutcome: true,
          nextTryAt: true,
          confirmedAt: true,
        },
      },
    },
  })
  return grants.map(({ sealedAccessToken, sealedRefreshToken, sealedResponse, ...grant }) => ({
    ...grant,
    // No key in an answer is named like a token, so that tests can search answers for such names.
    held: {
      access: sealedAccessToken !== null,
      refresh: sealedRefreshToken !== null,
      answer: sealedResponse !== null,
    },
  }))
}

/** The first refusal of an open suspicion, or null. */
export async function findSuspicionSince(
  _actor: ResearcherActor | StaffActor,
  researcherId: string,
): Promise<Date | null> {
  const open = await db().suspicion.findFirst({
    where: { grant: { researcherId } },
    orderBy: { since: 'asc' },
    select: { since: true },
  })
  return open?.since ?? null
}

/** Live grants of the researcher who asks. */
export function countMyLiveGrants(actor: ResearcherActor): Promise<number> {
  return db().grant.count({ where: { researcherId: actor.researcherId, state: 'live' } })
}

export type GrantToken = { researcherId: string; orcid: string; clientId: string; scopes: string[]; token: string }

/** While somebody is paused, nothing is read or written with their permission. */
const isOfPaused = { researcher: { person: { state: 'paused' } } } as const satisfies Prisma.GrantWhereInput

/**
 * The token and iD of a live or revivable grant, for a check at ORCID; else null. Of somebody who is paused, only a
 * grant under suspicion is checked.
 */
export async function findGrantToken(_actor: Actor, grantId: string): Promise<GrantToken | null> {
  const grant = await db().grant.findFirst({
    where: {
      id: grantId,
      state: { in: ['live', ...endedByOrcid] },
      OR: [{ suspicion: { isNot: null } }, { NOT: isOfPaused }],
    },
    select: {
      researcherId: true,
      clientId: true,
      scopes: true,
      sealedAccessToken: true,
      researcher: { select: { orcid: true } },
    },
  })
  if (!grant?.sealedAccessToken) return null
  const { sealedAccessToken, researcher, ...facts } = grant
  return {
    ...facts,
    orcid: researcher.orcid,
    token: keyRing().open(sealedAccessToken, grantAad(grantId, 'sealed_access_token')),
  }
}

/**
 * The token of the newest live grant that covers all scopes, or null. Skips grants under suspicion, and people who are
 * paused. Use the token for one call, at once: a grant may end at any moment.
 */
export async function findLiveToken(
  _actor: Actor,
  researcherId: string,
  requiredScopes: readonly string[],
): Promise<{ grantId: string; token: string } | null> {
  const live = await db().grant.findMany({
    where: { researcherId, suspicion: null, ...isLive(), NOT: isOfPaused },
    orderBy: [{ grantedAt: 'desc' }, { id: 'desc' }],
    select: { id: true, scopes: true, sealedAccessToken: true },
  })
  return openCovering(live, requiredScopes)
}

/**
 * The researchers who allow the scopes but whose token, or its key, is lost. Without `requiredScopes`: the researchers
 * with any live grant whose token no other token covers.
 */
export async function listWithoutToken(
  _actor: Actor,
  researcherIds: readonly string[],
  requiredScopes?: readonly string[],
): Promise<Set<string>> {
  const live = await db().grant.findMany({
    where: { researcherId: { in: [...researcherIds] }, ...isLive() },
    select: { researcherId: true, scopes: true, sealedAccessToken: true },
  })
  const held = live.filter(({ sealedAccessToken }) => canOpen(sealedAccessToken))
  const missing = live.filter((grant) => {
    const required = requiredScopes ?? grant.scopes
    const covers = ({ researcherId, scopes }: typeof grant) =>
      researcherId === grant.researcherId && coversScopes(scopes, required)
    return covers(grant) && !held.some(covers)
  })
  return new Set(missing.map(({ researcherId }) => researcherId))
}

const isLive = () => ({ state: 'live', expiresAt: { gt: new Date() } }) satisfies Prisma.GrantWhereInput

/**
 * The kept token of the newest grant that was withdrawn at ORCID and covers all scopes, or null. ORCID lets it delete
 * the items that were written with it, nothing else.
 */
export async function findRemovalToken(
  _actor: Actor,
  researcherId: string,
  requiredScopes: readonly string[],
): Promise<{ grantId: string; token: string } | null> {
  const ended = await db().grant.findMany({
    where: { researcherId, state: 'withdrawn_at_orcid', sealedAccessToken: { not: null }, NOT: isOfPaused },
    orderBy: [{ grantedAt: 'desc' }, { id: 'desc' }],
    select: { id: true, scopes: true, sealedAccessToken: true },
  })
  return openCovering(ended, requiredScopes)
}

/** Whether such a token of the actor is kept. */
export async function hasMyRemovalToken({ researcherId }: ResearcherActor): Promise<boolean> {
  const ended = { researcherId, state: 'withdrawn_at_orcid', sealedAccessToken: { not: null } } as const
  return (await db().grant.count({ where: ended })) > 0
}

type SealedGrant = { id: string; scopes: string[]; sealedAccessToken: string | null }

function openCovering(grants: readonly SealedGrant[], requiredScopes: readonly string[]) {
  for (const { id: grantId, scopes, sealedAccessToken } of grants) {
    if (!coversScopes(scopes, requiredScopes) || !canOpen(sealedAccessToken)) continue
    return { grantId, token: keyRing().open(sealedAccessToken, grantAad(grantId, 'sealed_access_token')) }
  }
  return null
}

const canOpen = (sealed: string | null): sealed is string => sealed !== null && keyRing().hasKeyOf(sealed)
