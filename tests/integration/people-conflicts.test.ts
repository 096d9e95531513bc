import { describe, expect, test } from 'vitest'
import { claimItem } from '@/lib/affiliations/claim'
import { db } from '@/lib/db'
import { askWhetherSame } from '@/lib/people/commands'
import { conflictDecisions, conflictsOfEachKind } from '@/tests/support/conflict-kinds'
import { addId, addToRoster, holderOf, match, numbers, peoplePerFile, snapshot } from '@/tests/support/people'

const { a, b } = numbers
const fixture = peoplePerFile()

const { resolve, reopen, openIds, openId } = conflictDecisions(fixture)
const person = (id: string) => db().person.findUniqueOrThrow({ where: { id } })

const kinds = conflictsOfEachKind(fixture)

describe('a decision', () => {
  test.each([
    ['names_differ', 'bound'],
    ['names_differ', 'kept'],
    ['one_id_two_people', 'bound'],
    ['one_id_two_people', 'kept'],
    ['one_id_of_somebody_else', 'bound'],
    ['one_id_of_somebody_else', 'kept'],
    ['one_person_two_ids', 'bound'],
    ['one_person_two_ids', 'kept'],
    ['other_id_known', 'kept'],
    ['other_id_known', 'split'],
    ['two_people_are_one', 'merged'],
    ['two_people_are_one', 'kept'],
    ['two_people_of_whom_the_first_has_the_id', 'merged'],
    ['proposal', 'bound'],
    ['proposal', 'kept'],
  ] as const)(
    'about %s, that it is %s, is carried out, says who and why, and can be taken back whole',
    async (kind, resolution) => {
      await kinds[kind]()
      const before = await snapshot()
      const id = await openId()
      await resolve(id, resolution)
      const decided = await snapshot()
      expect(decided).not.toEqual(before)
      expect(await db().conflict.findUnique({ where: { id } })).toMatchObject({
        resolution,
        resolvedById: fixture.manager.staffId,
        reason: 'Asked them',
      })
      await reopen(id)
      expect(await snapshot()).toEqual(before)
      const actions = ['conflict.resolved', 'conflict.reopened']
      expect(
        await fixture.rows('select action, actor_id::text from audit_event where action = any($1) order by id', [
          actions,
        ]),
      ).toEqual(actions.map((action) => ({ action, actor_id: fixture.manager.staffId })))
      // And it can be decided the same way once more.
      await resolve(id, resolution)
      expect(await snapshot()).toEqual(decided)
    },
  )

  test('binds the iD to whom it is, and answers what was asked about the others', async () => {
    await kinds.one_id_two_people()
    const [first, second] = await openIds()
    await resolve(first ?? '', 'bound')
    expect(await openIds()).toEqual([])
    const [{ local_id } = {}] = await fixture.rows('select local_id from person where orcid = $1', [a])
    expect(local_id).toBe(
      (await db().conflict.findUniqueOrThrow({ where: { id: first }, include: { person: true } })).person.localId,
    )
    await reopen(first ?? '')
    expect((await openIds()).sort()).toEqual([first, second].sort())
  })

  test('for the other iD of two keeps the first iD apart, with what is on its record', async () => {
    await kinds.one_person_two_ids()
    await resolve(await openId(), 'bound')
    expect(await fixture.rows('select local_id, orcid from person order by orcid')).toEqual(
      [
        { local_id: null, orcid: a },
        { local_id: '0007', orcid: b },
      ].sort((x, y) => (x.orcid < y.orcid ? -1 : 1)),
    )
    expect(
      await fixture.rows(
        `select external_id, a.state::text, r.orcid from affiliation a
        left join researcher r on r.id = a.researcher_id order by external_id, r.orcid = $1`,
        [a],
      ),
    ).toEqual([
      { external_id: 'hr-1', state: 'to_be_confirmed', orcid: b },
      { external_id: 'hr-1', state: 'in_orcid', orcid: a },
      { external_id: 'hr-2', state: 'to_be_confirmed', orcid: b },
      { external_id: 'hr-3', state: 'in_orcid', orcid: b },
    ])
  })

  test('that both sides stay as they are is not asked for again when the person comes back', async () => {
    for (const kind of ['names_differ', 'one_person_two_ids'] as const) {
      await kinds[kind]()
      const conflict = await db().conflict.findFirstOrThrow({
        where: { resolvedAt: null },
        include: { researcher: true },
      })
      await resolve(conflict.id, 'kept')
      if (conflict.researcher) await match(conflict.researcher)
      expect(await openIds()).toEqual([])
      await db().conflict.deleteMany()
      await db().affiliation.deleteMany()
      await db().person.deleteMany()
      await db().researcher.deleteMany()
    }
  })

  test('about an iD of ours says who it is', async () => {
    const anna = await addToRoster('0007')
    const id = await addId(a)
    const holder = await holderOf(id)
    await db().conflict.create({
      data: { kind: 'proposal', personId: holder, researcherId: id.id, evidence: ['domain'] },
    })
    const before = await snapshot()
    const conflict = await openId()
    await expect(resolve(conflict, 'bound')).rejects.toMatchObject({ fault: 'not_possible' })
    expect(await snapshot()).toEqual(before)
    await resolve(conflict, 'bound', anna)
    expect(await person(anna)).toMatchObject({ orcid: a })
    await reopen(conflict)
    expect(await snapshot()).toEqual(before)
  })
})

describe('nothing is written to a record', () => {
  test('of either side while a conflict is open, and everything is once it is decided', async () => {
    await kinds.one_person_two_ids()
    const onRecord = await db().affiliation.findMany({ where: { researcherId: { not: null } } })
    await db().affiliation.updateMany({
      where: { id: { in: onRecord.map(({ id }) => id) } },
      data: { state: 'updating', revision: 2 },
    })
    expect(onRecord).toHaveLength(3)
    for (const { id } of onRecord) expect(await claimItem(id)).toBeNull()
    await fixture.rows('delete from graphile_worker._private_jobs')
    await resolve(await openId(), 'kept')
    const [{ count } = { count: 0 }] = await fixture.rows(
      `select count(*)::int from graphile_worker.jobs where task_identifier = 'resume-affiliations'`,
    )
    expect(count).toBe(2)
    for (const { id } of onRecord) expect(await claimItem(id)).not.toBeNull()
  })

  test('while a decision is taken back', async () => {
    await kinds.names_differ()
    const id = await openId()
    await resolve(id, 'bound')
    await db().affiliation.updateMany({ data: { state: 'pending' } })
    await reopen(id)
    for (const item of await db().affiliation.findMany()) expect(await claimItem(item.id)).toBeNull()
  })
})

test('a person stays in conflict until the last one about them is decided, and a proposal is none', async () => {
  const anna = await addToRoster('0007')
  await addToRoster('0008')
  await addToRoster('0009')
  for (const localId of ['0008', '0009']) {
    await askWhetherSame(fixture.manager, { personId: anna, localId, requestId: 'TEST-0001' })
  }
  const id = await addId(a)
  const proposal = { kind: 'proposal', personId: anna, otherPersonId: await holderOf(id), researcherId: id.id } as const
  await db().conflict.create({ data: proposal })
  for (const each of (await db().conflict.findMany({ where: { kind: 'two_people_are_one' } })).map(({ id }) => id)) {
    expect(await person(anna)).toMatchObject({ conflict: true })
    await resolve(each, 'kept')
  }
  expect(await person(anna)).toMatchObject({ conflict: false })
})
