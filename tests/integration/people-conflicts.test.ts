import { describe, expect, test } from 'vitest'
import { claimItem } from '@/lib/affiliations/claim'
import { db } from '@/lib/db'
import { askWhetherSame, confirmMyBinding, setInstitutionDetails, unbindByStaff } from '@/lib/people/commands'
import { erasePerson } from '@/lib/people/erasing'
import type { Resolution } from '@/lib/people/person'
import { reopenConflict, resolveConflict } from '@/lib/people/resolving'
import { makeResearcherActor } from '@/tests/support/actors'
import {
  addId,
  addItem,
  addToRoster,
  addWritten,
  holderOf,
  match,
  numbers,
  peoplePerFile,
  snapshot,
} from '@/tests/support/people'

const { a, b } = numbers
const fixture = peoplePerFile()

const resolve = (id: string, resolution: Resolution, toPersonId?: string) =>
  resolveConflict(fixture.manager, { id, resolution, reason: 'Asked them', requestId: 'TEST-0001', toPersonId })
const reopen = (id: string) => reopenConflict(fixture.manager, id, 'A mistake', 'TEST-0001')
const openIds = async () =>
  (await db().conflict.findMany({ where: { resolvedAt: null }, orderBy: [{ openedAt: 'asc' }, { id: 'asc' }] })).map(
    ({ id }) => id,
  )
const openId = async () => (await openIds())[0] ?? ''
const person = (id: string) => db().person.findUniqueOrThrow({ where: { id } })

/** Each kind of conflict, with items on both sides, and what can be decided about it. */
const kinds = {
  names_differ: async () => {
    const anna = await addToRoster('0007', { knownOrcid: a, department: null })
    await addItem(anna, 'hr-1')
    await addItem(anna, 'hr-2')
    const id = await addId(a, 'Josiah Carberry')
    await db().person.update({ where: { id: await holderOf(id) }, data: { department: 'Law' } })
    await addWritten(id, 'hr-1', '11')
    await match(id)
  },
  one_id_two_people: async () => {
    for (const localId of ['0007', '0008']) await addItem(await addToRoster(localId, { knownOrcid: a }), 'hr-1')
    const id = await addId(a)
    await addWritten(id, 'hr-3', '11')
    await match(id)
  },
  one_id_of_somebody_else: async () => {
    const anna = await addToRoster('0007', { knownOrcid: a })
    const id = await addId(a)
    await match(id)
    await addWritten(id, 'hr-1', '11')
    await addItem(anna, 'hr-2', { researcherId: id.id, state: 'to_be_confirmed' })
    const ada = await addToRoster('0008')
    await addItem(ada, 'hr-4')
    const conflict = { kind: 'one_id_two_people', personId: ada, otherPersonId: anna, researcherId: id.id } as const
    await db().conflict.create({ data: conflict })
  },
  one_person_two_ids: async () => {
    const anna = await addToRoster('0007', { knownOrcid: a })
    await addItem(anna, 'hr-1')
    const first = await addId(a)
    await match(first)
    await confirmMyBinding(makeResearcherActor({ researcherId: first.id, orcid: a }), anna, 'TEST-0001')
    await db().affiliation.updateMany({ data: { state: 'in_orcid', putCode: '11', writtenRevision: 1 } })
    await addItem(anna, 'hr-2', { researcherId: first.id, state: 'pending' })
    const second = await addId(b)
    await addWritten(second, 'hr-3', '12')
    await db().person.update({ where: { id: anna }, data: { knownOrcid: b } })
    await match(second)
  },
  other_id_known: async () => {
    const anna = await addToRoster('0007', { knownOrcid: b })
    await addItem(anna, 'hr-1')
    const id = await addId(a)
    await setInstitutionDetails(fixture.manager, id.id, { department: null, localId: '0007' })
    await addWritten(id, 'hr-2', '11')
  },
  two_people_are_one: async () => {
    const [anna, ada] = [await addToRoster('0007'), await addToRoster('0008', { knownOrcid: a })]
    await db().appointment.create({ data: { personId: anna, title: 'Lecturer', kind: 'staff', primary: true } })
    await db().appointment.create({ data: { personId: ada, title: 'Reader', kind: 'staff', primary: true } })
    await addItem(anna, 'hr-1')
    await addItem(anna, 'hr-2')
    const id = await addId(a)
    await match(id)
    await addWritten(id, 'hr-1', '11')
    await addItem(ada, 'hr-3', { researcherId: id.id, state: 'to_be_confirmed' })
    await askWhetherSame(fixture.manager, { personId: anna, localId: '0008', requestId: 'TEST-0001' })
  },
  two_people_of_whom_the_first_has_the_id: async () => {
    const [anna, ada] = [await addToRoster('0007', { knownOrcid: a }), await addToRoster('0008', { knownOrcid: b })]
    const third = await addToRoster('0009')
    await db().person.update({ where: { id: third }, data: { mergedIntoId: ada } })
    const id = await addId(a)
    await match(id)
    await addWritten(id, 'hr-1', '11')
    await addItem(ada, 'hr-1')
    await addItem(ada, 'hr-2')
    await askWhetherSame(fixture.manager, { personId: anna, localId: '0009', requestId: 'TEST-0001' })
  },
  proposal: async () => {
    const anna = await addToRoster('0007')
    await addItem(anna, 'hr-1')
    const id = await addId(a)
    const data = { kind: 'proposal', personId: anna, otherPersonId: await holderOf(id), researcherId: id.id } as const
    await db().conflict.create({ data: { ...data, evidence: ['names'] } })
  },
}

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

describe('is refused in words, with nothing half-saved:', () => {
  const refused = async (command: () => Promise<unknown>, fault: string) => {
    const before = await snapshot()
    await expect(command()).rejects.toMatchObject({ fault })
    expect(await snapshot()).toEqual(before)
  }

  test('a cycle of merges', async () => {
    const ids = [await addToRoster('0007'), await addToRoster('0008'), await addToRoster('0009')] as const
    const ask = async (personId: string, localId: string) => {
      const result = await askWhetherSame(fixture.manager, { personId, localId, requestId: 'TEST-0001' })
      return result.kind === 'conflict' ? result.id : result.kind
    }
    const first = await ask(ids[0], '0008')
    const second = await ask(ids[1], '0009')
    const third = await ask(ids[2], '0007')
    await resolve(first, 'merged')
    // 0008 is 0007 by now: what was asked about it is closed.
    await refused(() => resolve(second, 'merged'), 'already_resolved')
    expect(await ask(ids[0], '0008')).toBe('same')
    await refused(() => ask(ids[1], '0009'), 'cycle')
    await resolve(third, 'merged')
    // Merged into somebody who is merged into a third one: all numbers lead there.
    expect(await db().person.findMany({ where: { mergedIntoId: ids[2] } })).toHaveLength(2)
    await refused(() => reopen(first), 'not_possible')
    await reopen(third)
    await reopen(first)
    expect(await db().person.count({ where: { mergedIntoId: { not: null } } })).toBe(0)
    const data = { kind: 'two_people_are_one', personId: ids[0], otherPersonId: ids[0] } as const
    const { id } = await db().conflict.create({ data })
    await refused(() => resolve(id, 'merged'), 'cycle')
  })

  test('a merge of two people who both have an iD', async () => {
    for (const [localId, orcid] of [
      ['0007', a],
      ['0008', b],
    ] as const) {
      await addToRoster(localId, { knownOrcid: orcid })
      await match(await addId(orcid))
    }
    const { id: anna } = await db().person.findUniqueOrThrow({ where: { localId: '0007' } })
    await askWhetherSame(fixture.manager, { personId: anna, localId: '0008', requestId: 'TEST-0001' })
    const id = await openId()
    await refused(() => resolve(id, 'merged'), 'has_another_id')
    await unbindByStaff(fixture.manager, { personId: anna, reason: 'The older iD', requestId: 'TEST-0001' })
    await resolve(id, 'merged')
    expect(await person(anna)).toMatchObject({ orcid: b })
  })

  test('a binding to somebody who is erased', async () => {
    await kinds.names_differ()
    const id = await openId()
    const { personId } = await db().conflict.findUniqueOrThrow({ where: { id } })
    await db().$transaction((tx) => erasePerson(tx, personId))
    await refused(() => resolve(id, 'bound'), 'erased')
    await refused(() => reopen(id), 'erased')
  })

  test('the second of two managers who decide at once', async () => {
    for (const [kind, resolution] of [
      ['names_differ', 'bound'],
      ['two_people_are_one', 'merged'],
      ['other_id_known', 'split'],
    ] as const) {
      await kinds[kind]()
      const id = await openId()
      const results = await Promise.allSettled([resolve(id, resolution), resolve(id, 'kept'), resolve(id, resolution)])
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      for (const result of results) {
        if (result.status === 'rejected') expect(result.reason).toMatchObject({ fault: 'already_resolved' })
      }
      const again = await Promise.allSettled([reopen(id), reopen(id)])
      expect(again.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
      await db().conflict.deleteMany()
      await db().affiliation.deleteMany()
      await db().person.deleteMany()
      await db().researcher.deleteMany()
    }
  })

  test('one of two decisions that give one iD to two people', async () => {
    await kinds.one_id_two_people()
    const results = await Promise.allSettled((await openIds()).map((id) => resolve(id, 'bound')))
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await db().person.count({ where: { orcid: a, localId: { not: null } } })).toBe(1)
  })

  test('a choice that does not fit, a second decision, and taking back what was changed since', async () => {
    await kinds.names_differ()
    const id = await openId()
    await refused(() => resolve(id, 'merged'), 'not_possible')
    await refused(() => reopen(id), 'already_resolved')
    await resolve(id, 'bound')
    await refused(() => resolve(id, 'kept'), 'already_resolved')
    const { id: anna } = await db().person.findUniqueOrThrow({ where: { localId: '0007' } })
    await unbindByStaff(fixture.manager, { personId: anna, reason: 'Wrong', requestId: 'TEST-0001' })
    await refused(() => reopen(id), 'not_possible')
  })

  test('a proposal for somebody who has another iD by now', async () => {
    await kinds.proposal()
    const id = await openId()
    const second = await addId(b)
    await setInstitutionDetails(fixture.manager, second.id, { department: null, localId: '0007' })
    await refused(() => resolve(id, 'bound'), 'has_another_id')
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
