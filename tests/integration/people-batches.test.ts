import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { findBatch } from '@/lib/affiliations/batch-queries'
import { planItemBatch, planLeavingBatch, planUndo, runBatch, undoBatch } from '@/lib/affiliations/batches'
import { db } from '@/lib/db'
import { deleteView, listViews, saveView } from '@/lib/people/saved-views'
import { noPeopleFilters } from '@/lib/people/schema'
import { makeStaffActor } from '@/tests/support/actors'
import { workInOwnDatabase } from '@/tests/support/inside'

const manager = makeStaffActor({ role: 'manager' })
const admin = makeStaffActor({ role: 'admin' })
const everybody = { selection: { filters: noPeopleFilters }, scopes: [] }
workInOwnDatabase(manager, admin)

beforeEach(async () => {
  await db().batch.deleteMany()
  await db().affiliation.deleteMany()
  await db().person.deleteMany()
})

async function addPeople(count: number, title: string | null = 'Lecturer'): Promise<string[]> {
  const people = Array.from({ length: count }, (_, n) => ({
    id: randomUUID(),
    origin: 'entered' as const,
    localId: `p${n}`,
    familyName: `Person ${String(n).padStart(3, '0')}`,
  }))
  await db().person.createMany({ data: people })
  await db().appointment.createMany({
    data: people.map(({ id }, n) => ({
      personId: id,
      kind: n % 2 === 0 ? ('staff' as const) : ('student' as const),
      title,
      department: n % 3 === 0 ? 'Science / Physics' : 'Law',
      startOn: '2021',
      primary: true,
    })),
  })
  return people.map(({ id }) => id)
}

const run = (id: string, isFirst = false) => runBatch(manager, { id, isFirst, requestId: 'test' })
const undo = (id: string) => undoBatch(manager, { id, requestId: 'test' })
const countsOf = async (id: string) => (await findBatch(manager, id))?.counts
const plan = async (made: Promise<string | null>) => {
  const id = await made
  if (!id) throw new Error('not planned')
  return id
}
const daysOf = async () =>
  (await db().person.findMany({ orderBy: { localId: 'asc' } })).map(({ state, leavesOn }) => [
    state,
    leavesOn?.toISOString().slice(0, 10) ?? null,
  ])

describe('marking many people as leaving', () => {
  test('writes nothing before it is confirmed, at most 25 at once, and of more ten before it goes on', async () => {
    await addPeople(26)
    const id = await plan(planLeavingBatch(manager, everybody, '2030-06-30'))
    expect(await countsOf(id)).toMatchObject({ planned: 26, done: 0 })
    expect(await db().person.count({ where: { state: 'leaving' } })).toBe(0)
    await run(id, true)
    expect(await countsOf(id)).toMatchObject({ planned: 16, done: 10 })
    // Pressed twice.
    await run(id, true)
    expect(await db().person.count({ where: { state: 'leaving', leavesOn: new Date('2030-06-30') } })).toBe(10)
    await run(id)
    expect(await countsOf(id)).toMatchObject({ planned: 0, done: 26 })

    await db().person.deleteMany()
    await addPeople(25)
    const few = await plan(planLeavingBatch(manager, everybody, '2030-06-30'))
    await run(few, true)
    expect(await countsOf(few)).toMatchObject({ planned: 0, done: 25 })
  })

  test('leaves out those who have left or have that day, and nobody who is confidential or not selected', async () => {
    const ids = await addPeople(6)
    const set = (n: number, data: object) => db().person.update({ where: { id: ids[n] ?? '' }, data })
    await set(0, { state: 'left' })
    await set(1, { state: 'leaving', leavesOn: new Date('2030-06-30') })
    await set(2, { confidential: true })
    const selection = { ids: ids.slice(0, 5) }
    const id = await plan(planLeavingBatch(manager, { selection, scopes: [] }, '2030-06-30'))
    expect(await countsOf(id)).toMatchObject({ planned: 2, left_out: 2 })
    // Somebody was faster with one of them.
    await set(3, { state: 'left' })
    await run(id)
    expect(await countsOf(id)).toMatchObject({ done: 1, left_out: 3 })
    expect(await daysOf()).toEqual([
      ['left', null],
      ['leaving', '2030-06-30'],
      ['active', null],
      ['left', null],
      ['leaving', '2030-06-30'],
      ['active', null],
    ])
  })

  test('is undone after a dry run that changes nothing, except where somebody changed it since', async () => {
    const ids = await addPeople(4)
    await db().person.update({
      where: { id: ids[0] ?? '' },
      data: { state: 'leaving', leavesOn: new Date('2029-01-01') },
    })
    const id = await plan(planLeavingBatch(manager, everybody, '2030-06-30'))
    await run(id)
    await db().person.update({ where: { id: ids[3] ?? '' }, data: { leavesOn: new Date('2031-01-01') } })
    const before = await daysOf()
    expect(await planUndo(manager, id)).toEqual({ undone: 3, kept: 1 })
    expect(await daysOf()).toEqual(before)
    await undo(id)
    expect(await daysOf()).toEqual([
      ['leaving', '2029-01-01'],
      ['active', null],
      ['active', null],
      ['leaving', '2031-01-01'],
    ])
    expect(await countsOf(id)).toMatchObject({ undone: 3, kept: 1 })
    // It is over: nothing is written or undone again.
    await run(id)
    await undo(id)
    expect(await countsOf(id)).toMatchObject({ undone: 3, kept: 1 })
  })
})

describe('making affiliations from appointments', () => {
  const items = () =>
    db().affiliation.findMany({
      orderBy: [{ kind: 'asc' }, { personId: 'asc' }],
      select: { id: true, kind: true, title: true, department: true, state: true, removal: true, endOn: true },
    })

  test('makes one of each appointment of the kinds and department chosen, and a second time none', async () => {
    await addPeople(12)
    const options = { kinds: ['staff' as const], department: 'Science' }
    const id = await plan(planItemBatch(manager, everybody, options))
    expect(await countsOf(id)).toMatchObject({ planned: 2 })
    expect(await items()).toEqual([])
    await run(id)
    const made = { kind: 'employment', title: 'Lecturer', department: 'Science / Physics', state: 'waiting_for_person' }
    expect(await items()).toMatchObject([made, made])
    const again = await plan(planItemBatch(manager, everybody, { kinds: ['staff', 'student'], department: null }))
    expect(await countsOf(again)).toMatchObject({ planned: 10, left_out: 2 })
    await run(again)
    expect(await db().affiliation.groupBy({ by: ['kind'], _count: true, orderBy: { kind: 'asc' } })).toMatchObject([
      { kind: 'employment', _count: 6 },
      { kind: 'education', _count: 6 },
    ])
  })

  test('leaves out an appointment without a title', async () => {
    await addPeople(2, null)
    const id = await plan(planItemBatch(manager, everybody, { kinds: ['staff', 'student'], department: null }))
    expect(await countsOf(id)).toMatchObject({ planned: 0, left_out: 2 })
    expect((await findBatch(manager, id))?.steps[0]?.reason).toBe('no_title')
  })

  test('is undone: additions are deleted, and what was changed has its earlier text again', async () => {
    const [first = '', second = ''] = await addPeople(3)
    const options = { kinds: ['staff' as const, 'student' as const], department: null }
    const selection = { ids: [first] }
    await run(await plan(planItemBatch(manager, { selection, scopes: [] }, options)))
    await db().appointment.updateMany({ where: { personId: first }, data: { endOn: '2028' } })
    const id = await plan(planItemBatch(manager, everybody, options))
    await run(id)
    expect((await items()).map(({ endOn }) => endOn).sort()).toEqual(['2028', null, null])
    await db().affiliation.updateMany({ where: { personId: second }, data: { title: 'Reader', revision: 7 } })
    expect(await planUndo(manager, id)).toEqual({ undone: 2, kept: 1 })
    expect((await items()).filter(({ removal }) => removal)).toEqual([])
    await undo(id)
    const left = await items()
    expect(left.filter(({ removal }) => removal === 'staff')).toHaveLength(1)
    expect(left.map(({ endOn }) => endOn)).toEqual([null, null, null])
    expect(left.find(({ title }) => title === 'Reader')).toMatchObject({ removal: null })
  })
})

test('a view keeps the filters without the words of a search, is the team’s if shared, and its maker or an administrator deletes it', async () => {
  const other = makeStaffActor()
  const filters = { ...noPeopleFilters, q: 'Ada', state: 'leaving' as const, department: 'Science / Physics' }
  await saveView(manager, { name: 'Leavers', filters, shared: false })
  await saveView(manager, { name: 'All leavers', filters, shared: true })
  const kept = { ...filters, q: null }
  expect(await listViews(manager)).toMatchObject([
    { name: 'All leavers', filters: kept, mayDelete: true },
    { name: 'Leavers', filters: kept, mayDelete: true },
  ])
  expect(JSON.stringify(await db().savedView.findMany())).not.toContain('Ada')
  const [shared] = await listViews(other)
  expect(await listViews(other)).toMatchObject([{ name: 'All leavers', mayDelete: false }])
  await deleteView(other, shared?.id ?? '')
  expect(await listViews(other)).toHaveLength(1)
  await deleteView(admin, shared?.id ?? '')
  expect(await listViews(other)).toEqual([])
  expect(await listViews(manager)).toHaveLength(1)
})
