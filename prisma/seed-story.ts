import {
  type CheckedGrant,
  carryOverFirstGrantedAt,
  type Finding,
  type GrantFacts,
  supersedes,
} from '@/lib/grants/grant'
import type { Dice } from '@/prisma/seed-dice'
import { makeSeededReference } from '@/prisma/seed-numbers'

/**
 * The client of every seeded attempt, by which the seed knows its own rows from real ones; and of seeded grants, until
 * `sealSeededTokens` gives them tokens of a client that exists. A grant without a token is neither swept nor revoked.
 */
export const seededClientId = 'SEEDED'

export const everything = ['/activities/update', '/person/update', '/read-limited', 'openid']

export type Attempt = {
  id: string
  reference: string
  purpose: 'connect' | 'sign_in' | 'narrow'
  state: 'saved' | 'ended'
  outcome: string
  scopes_asked: string[]
  secret_hash: string
  state_hash: string
  started_at: Date
  expires_at: Date
  claimed_at: Date | null
  ended_at: Date
  started_by_id: string | null
  researcher_id: string | null
}

export type Grant = GrantFacts &
  CheckedGrant & {
    researcherId: string
    attemptId: string
    name: string | null
    hash: string
    by: string | null
  }

type Ending = { purpose: Attempt['purpose']; state: Attempt['state']; outcome: string }

// How an attempt fails, the more usual first, and after how many seconds.
const failures = [
  { outcome: 'denied', purpose: 'connect', afterS: 40 },
  { outcome: 'expired', purpose: 'connect', afterS: 3_700 },
  { outcome: 'denied', purpose: 'sign_in', afterS: 15 },
  { outcome: 'code_expired', purpose: 'connect', afterS: 900 },
  { outcome: 'nothing_came_back', purpose: 'connect', afterS: 25 },
  { outcome: 'orcid_unavailable', purpose: 'connect', afterS: 60 },
  { outcome: 'orcid_refused', purpose: 'sign_in', afterS: 20 },
  { outcome: 'not_saved', purpose: 'connect', afterS: 120 },
  { outcome: 'answer_lost', purpose: 'connect', afterS: 90_000 },
] as const

const lifetimeMs = 631_138_518_000
const weekMs = 7 * 86_400_000

export type Story = ReturnType<typeof makeStory>
type Who = { id: string; name: string | null; dice: Dice; now: number; index: number }

/** Collects what a person did, in the order in which it is told, with the consequences that the portal draws from it. */
export function makeStory({ id, name, dice, now, index }: Who) {
  const grants: Grant[] = []
  const attempts: Attempt[] = []

  // As long as a real one, and cheaper.
  const hash = () => dice.hex16().repeat(4)

  const attempt = (scopes: string[], startedAt: number, ending: Ending, tookMs: number): Attempt => {
    const endedAt = new Date(Math.min(startedAt + tookMs, now))
    const isSaved = ending.state === 'saved'
    const made: Attempt = {
      id: dice.uuid(),
      reference: makeSeededReference(index * 32 + attempts.length),
      scopes_asked: scopes,
      secret_hash: hash(),
      state_hash: hash(),
      started_at: new Date(startedAt),
      expires_at: new Date(startedAt + 3_600_000),
      claimed_at: isSaved ? new Date(endedAt.getTime() - 700) : null,
      ended_at: endedAt,
      started_by_id: ending.purpose === 'narrow' ? id : null,
      // Who went to ORCID and did not come back is not known.
      researcher_id: isSaved ? id : null,
      ...ending,
    }
    attempts.push(made)
    return made
  }

  const end = (grant: Grant, state: Grant['state'], at: number, by: string | null = null) => {
    const finding = state === 'superseded' || state === 'withdrawn_here' || state === 'expired' ? null : state
    const endedAt = new Date(at)
    Object.assign(grant, { state, endedAt, by, finding, lastCheckedAt: finding && endedAt })
  }

  const give = (scopes: string[], from: Attempt, lifetime: number): Grant => {
    const grantedAt = from.ended_at
    const grant: Grant = {
      id: dice.uuid(),
      researcherId: id,
      attemptId: from.id,
      state: 'live',
      scopes,
      firstGrantedAt: carryOverFirstGrantedAt(
        scopes,
        grantedAt,
        grants.filter((each) => each.state === 'live'),
      ),
      name,
      hash: hash(),
      grantedAt,
      expiresAt: new Date(grantedAt.getTime() + lifetime),
      endedAt: null,
      by: null,
      finding: null,
      lastCheckedAt: null,
      unansweredSince: null,
    }
    for (const earlier of grants) {
      if (earlier.state === 'live' && supersedes(scopes, earlier.scopes))
        end(earlier, 'superseded', grantedAt.getTime(), grant.id)
    }
    grants.push(grant)
    return grant
  }

  return {
    grants,
    end,
    attempts,
    failed(startedAt: number): void {
      const { outcome, purpose, afterS } = dice.pick(failures, 2)
      const scopes = purpose === 'sign_in' ? ['openid'] : everything
      attempt(scopes, startedAt, { purpose, state: 'ended', outcome }, afterS * 1_000 * dice.between(1, 2))
    },
    grant(scopes: string[], startedAt: number, lifetime = lifetimeMs): Grant {
      const purpose = scopes.length === 1 ? 'sign_in' : 'connect'
      const connected = grants.length === 0 ? 'connected' : dice.pick(['updated', 'already_connected', 'fewer'], 1.5)
      const outcome = purpose === 'sign_in' ? 'signed_in' : connected
      const tookMs = dice.between(20, 500) * 1_000
      return give(scopes, attempt(scopes, startedAt, { purpose, state: 'saved', outcome }, tookMs), lifetime)
    },
    /** Permits less: what was permitted before ends by the person's own wish. */
    narrow(scopes: string[], startedAt: number): Grant {
      const ending: Ending = { purpose: 'narrow', state: 'saved', outcome: 'narrowed' }
      const from = attempt(scopes, startedAt, ending, dice.between(20, 500) * 1_000)
      for (const earlier of grants)
        if (earlier.state === 'live') end(earlier, 'withdrawn_here', from.ended_at.getTime())
      return give(scopes, from, lifetimeMs)
    },
    /** What ORCID said of what is live: nearly all is well. Some were never asked about, some in vain. */
    check(place: number): void {
      const found: Finding =
        place % 97 === 7
          ? 'record_locked'
          : place % 331 === 11
            ? 'insufficient'
            : place % 443 === 3
              ? 'wrong_record'
              : 'good'
      for (const grant of grants.filter(({ state }) => state === 'live')) {
        if (place % 211 === 8) continue
        const at = Math.max(grant.grantedAt.getTime(), now - dice.between(0, weekMs))
        Object.assign(grant, { finding: found, lastCheckedAt: new Date(at) })
        if (place % 509 === 21) grant.unansweredSince = new Date(dice.between(at, now))
      }
    },
  }
}
