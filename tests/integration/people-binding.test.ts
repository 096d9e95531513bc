import { beforeEach, describe, expect, test } from 'vitest'
import { db, inTransaction } from '@/lib/db'
import { bind } from '@/lib/people/binding'
import { bindByStaff, refuseMyBinding, unbindByStaff } from '@/lib/people/commands'
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

beforeEach(() => fixture.rows('delete from graphile_worker._private_jobs'))

const conflicts = () =>
  fixture.rows(`select kind::text, person_id::text as person, other_person_id::text as other, evidence,
    resolution::text from conflict order by opened_at, person_id`)
const jobs = async () =>
  (await fixture.rows('select task_identifier as name from graphile_worker.jobs order by 1')).map(({ name }) => name)
const items = () =>
  fixture.rows(`select a.external_id, a.state::text, p.local_id, r.orcid, a.removal::text from affiliation a
    join person p on p.id = a.person_id left join researcher r on r.id = a.researcher_id order by 1, p.local_id nulls last`)
const person = (id: string) => db().person.findUniqueOrThrow({ where: { id } })

describe('an iD that ORCID has just authenticated', () => {
  test('is bound at once to the one person for whom the roster has it', async () => {
    const anna = await addToRoster('0007', { knownOrcid: a })
    await addItem(anna, 'hr-1')
    const id = await addId(a)
    const own = await holderOf(id)
    await match(id)
    expect(await person(anna)).toMatchObject({ orcid: a, knownOrcid: null, connection: 'connected', conflict: false })
    expect(await db().person.findUnique({ where: { id: own } })).toBeNull()
    expect(await db().binding.findMany({ where: { endedAt: null } })).toMatchObject([
      { personId: anna, proof: 'roster', madeByKind: 'system' },
    ])
    // A roster proves less than the person's own word.
    expect(await items()).toEqual([
      { external_id: 'hr-1', state: 'to_be_confirmed', local_id: '0007', orcid: a, removal: null },
    ])
    expect(await conflicts()).toEqual([])
    expect(await jobs()).toContain('resume-affiliations')
  })

  test('is bound also where names are written differently or ORCID shows none', async () => {
    await addToRoster('0007', { name: 'Anna Müller', knownOrcid: a })
    await addToRoster('0008', { name: 'Josiah Carberry', knownOrcid: b })
    const [one, other] = [await addId(a, 'MUELLER, A.'), await addId(b, null)]
    await match(one)
    await match(other)
    expect(await fixture.rows('select local_id from person where researcher_id is not null order by 1')).toEqual([
      { local_id: '0007' },
      { local_id: '0008' },
    ])
  })

  test('of a name that is very unlike the roster’s is for staff to decide', async () => {
    const anna = await addToRoster('0007', { name: 'Anna Müller', knownOrcid: a })
    const id = await addId(a, 'Josiah Carberry')
    await match(id)
    await match(id)
    const other = await holderOf(id)
    expect(await conflicts()).toMatchObject([{ kind: 'names_differ', person: anna, other, resolution: null }])
    expect(await person(anna)).toMatchObject({ researcherId: null, knownOrcid: a, conflict: true })
    expect(await person(other)).toMatchObject({ conflict: true })
  })

  test('that the roster has for several people is for staff to decide', async () => {
    const [anna, ada] = [await addToRoster('0007', { knownOrcid: a }), await addToRoster('0008', { knownOrcid: a })]
    const id = await addId(a)
    await match(id)
    await match(id)
    const found = await conflicts()
    expect(found.map(({ person: one }) => one).sort()).toEqual([anna, ada].sort())
    expect(new Set(found.map(({ kind, other }) => `${kind} ${other}`))).toEqual(
      new Set([`one_id_two_people ${await holderOf(id)}`]),
    )
  })

  test('of somebody who has another authenticated iD is for staff to decide', async () => {
    const anna = await addToRoster('0007', { knownOrcid: a })
    await match(await addId(a))
    await db().person.update({ where: { id: anna }, data: { knownOrcid: b } })
    const second = await addId(b)
    await match(second)
    expect(await conflicts()).toMatchObject([
      { kind: 'one_person_two_ids', person: anna, other: await holderOf(second), resolution: null },
    ])
    expect(await person(anna)).toMatchObject({ orcid: a })
  })

  test('that the roster does not have is looked for by name, e-mail and domain', async () => {
    await addToRoster('0007')
    const id = await addId(a)
    await match(id)
    await match(id)
    expect(await jobs()).toEqual(['propose-person'])
    expect(await conflicts()).toEqual([])
  })

  test('is not bound again after the researcher said “not me” or staff took it away', async () => {
    for (const [localId, orcid, take] of [
      [
        '0007',
        a,
        (id: string, who: string) =>
          refuseMyBinding(makeResearcherActor({ researcherId: id, orcid: a }), who, 'TEST-0001'),
      ],
      [
        '0008',
        b,
        async (id: string) =>
          unbindByStaff(fixture.manager, { personId: await holderOf({ id }), reason: 'Wrong', requestId: 'TEST-0001' }),
      ],
    ] as const) {
      const anna = await addToRoster(localId, { knownOrcid: orcid })
      const id = await addId(orcid)
      await match(id)
      await take(id.id, anna)
      const told = await conflicts()
      await db().person.update({ where: { id: anna }, data: { knownOrcid: orcid } })
      await match(id)
      expect(await person(anna)).toMatchObject({
        researcherId: null,
        conflict: told.some((one) => one.person === anna),
      })
      expect(await conflicts()).toEqual(told)
    }
  })

  test('that is bound already is not looked for again', async () => {
    await addToRoster('0007', { knownOrcid: a })
    const id = await addId(a)
    await match(id)
    const before = await snapshot()
    await fixture.rows('delete from graphile_worker._private_jobs')
    await match(id)
    expect(await snapshot()).toEqual(before)
    expect(await jobs()).toEqual([])
  })

  test('is bound once however many callbacks arrive at the same time', async () => {
    const anna = await addToRoster('0007', { knownOrcid: a })
    const id = await addId(a)
    await Promise.all(Array.from({ length: 6 }, () => match(id)))
    expect(await db().binding.count({ where: { personId: anna } })).toBe(1)
  })
})

describe('staff', () => {
  const bindThem = (personId: string, researcherId: string) =>
    bindByStaff(fixture.manager, { personId, researcherId, requestId: 'TEST-0001' })

  test('bind an iD to a person, and the proof says that it was they', async () => {
    const anna = await addToRoster('0007')
    const id = await addId(a)
    expect(await bindThem(anna, id.id)).toBe(true)
    expect(await db().binding.findMany({ where: { endedAt: null } })).toMatchObject([
      { personId: anna, proof: 'staff', madeByKind: 'staff', madeById: fixture.manager.staffId },
    ])
  })

  test('get a conflict instead where something speaks against it', async () => {
    const [anna, josiah, ada] = [
      await addToRoster('0007'),
      await addToRoster('0008', { name: 'Josiah Carberry' }),
      await addToRoster('0009'),
    ]
    const [one, other] = [await addId(a), await addId(b)]
    expect(await bindThem(josiah, one.id)).toBe(false)
    expect(await bindThem(anna, one.id)).toBe(true)
    expect(await bindThem(anna, other.id)).toBe(false)
    expect(await bindThem(ada, one.id)).toBe(false)
    await fixture.rows(`update conflict set resolved_at = now(), resolution = 'kept' where kind = 'one_person_two_ids'`)
    expect(await bindThem(ada, other.id)).toBe(true)
    expect(await bindThem(ada, one.id)).toBe(false)
    expect((await conflicts()).map(({ kind, person: who, resolution }) => [kind, who, resolution])).toEqual([
      ['names_differ', josiah, 'kept'],
      ['one_person_two_ids', anna, 'kept'],
      ['one_id_two_people', ada, null],
      ['two_people_are_one', ada, null],
    ])
  })

  test('are refused for somebody who is erased or merged, and nothing is saved', async () => {
    const [anna, ada] = [await addToRoster('0007'), await addToRoster('0008')]
    const id = await addId(a)
    await db().person.update({ where: { id: ada }, data: { mergedIntoId: anna } })
    const before = await snapshot()
    await expect(bindThem(ada, id.id)).rejects.toMatchObject({ fault: 'erased' })
    await expect(bindThem('00000000-0000-4000-8000-000000000000', id.id)).rejects.toMatchObject({ fault: 'erased' })
    await expect(bindThem(anna, '00000000-0000-4000-8000-000000000000')).rejects.toMatchObject({ fault: 'erased' })
    expect(await snapshot()).toEqual(before)
  })

  test('at the same time bind an iD to one person only', async () => {
    const people = [await addToRoster('0007'), await addToRoster('0008')]
    const id = await addId(a)
    const done = await Promise.all(people.map((one) => bindThem(one, id.id)))
    expect(done.filter(Boolean)).toHaveLength(1)
    expect(await db().binding.count({ where: { endedAt: null } })).toBe(1)
    expect(await conflicts()).toMatchObject([{ kind: 'one_id_two_people' }])
  })

  test('cannot take the iD from somebody of whom nothing else is known, nor one that is not there', async () => {
    const id = await addId(a)
    const unbindThem = (personId: string) =>
      unbindByStaff(fixture.manager, { personId, reason: 'Wrong', requestId: 'TEST-0001' })
    await expect(unbindThem(await holderOf(id))).rejects.toMatchObject({ fault: 'not_possible' })
    await expect(unbindThem(await addToRoster('0007'))).rejects.toMatchObject({ fault: 'not_possible' })
  })

  test('move an iD from one person to another, and both keep what is to be written', async () => {
    const [anna, ada] = [await addToRoster('0007', { knownOrcid: a }), await addToRoster('0008')]
    const id = await addId(a)
    await match(id)
    await addWritten(id, 'hr-1', '11')
    await addItem(anna, 'hr-2', { researcherId: id.id, state: 'to_be_confirmed' })
    await addItem(ada, 'hr-1')
    await addItem(ada, 'hr-2')
    await inTransaction((tx) =>
      bind(tx, fixture.manager, { personId: ada, researcherId: id.id, proof: 'staff', reason: 'Mixed up' }),
    )
    expect(await items()).toEqual([
      { external_id: 'hr-1', state: 'waiting_for_person', local_id: '0007', orcid: null, removal: null },
      { external_id: 'hr-1', state: 'in_orcid', local_id: '0008', orcid: a, removal: null },
      { external_id: 'hr-2', state: 'waiting_for_person', local_id: '0007', orcid: null, removal: null },
      { external_id: 'hr-2', state: 'to_be_confirmed', local_id: '0008', orcid: a, removal: null },
    ])
  })
})
