import { deriveConnection, type GrantFacts, supersedes } from '@/lib/grants/grant'
import type { Dice } from '@/prisma/seed-dice'
import { makeName } from '@/prisma/seed-names'
import { makeSeededOrcid, makeSeededReference } from '@/prisma/seed-numbers'

/**
 * The client of every seeded attempt and grant. No token exists for them and none is stored, so nothing that talks to
 * ORCID finds anything to revoke, to sweep or to recover; and the seed knows its own rows from real ones by it.
 */
export const seededClientId = 'SEEDED'

export type Attempt = {
  id: string
  reference: string
  purpose: 'connect' | 'sign_in'
  state: 'saved' | 'ended'
  outcome: string
  scopes_asked: string[]
  secret_hash: string
  state_hash: string
  started_at: Date
  expires_at: Date
  claimed_at: Date | null
  ended_at: Date
  researcher_id: string | null
}

export type Grant = GrantFacts & {
  researcherId: string
  attemptId: string
  name: string | null
  hash: string
  by: string | null
}

type Kind = 'connected' | 'identity_only' | 'withdrawn' | 'expired'

const dayMs = 86_400_000
const lifetimeMs = 631_138_518_000
const everything = ['/activities/update', '/person/update', '/read-limited', 'openid']
// What people left of it, the more usual first.
const choices = [
  everything,
  everything,
  everything,
  ['/read-limited', 'openid'],
  ['/activities/update', '/read-limited', 'openid'],
]

/** One person with everything that they did over the last eighteen months. `index` alone decides the iD and the kind. */
export function makePerson(index: number, dice: Dice, now: number) {
  const id = dice.uuid()
  const kind = kindOf(index)
  const name = dice.chance(0.06) ? null : makeName(dice)
  const story = makeStory({ id, name, dice, now, index })
  const first = now - (dice.between(0.02, 1) ** 1.3 * 547 + 1) * dayMs
  if (dice.chance(0.08)) story.failed(first - dice.between(0.1, 5) * 3_600_000)
  if (kind === 'identity_only') tellSignIns(story, first, dice, now)
  else tellConnection(story, kind, first, dice, now)
  const { grants, attempts } = story
  const { grantedAt: createdAt } = grants[0] ?? { grantedAt: new Date(first) }
  const row = { id, orcid: makeSeededOrcid(index), name, createdAt, ...deriveConnection(grants) }
  return { row, grants, attempts }
}

// 78 of a hundred are connected, 14 identity only, 6 withdrawn, 2 expired, well mixed: 61 and 100 have no common factor.
function kindOf(index: number): Kind {
  const place = (index * 61) % 100
  if (place < 78) return 'connected'
  if (place < 92) return 'identity_only'
  return place < 98 ? 'withdrawn' : 'expired'
}

type Story = ReturnType<typeof makeStory>

function tellSignIns(story: Story, first: number, dice: Dice, now: number): void {
  story.grant(['openid'], first)
  if (dice.chance(0.4)) story.grant(['openid'], dice.between(first, now))
}

function tellConnection(story: Story, kind: Kind, first: number, dice: Dice, now: number): void {
  const scopes = dice.pick(choices)
  if (kind === 'expired') {
    const lasted = dice.between(0.2, 0.9) * (now - first)
    const grant = story.grant(scopes, first, lasted)
    story.end(grant, 'expired', grant.expiresAt.getTime())
    return
  }
  // Most tokens live twenty years; some were given for less, and end within two years from now.
  const isShort = kind === 'connected' && dice.chance(0.07)
  let last = story.grant(scopes, first, isShort ? now - first + dice.between(5, 700) * dayMs : lifetimeMs)
  if (dice.chance(0.15)) last = story.grant(everything, dice.between(last.grantedAt.getTime(), now))
  if (dice.chance(0.12)) last = story.grant(['openid'], dice.between(last.grantedAt.getTime(), now))
  if (kind !== 'withdrawn') return
  const at = dice.between(last.grantedAt.getTime(), now)
  const how = dice.chance(0.65) ? 'withdrawn_here' : 'withdrawn_at_orcid'
  for (const grant of story.grants) if (grant.state === 'live') story.end(grant, how, at)
}

type Who = { id: string; name: string | null; dice: Dice; now: number; index: number }

/** Collects what a person did, in the order in which it is told, with the consequences that the portal draws from it. */
function makeStory({ id, name, dice, now, index }: Who) {
  const grants: Grant[] = []
  const attempts: Attempt[] = []

  const attempt = (
    scopes: string[],
    startedAt: number,
    rest: Pick<Attempt, 'state' | 'outcome'>,
    tookMs: number,
  ): Attempt => {
    const endedAt = new Date(Math.min(startedAt + tookMs, now))
    const isSaved = rest.state === 'saved'
    const made: Attempt = {
      id: dice.uuid(),
      reference: makeSeededReference(index * 8 + attempts.length),
      purpose: scopes.length === 1 ? 'sign_in' : 'connect',
      scopes_asked: scopes,
      secret_hash: dice.hex(64),
      state_hash: dice.hex(64),
      started_at: new Date(startedAt),
      expires_at: new Date(startedAt + 3_600_000),
      claimed_at: isSaved ? new Date(endedAt.getTime() - 700) : null,
      ended_at: endedAt,
      // Who went to ORCID and did not come back is not known.
      researcher_id: isSaved ? id : null,
      ...rest,
    }
    attempts.push(made)
    return made
  }

  const end = (grant: Grant, state: Grant['state'], at: number, by: string | null = null) => {
    Object.assign(grant, { state, endedAt: new Date(at), by })
  }

  return {
    grants,
    end,
    attempts,
    failed(startedAt: number) {
      const outcome = dice.chance(0.6) ? 'denied' : 'expired'
      attempt(
        everything,
        startedAt,
        { state: 'ended', outcome },
        outcome === 'denied' ? dice.between(8, 90) * 1_000 : 3_700_000,
      )
    },
    grant(scopes: string[], startedAt: number, lifetime = lifetimeMs): Grant {
      const isSignIn = scopes.length === 1
      const outcome = isSignIn ? 'signed_in' : grants.length === 0 ? 'connected' : 'updated'
      const saved = attempt(scopes, startedAt, { state: 'saved', outcome }, dice.between(20, 500) * 1_000)
      const grantedAt = saved.ended_at
      const grant: Grant = {
        id: dice.uuid(),
        researcherId: id,
        attemptId: saved.id,
        state: 'live',
        scopes,
        name,
        hash: dice.hex(64),
        grantedAt,
        expiresAt: new Date(grantedAt.getTime() + lifetime),
        endedAt: null,
        by: null,
      }
      for (const earlier of grants) {
        if (earlier.state === 'live' && supersedes(scopes, earlier.scopes))
          end(earlier, 'superseded', grantedAt.getTime(), grant.id)
      }
      grants.push(grant)
      return grant
    },
  }
}
