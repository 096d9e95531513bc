import 'server-only'
import type { Actor, ResearcherActor, StaffActor } from '@/lib/actor'
import { env } from '@/lib/config/env'
import { db, type Prisma } from '@/lib/db'
import { visitFields } from '@/lib/grants/commands'
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

const mostGrants = 200

const accessTokenAad = (row: string) => ({
  table: 'grant',
  row,
  column: 'sealed_access_token',
  registry: env().orcid.registry,
})

/** Every grant of the researcher who asks, newest first. */
export function listMyGrants(actor: ResearcherActor): Promise<ShownGrant[]> {
  return listGrants(actor.researcherId, null, mostGrants)
}

/** What the visit that began the caller's session did to their permission. */
export async function describeMyVisit({ researcherId }: ResearcherActor, attemptId: string): Promise<Visit> {
  return describeVisit(await db().grant.findMany({ where: { researcherId }, select: visitFields }), attemptId)
}

const pageSize = 20

/** One page of the grants of one researcher, newest first, at most 20. */
export function listGrantsOf(_actor: StaffActor, researcherId: string, cursor: TimeCursor | null) {
  const read = (from: TimeCursor | null, limit: number) => listGrants(researcherId, from, limit)
  return paginate({ size: pageSize, cursor, cursorOf: timeCursorOf('grantedAt'), read })
}

function listGrants(researcherId: string, from: TimeCursor | null, take: number): Promise<ShownGrant[]> {
  const { where, orderBy } = afterCursor('grantedAt', from)
  return db().grant.findMany({ where: { researcherId, ...where }, orderBy, take, select: shown })
}

/** The grants of the researcher who asks as their download has them: tokens are stated, never given. */
export async function listMyGrantsForDownload(actor: ResearcherActor) {
  const grants = await db().grant.findMany({
    where: { researcherId: actor.researcherId },
    orderBy: { grantedAt: 'asc' },
    // The one place outside the commands that touches sealed columns, to say that they hold something.
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
    // No key of any answer is named like a token, so that a search for such names finds nothing but mistakes.
    held: {
      access: sealedAccessToken !== null,
      refresh: sealedRefreshToken !== null,
      answer: sealedResponse !== null,
    },
  }))
}

/** When ORCID first refused a token of the researcher, where that is neither confirmed nor cleared; else null. */
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

/** How many live grants the researcher who asks has, whatever each permits. */
export function countMyLiveGrants(actor: ResearcherActor): Promise<number> {
  return db().grant.count({ where: { researcherId: actor.researcherId, state: 'live' } })
}

export type GrantToken = { researcherId: string; orcid: string; clientId: string; scopes: string[]; token: string }

/**
 * The token of a grant with the iD that it is for, to ask ORCID about it: of a live one, or of one that ORCID ended and
 * whose tokens are kept. Null for any other.
 */
export async function findGrantToken(_actor: Actor, grantId: string): Promise<GrantToken | null> {
  const grant = await db().grant.findFirst({
    where: { id: grantId, state: { in: ['live', ...endedByOrcid] } },
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
  return { ...facts, orcid: researcher.orcid, token: keyRing().open(sealedAccessToken, accessTokenAad(grantId)) }
}

/**
 * The token of a researcher's newest live grant that covers all of these scopes, or null where none does. A grant whose
 * token ORCID refused is not used until that is cleared. The token is for one call now: a grant may end at any moment.
 */
export async function findLiveToken(
  _actor: Actor,
  researcherId: string,
  requiredScopes: readonly string[],
): Promise<{ grantId: string; token: string } | null> {
  const live = await db().grant.findMany({
    where: { researcherId, suspicion: null, ...isLive() },
    orderBy: [{ grantedAt: 'desc' }, { id: 'desc' }],
    select: { id: true, scopes: true, sealedAccessToken: true },
  })
  return openCovering(live, requiredScopes)
}

/**
 * Which of these researchers permit all of these scopes with a live grant and have no token here that does: it was lost,
 * or the key that it was sealed with. Without `requiredScopes`: who has any live grant whose token nothing else replaces.
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
  const held = live.filter(({ sealedAccessToken }) => isHeld(sealedAccessToken))
  const missing = live.filter((grant) => {
    const wanted = requiredScopes ?? grant.scopes
    const covers = ({ researcherId, scopes }: typeof grant) =>
      researcherId === grant.researcherId && coversScopes(scopes, wanted)
    return covers(grant) && !held.some(covers)
  })
  return new Set(missing.map(({ researcherId }) => researcherId))
}

const isLive = () => ({ state: 'live', expiresAt: { gt: new Date() } }) satisfies Prisma.GrantWhereInput

/**
 * The token of a researcher's newest grant that covers all of these scopes and that they took back at ORCID, where it is
 * still kept, or null. ORCID lets such a token delete the items that were written with it, and do nothing else.
 */
export async function findRemovalToken(
  _actor: Actor,
  researcherId: string,
  requiredScopes: readonly string[],
): Promise<{ grantId: string; token: string } | null> {
  const ended = await db().grant.findMany({
    where: { researcherId, state: 'withdrawn_at_orcid', sealedAccessToken: { not: null } },
    orderBy: [{ grantedAt: 'desc' }, { id: 'desc' }],
    select: { id: true, scopes: true, sealedAccessToken: true },
  })
  return openCovering(ended, requiredScopes)
}

type Sealed = { id: string; scopes: string[]; sealedAccessToken: string | null }

function openCovering(grants: readonly Sealed[], requiredScopes: readonly string[]) {
  for (const { id: grantId, scopes, sealedAccessToken } of grants) {
    if (!coversScopes(scopes, requiredScopes) || !isHeld(sealedAccessToken)) continue
    return { grantId, token: keyRing().open(sealedAccessToken, accessTokenAad(grantId)) }
  }
  return null
}

/** Whether there is a token, and the key that it was sealed with. */
const isHeld = (sealed: string | null): sealed is string => sealed !== null && keyRing().hasKeyOf(sealed)
