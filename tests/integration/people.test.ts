import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { closePool, db } from '@/lib/db'
import { SCOPES, scopeClosure } from '@/lib/orcid/scopes'
import { addPerson, changePerson } from '@/lib/people/commands'
import { findConfidentialPerson, findPerson, type ListedPerson, listPeople, peoplePageSize } from '@/lib/people/queries'
import {
  connectionFilters,
  noPeopleFilters,
  type PeopleFilters,
  parsePeopleFilters,
  peopleHref,
  peopleSorts,
} from '@/lib/people/schema'
import { makeStaffActor } from '@/tests/support/actors'
import type { TestDatabase } from '@/tests/support/database'
import { makeResearchers, useOwnDatabase } from '@/tests/support/researchers'
import { saveResearchers } from '@/tests/support/saved-researchers'

const admin = makeStaffActor({ role: 'admin' })
const viewer = makeStaffActor()
const asked = ['openid', '/read-limited', '/activities/update']
let database: TestDatabase
let everybody: ListedPerson[]

const departments = ['Science', 'Science / Physics', 'Science / Physics / Optics', 'Science%', 'Sciences', null]
const kinds = ['staff', 'student', 'guest', null] as const
const states = ['active', 'leaving', 'paused', 'left'] as const

beforeAll(async () => {
  database = await useOwnDatabase()
  await saveResearchers(makeResearchers(90))
  await db().person.createMany({
    data: Array.from({ length: 120 }, (_, n) => ({
      origin: 'entered' as const,
      localId: `00${n}`,
      givenName: n % 9 === 0 ? null : 'Ada',
      familyName: `Person ${n % 7}`,
      email: `p${n}@example.edu`,
      department: departments[n % departments.length] ?? null,
      kind: kinds[n % kinds.length] ?? null,
      state: states[n % states.length] ?? 'active',
      knownOrcid: n === 3 ? '0000-0002-1825-0097' : null,
      confidential: n === 50,
    })),
  })
  const [one, other, hidden] = await db().person.findMany({
    where: { localId: { in: ['001', '002', '0050'] } },
    orderBy: { localId: 'asc' },
  })
  await db().conflict.create({
    data: { kind: 'two_people_are_one', personId: one?.id ?? '', otherPersonId: hidden?.id ?? '' },
  })
  await db().person.update({ where: { id: other?.id ?? '' }, data: { mergedIntoId: one?.id ?? '' } })
  everybody = await listAll(noPeopleFilters)
})

afterAll(async () => {
  await closePool()
  await database.drop()
})

async function listAll(filters: PeopleFilters): Promise<ListedPerson[]> {
  const page = await listPeople(viewer, filters, asked)
  expect(page.rows.length).toBeLessThanOrEqual(peoplePageSize)
  return page.next ? [...page.rows, ...(await listAll({ ...filters, cursor: page.next }))] : page.rows
}

const covers = (scopes: readonly string[], scope: string) =>
  SCOPES.some((each) => scopes.includes(each.scope) && scopeClosure([each.scope]).has(scope))
const lacksOne = ({ connection, liveScopes }: ListedPerson) =>
  connection === 'connected' && asked.some((scope) => !covers(liveScopes, scope))

// Each filter with what it means, worked out from the rows themselves.
const meanings: [Partial<PeopleFilters>, (person: ListedPerson) => boolean][] = [
  [{ connection: 'connected' }, ({ connection }) => connection === 'connected'],
  [{ connection: 'identity-only' }, ({ connection }) => connection === 'identity_only'],
  [{ connection: 'not-connected' }, ({ connection }) => connection === null],
  [{ connection: 'withdrew' }, ({ connection }) => connection === 'withdrawn'],
  [
    { connection: 'expiring' },
    ({ connection, expiresAt }) =>
      connection === 'connected' && expiresAt !== null && expiresAt.getTime() < Date.now() + 730 * 86_400_000,
  ],
  [{ connection: 'expired' }, ({ connection }) => connection === 'expired'],
  [{ connection: 'needs-permission' }, lacksOne],
  [{ connection: 'being-checked' }, ({ finding }) => finding === 'being_checked'],
  [{ kind: 'student' }, ({ kind }) => kind === 'student'],
  [{ state: 'leaving' }, ({ state }) => state === 'leaving'],
  [{ state: 'paused' }, ({ state }) => state === 'paused'],
  [{ state: 'left' }, ({ state }) => state === 'left'],
  [{ conflict: 'yes' }, ({ conflict }) => conflict],
  [
    { department: 'Science' },
    ({ department }) => department === 'Science' || department?.startsWith('Science / ') === true,
  ],
  [{ department: 'Science / Physics' }, ({ department }) => department?.startsWith('Science / Physics') === true],
  [{ department: 'Science%' }, ({ department }) => department === 'Science%'],
  [
    { lacks: '/activities/update' },
    (person) => person.connection === 'connected' && !covers(person.liveScopes, '/activities/update'),
  ],
  [{ q: '0000-0002-1825-0097' }, ({ knownOrcid }) => knownOrcid !== null],
  [{ q: 'P7@Example.edu' }, ({ localId }) => localId === '007'],
  [{ q: '002' }, ({ localId }) => localId === '001' || localId?.includes('002') === true],
  [
    { kind: 'staff', state: 'active', department: 'Science / Physics / Optics' },
    (one) => one.kind === 'staff' && one.state === 'active' && one.department === 'Science / Physics / Optics',
  ],
]

describe('the list of people', () => {
  test('has everybody on the roster and everybody who connected, but nobody confidential or merged', async () => {
    const all = await db().person.findMany({ select: { id: true, localId: true } })
    const missing = all.filter(({ id }) => !everybody.some((one) => one.id === id))
    expect(missing.map(({ localId }) => localId).sort()).toEqual(['002', '0050'])
    expect(everybody).toHaveLength(208)
  })

  test.each(meanings)('filtered by %j shows exactly those whom it means', async (filters, means) => {
    const wanted = everybody.filter(means).map(({ id }) => id)
    const found = await listAll({ ...noPeopleFilters, ...filters })
    expect(found.map(({ id }) => id).sort()).toEqual(wanted.sort())
    const { count } = await listPeople(viewer, { ...noPeopleFilters, ...filters }, asked)
    expect(count).toBe(wanted.length)
    // Some are in and some are out: otherwise this says nothing.
    if (filters.connection !== 'being-checked') expect(wanted.length).toBeGreaterThan(0)
    expect(wanted.length).toBeLessThan(everybody.length)
  })

  test.each(peopleSorts)('by %s has everybody once, forward and back', async (sort) => {
    const forward = await listAll({ ...noPeopleFilters, sort })
    expect(new Set(forward.map(({ id }) => id)).size).toBe(everybody.length)
    let page = await listPeople(viewer, { ...noPeopleFilters, sort }, asked)
    while (page.next) page = await listPeople(viewer, { ...noPeopleFilters, sort, cursor: page.next }, asked)
    const back = [page.rows]
    while (page.previous) {
      page = await listPeople(viewer, { ...noPeopleFilters, sort, cursor: page.previous }, asked)
      back.unshift(page.rows)
    }
    expect(back.flat().map(({ id }) => id)).toEqual(forward.map(({ id }) => id))
  })

  test('has every filter in its address', () => {
    for (const [filters] of meanings) {
      const { searchParams } = new URL(peopleHref({ ...noPeopleFilters, ...filters }), 'http://portal')
      expect(parsePeopleFilters(searchParams)).toEqual({ ...noPeopleFilters, ...filters })
    }
    expect(connectionFilters).toHaveLength(9)
  })

  test('shows a confidential person to administrators alone, who ask for the whole number', async () => {
    const id = await findConfidentialPerson(admin, ' 0050 ')
    expect(id).not.toBeNull()
    expect(await findConfidentialPerson(admin, '005')).toBeNull()
    expect(await findConfidentialPerson(viewer, '0050')).toBeNull()
    expect((await findPerson(admin, id ?? ''))?.localId).toBe('0050')
    expect(await findPerson(viewer, id ?? '')).toBeNull()
  })
})

describe('a person who is entered by hand', () => {
  const entry = {
    localId: '0900',
    givenName: 'Emmy',
    familyName: 'Noether',
    email: 'emmy@example.edu',
    department: 'Science',
    kind: 'staff' as const,
    confidential: false,
    language: null,
    appointment: { title: 'Lecturer', startOn: '2021', endOn: null },
  }

  test('is on the list with their appointment, and is changed with it', async () => {
    const id = await addPerson(admin, entry, 'test')
    const added = await findPerson(viewer, id)
    expect(added).toMatchObject({ localId: '0900', name: 'Emmy Noether', state: 'active', origin: 'entered' })
    expect(added?.appointments).toMatchObject([{ title: 'Lecturer', startOn: '2021', primary: true, kind: 'staff' }])
    const appointment = { title: 'Professor', startOn: '2021', endOn: '2031-02' }
    await changePerson(admin, id, { ...entry, department: 'Arts', appointment }, 'test')
    const changed = await findPerson(viewer, id)
    expect(changed).toMatchObject({ department: 'Arts', state: 'leaving', leavesOn: new Date('2031-02-28') })
    expect(changed?.appointments).toMatchObject([{ title: 'Professor', department: 'Arts', endOn: '2031-02' }])
    await changePerson(admin, id, entry, 'test')
    expect(await findPerson(viewer, id)).toMatchObject({ state: 'active', leavesOn: null })
  })

  test('is refused with a number that another person has, and nothing is saved', async () => {
    const before = await db().person.count()
    await expect(addPerson(admin, { ...entry, localId: '001' }, 'test')).rejects.toMatchObject({
      fault: 'local_id_taken',
    })
    expect(await db().person.count()).toBe(before)
    const id = await addPerson(admin, { ...entry, localId: '0901' }, 'test')
    const taken = changePerson(admin, id, { ...entry, localId: '001' }, 'test')
    await expect(taken).rejects.toMatchObject({ fault: 'local_id_taken' })
    expect((await findPerson(admin, id))?.localId).toBe('0901')
  })
})
