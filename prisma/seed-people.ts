import { deriveCheckStatus, deriveConnection } from '@/lib/grants/grant'
import { pickDepartment } from '@/prisma/seed-departments'
import type { Dice } from '@/prisma/seed-dice'
import { makeName } from '@/prisma/seed-names'
import { makeSeededLocalId, makeSeededOrcid } from '@/prisma/seed-numbers'
import { everything, makeStory, type Story } from '@/prisma/seed-story'
import { dayMs, pickFirstTime } from '@/prisma/seed-times'

export { seededClientId } from '@/prisma/seed-story'

type Kind = 'connected' | 'identity_only' | 'withdrawn' | 'expired'

const lifetimeMs = 631_138_518_000
// What people left of it, the more usual first.
const choices = [
  everything,
  everything,
  everything,
  ['/read-limited', 'openid'],
  ['/activities/update', '/read-limited', 'openid'],
]

export type KnownRecord = { id: string; orcid: string }

/**
 * One person with everything that they did over the last years. `index` alone decides the iD, the kind and the number
 * at the institution; a record may have been merged into that of `before`.
 */
export function makePerson(index: number, dice: Dice, now: number, before: KnownRecord | null) {
  const id = dice.uuid()
  const kind = kindOf(index)
  const name = dice.chance(0.06) ? null : makeName(dice)
  const story = makeStory({ id, name, dice, now, index })
  const first = pickFirstTime(dice, now)
  if (dice.chance(0.12)) story.failed(first - dice.between(0.1, 5) * 3_600_000)
  if (kind === 'identity_only') story.grant(['openid'], first)
  else tellConnection(story, kind, first, dice, now)
  if (kind === 'identity_only' || kind === 'connected') tellSignIns(story, first, dice, now)
  if (dice.chance(0.04)) story.failed(dice.between(first, now))
  const { grants, attempts } = story
  story.check(index)
  const { grantedAt: createdAt } = grants[0] ?? { grantedAt: new Date(first) }
  const checkStatus = deriveCheckStatus(grants)
  const row = {
    id,
    orcid: makeSeededOrcid(index),
    name,
    createdAt,
    personId: dice.uuid(),
    personKind: kindOfPerson(index),
    rosterName: name ?? makeName(dice),
    department: pickDepartment(dice),
    localId: localIdOf(index),
    conflict: checkStatus.finding === 'wrong_record',
    primary: checkStatus.finding === 'record_deprecated' ? before : null,
    ...deriveConnection(grants),
    ...checkStatus,
  }
  return { row, grants, attempts }
}

// 78 of a hundred are connected, 14 identity only, 6 withdrawn, 2 expired, well mixed: 61 and 100 have no common factor.
function kindOf(index: number): Kind {
  const place = (index * 61) % 100
  if (place < 78) return 'connected'
  if (place < 92) return 'identity_only'
  return place < 98 ? 'withdrawn' : 'expired'
}

/** Some connected who are not on the roster. */
const localIdOf = (index: number) => (index % 13 === 5 ? null : makeSeededLocalId(index))

/** 70 % staff, 30 % students. */
export const kindOfPerson = (index: number) => ((index * 37) % 100 < 70 ? ('staff' as const) : ('student' as const))

function tellSignIns(story: Story, first: number, dice: Dice, now: number): void {
  let at = first
  for (let times = 0; times < 12 && dice.chance(0.55); times++) {
    at = dice.between(at, now)
    story.grant(['openid'], at)
  }
}

function tellConnection(story: Story, kind: Kind, first: number, dice: Dice, now: number): void {
  const scopes = dice.pick(choices)
  if (kind === 'expired') {
    const how = dice.pick(['expired', 'record_deprecated', 'record_deactivated'] as const)
    const lasted = dice.between(0.2, 0.9) * (now - first)
    const grant = story.grant(scopes, first, how === 'expired' ? lasted : lifetimeMs)
    story.end(grant, how, how === 'expired' ? grant.expiresAt.getTime() : first + lasted)
    return
  }
  // Most tokens live twenty years; some were given for less, and end within two years from now.
  const isShort = kind === 'connected' && dice.chance(0.07)
  let last = story.grant(scopes, first, isShort ? now - first + dice.between(5, 700) * dayMs : lifetimeMs)
  for (let times = 0; times < 6 && dice.chance(0.3); times++)
    last = story.grant(everything, dice.between(last.grantedAt.getTime(), now))
  if (dice.chance(0.01)) last = story.narrow(['/read-limited', 'openid'], dice.between(last.grantedAt.getTime(), now))
  if (kind !== 'withdrawn') return
  const at = dice.between(last.grantedAt.getTime(), now)
  const how = dice.chance(0.65) ? 'withdrawn_here' : 'withdrawn_at_orcid'
  for (const grant of story.grants) if (grant.state === 'live') story.end(grant, how, at)
}
