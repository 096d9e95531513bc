import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { type SystemRight, systemRights } from '@/lib/actor'
import { db, Prisma } from '@/lib/db'
import { findApiActor } from '@/lib/systems/authentication'
import { covered, findCoverage } from '@/lib/systems/coverage'
import { makeSeededOrcid } from '@/prisma/seed-numbers'
import { makeRandom, type Random } from '@/tests/faults/random'
import { makeStaffActor } from '@/tests/support/actors'
import { workInOwnDatabase } from '@/tests/support/inside'

const admin = makeStaffActor({ role: 'admin' })
workInOwnDatabase(admin)

const dayMs = 86_400_000
const allScopes = ['/read-limited', '/activities/update', '/person/update']
const paths = ['Science', 'Science / Physics', 'Science / Physics / Optics', 'Sciences', 'Law']
const kinds = ['staff', 'student', 'guest'] as const

type Term = {
  id: string
  number: number
  purposeNumber: number
  rights: SystemRight[]
  scopes: string[]
  departments: string[]
  kinds: (typeof kinds)[number][]
}
type System = { id: string; terms: Term[] }
type Person = {
  researcherId: string
  state: 'connected' | 'identity_only' | 'withdrawn'
  finding: 'good' | 'being_checked' | 'wrong_record' | null
  roster: 'active' | 'paused' | 'left' | 'leaving'
  confidential: boolean
  department: string | null
  kind: (typeof kinds)[number] | null
  grants: {
    live: boolean
    scopes: string[]
    shown: { term: Term; scopes: string[] }[]
    narrowedBySomebodyElse: boolean
  }[]
  told: { term: Term; daysAgo: number | null }[]
  stopped: string[]
}

const some = <T>(random: Random, from: readonly T[], probability = 0.5) => from.filter(() => random.chance(probability))

function makeTerms(random: Random): Term[] {
  let purposeNumber = 1
  return Array.from({ length: random.int(1, 3) }, (_, index) => {
    if (random.chance(0.3)) purposeNumber = index + 1
    return {
      id: randomUUID(),
      number: index + 1,
      purposeNumber,
      rights: some(random, systemRights, 0.6),
      scopes: some(random, allScopes, 0.7),
      departments: random.chance(0.6) ? [] : some(random, paths, 0.4),
      kinds: random.chance(0.7) ? [] : some(random, kinds, 0.6),
    }
  })
}

function makePerson(random: Random, systems: readonly System[]): Person {
  const terms = systems.flatMap((system) => system.terms)
  const state = random.weighted({ connected: 6, identity_only: 2, withdrawn: 1 })
  const makeGrant = (live: boolean) => {
    const scopes = state === 'connected' ? some(random, allScopes, 0.7) : []
    const shown = some(random, terms, 0.3).map((term) => ({
      term,
      scopes: some(random, ['openid', ...allScopes], 0.7),
    }))
    return { live, scopes: ['openid', ...scopes], shown, narrowedBySomebodyElse: random.chance(0.1) }
  }
  return {
    researcherId: randomUUID(),
    state,
    finding: random.weighted({ good: 8, being_checked: 1, wrong_record: 1 }),
    roster: random.weighted({ active: 8, leaving: 2, paused: 1, left: 1 }),
    confidential: random.chance(0.08),
    department: random.chance(0.2) ? null : random.pick(paths),
    kind: random.chance(0.2) ? null : random.pick(kinds),
    grants: [
      ...(state === 'withdrawn' ? [] : Array.from({ length: random.int(1, 2) }, () => makeGrant(true))),
      ...Array.from({ length: random.int(0, 1) }, () => makeGrant(false)),
    ],
    told: some(random, terms, 0.3).map((term) => ({
      term,
      daysAgo: random.pick([null, 0, 13.9, 14.1, 100]),
    })),
    stopped: some(random, systems, 0.15).map(({ id }) => id),
  }
}

const isIn = (path: string | null, departments: readonly string[]) =>
  departments.length === 0 || departments.some((each) => path === each || path?.startsWith(`${each} / `))

/** The rule of decision 027, in plain words. */
function mayUse(system: System, person: Person, right: SystemRight): boolean {
  const current = system.terms.at(-1)
  if (!current?.rights.includes(right)) return false
  const fits = ({ departments, kinds: ofKinds }: Term) =>
    isIn(person.department, departments) && (ofKinds.length === 0 || (person.kind && ofKinds.includes(person.kind)))
  if (!fits(current) || person.state === 'withdrawn' || person.confidential) return false
  if (person.roster === 'paused' || person.roster === 'left') return false
  if (person.finding === 'being_checked' || person.finding === 'wrong_record') return false
  if (person.stopped.includes(system.id)) return false
  const wanted = {
    'people:read': ['openid'],
    'events:read': ['openid'],
    'record:read': ['/read-limited'],
    'affiliations:write': ['/activities/update'],
    'works:write': ['/activities/update'],
    'token:delegate': allScopes,
  }[right]
  const isId = wanted.includes('openid')
  const scopes = isId ? wanted : wanted.filter((scope) => current.scopes.includes(scope))
  const mine = system.terms.filter(
    (term) => term.purposeNumber === current.purposeNumber && term.rights.includes(right) && fits(term),
  )
  const live = person.grants.filter((grant) => grant.live)
  return scopes.some((scope) => {
    const byText = live.some(
      (grant) =>
        !grant.narrowedBySomebodyElse &&
        (isId || grant.scopes.includes(scope)) &&
        grant.shown.some(({ term, scopes: beside }) => mine.includes(term) && beside.includes(scope)),
    )
    const isAllowed = isId || live.some((grant) => grant.scopes.includes(scope))
    const byNotice = person.told.some(
      ({ term, daysAgo }) =>
        mine.includes(term) && (isId || term.scopes.includes(scope)) && daysAgo !== null && daysAgo >= 14,
    )
    return byText || (isAllowed && byNotice)
  })
}

async function save(systems: readonly System[], people: readonly Person[], firstOrcid: number): Promise<void> {
  const madeById = admin.staffId
  for (const { id, terms } of systems) {
    await db().system.create({
      data: {
        id,
        name: id,
        contact: 'x',
        operator: 'institution',
        madeById,
        terms: { create: terms.map((term) => ({ ...term, purpose: {}, madeById })) },
      },
    })
  }
  for (const [n, person] of people.entries()) {
    const liveScopes = [...new Set(person.grants.filter(({ live }) => live).flatMap(({ scopes }) => scopes))].sort()
    await db().researcher.create({
      data: {
        id: person.researcherId,
        orcid: makeSeededOrcid(firstOrcid + n),
        registry: 'local',
        state: person.state,
        finding: person.finding,
        liveScopes,
        liveScopesGivenAt: liveScopes.map(() => new Date()),
        systemNotices: {
          create: person.told.map(({ term, daysAgo }) => ({
            termId: term.id,
            toldAt: daysAgo === null ? null : new Date(Date.now() - daysAgo * dayMs),
          })),
        },
        systemStops: { create: person.stopped.map((systemId) => ({ systemId, kind: 'paused' as const })) },
      },
    })
    await db().person.updateMany({
      where: { researcherId: person.researcherId },
      data: {
        department: person.department,
        kind: person.kind,
        state: person.roster,
        confidential: person.confidential,
      },
    })
    for (const grant of person.grants) await saveGrant(person, grant)
  }
}

async function saveGrant({ researcherId }: Person, grant: Person['grants'][number]): Promise<void> {
  const hash = randomUUID()
  await db().shownText.create({
    data: {
      hash,
      locale: 'en',
      content: {},
      systems: { create: grant.shown.map(({ term, scopes }) => ({ termId: term.id, scopes })) },
    },
  })
  const attempt = await db().authorizationAttempt.create({
    data: {
      reference: randomUUID(),
      purpose: grant.narrowedBySomebodyElse ? 'narrow' : 'connect',
      state: 'saved',
      registry: 'local',
      clientId: 'APP-TEST',
      redirectUri: 'x',
      locale: 'en',
      shownTextHash: hash,
      secretHash: randomUUID(),
      stateHash: randomUUID(),
      expiresAt: new Date(),
      researcherId,
    },
  })
  await db().grant.create({
    data: {
      researcherId,
      attemptId: attempt.id,
      registry: 'local',
      clientId: 'APP-TEST',
      state: grant.live ? 'live' : 'withdrawn_here',
      scopes: grant.scopes,
      firstGrantedAt: grant.scopes.map(() => new Date()),
      accessTokenHash: randomUUID(),
      grantedAt: new Date(),
      expiresAt: new Date(Date.now() + dayMs),
      endedAt: grant.live ? null : new Date(),
    },
  })
}

test.each([1, 2])(
  'a right is used for exactly those who were told, in a list and for one person (seed %i)',
  async (seed) => {
    const random = makeRandom(seed)
    const systems = Array.from({ length: 5 }, () => ({ id: randomUUID(), terms: makeTerms(random) }))
    const people = Array.from({ length: 80 }, () => makePerson(random, systems))
    await save(systems, people, seed * 1_000)
    const ours = people.map(({ researcherId }) => researcherId)
    const seen = new Set<string>()
    for (const system of systems) {
      const actor = await findApiActor(db(), system.id)
      if (!actor) throw new Error('no system')
      for (const right of systemRights) {
        const rows = await db().$queryRaw<{ id: string }[]>(Prisma.sql`
        select researcher_id::text as id from person
        where researcher_id = any(${ours}::uuid[]) and ${covered(actor, right)}`)
        const expected = people.filter((person) => mayUse(system, person, right)).map((person) => person.researcherId)
        expect(rows.map(({ id }) => id).sort(), `${right} ${JSON.stringify(system)}`).toEqual(expected.sort())
        if (expected.length > 0) seen.add(right)
      }
      for (const person of people.slice(0, 20)) {
        const { id } = await db().person.findUniqueOrThrow({ where: { researcherId: person.researcherId } })
        const { rights, scopes } = await findCoverage(db(), actor, id)
        expect(rights.sort()).toEqual(systemRights.filter((right) => mayUse(system, person, right)).sort())
        const live = person.grants.filter((grant) => grant.live).flatMap((grant) => grant.scopes)
        expect(scopes.filter((scope) => !live.includes(scope))).toEqual([])
      }
    }
    expect([...seen].sort()).toEqual([...systemRights].sort())
  },
)

test('a page of people is judged person by person, and nothing of all others is read', async () => {
  const random = makeRandom(3)
  const term = {
    ...(makeTerms(random)[0] as Term),
    rights: [...systemRights],
    scopes: allScopes,
    departments: [],
    kinds: [],
  }
  const system = { id: randomUUID(), terms: [term] }
  await save([system], [], 0)
  const actor = await findApiActor(db(), system.id)
  if (!actor) throw new Error('no system')
  for (const right of systemRights) {
    const plan = await db().$queryRaw<{ 'QUERY PLAN': string }[]>(Prisma.sql`
      explain select id from person where ${covered(actor, right)} order by id limit 100`)
    const lines = plan.map((line) => line['QUERY PLAN']).join('\n')
    expect(lines).toContain('system_notice')
    expect(lines).not.toContain('hashed SubPlan')
  }
})
