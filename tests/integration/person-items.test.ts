import { describe, expect, test } from 'vitest'
import { system } from '@/lib/actor'
import { applyDraft } from '@/lib/affiliations/commands'
import { saveEntryDraft } from '@/lib/affiliations/drafts'
import { inTransaction } from '@/lib/db'
import { bind, lockPeople, unbind } from '@/lib/people/binding'
import type { BindingProof } from '@/lib/people/person'
import { workInside } from '@/tests/support/inside'
import { connect, until } from '@/tests/support/journey'
import { type Roster, rosterItemsPerFile } from '@/tests/support/roster-items'

const ada = '0000-0099-9458-0735'
const petra = '0000-0099-9722-0030'
const given = rosterItemsPerFile()
const { fixture, at, work, titlesOf, one, statesOf, holderOf, eventsOf, addToRoster, enter, answer } = given
workInside(fixture)

describe('what is entered for somebody who has not connected', () => {
  test('waits, is asked about when the roster’s iD connects, and is written when they say that it is theirs', async () => {
    const person = await addToRoster()
    await enter(person)
    expect(await statesOf(person)).toEqual(['waiting_for_person'])
    await work()
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    expect(await statesOf(person)).toEqual(['to_be_confirmed'])
    await work()
    expect(await titlesOf(ada)).toEqual([])

    const page = (await visitor.get(at('/me'))).body
    for (const shown of ['Ada Example', 'Physics', 'Lecturer', 'Yes, this is me', 'This is not me', 'role-title']) {
      expect(page).toContain(shown)
    }
    expect(page).not.toContain('ada@example.org')
    expect(page).not.toContain('hr-1')

    const yes = await answer(visitor, 'confirm', person)
    expect([yes.status, fixture.pathOf(yes.location)]).toEqual([303, '/me'])
    expect(await statesOf(person)).toEqual(['pending'])
    expect(
      await fixture.rows(`select 1 from graphile_worker._private_jobs where key like 'resume-affiliations:%'`),
    ).toHaveLength(1)
    await work()
    expect(await titlesOf(ada)).toEqual(['Lecturer'])
    const after = (await visitor.get(at('/me'))).body
    expect(after).toContain('hr-1')
    expect(after).toContain('You confirmed this on')
  })

  test('and which they say is wrong is never written, and the others are', async () => {
    const person = await addToRoster()
    await enter(person, 'Lecturer')
    await enter(person, 'Dean')
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    const { id } = await one(`select id::text from affiliation where title = 'Dean'`)
    await visitor.post(at('/me/affiliations/removal'), [['affiliation', id]])
    await answer(visitor, 'confirm', person)
    await work()
    expect(await titlesOf(ada)).toEqual(['Lecturer'])
    expect(await enter(person, 'Dean')).toMatchObject({ written: 0, leftOut: 1 })
  })

  test('without the permission that it needs waits for that too', async () => {
    const person = await addToRoster()
    await enter(person)
    const { visitor } = await connect(fixture.stack, { orcid: ada, scopes: ['/read-limited'] })
    expect((await visitor.get(at('/me'))).body).toContain('We also need your permission to add activities')
    await answer(visitor, 'confirm', person)
    await work()
    expect(await statesOf(person)).toEqual(['no_permission'])
    await connect(fixture.stack, { orcid: ada }, visitor)
    await work()
    expect(await titlesOf(ada)).toEqual(['Lecturer'])
  })

  test('is confirmed once, however often they press the button, and by nobody else', async () => {
    const person = await addToRoster()
    await enter(person)
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    const { visitor: stranger } = await connect(fixture.stack, { orcid: petra })
    await answer(stranger, 'confirm', person)
    await answer(stranger, 'refuse', person)
    expect(await statesOf(person)).toEqual(['to_be_confirmed'])
    expect(await holderOf(ada)).toBe(person)
    await Promise.all([1, 2, 3].map(() => answer(visitor, 'confirm', person)))
    expect(await eventsOf('person.confirmed')).toBe(1)
    await work()
    expect(await titlesOf(ada)).toHaveLength(1)
  })

  test('is for whoever has the person’s iD when it is saved, not when it was looked at', async () => {
    const person = await addToRoster()
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    await answer(visitor, 'confirm', person)
    const fields = { person, type: 'employment', title: 'Lecturer', start: '2021', external_id: 'a' }
    const draft = await saveEntryDraft(given.staff, fields)
    const isWaiting = async () =>
      (await fixture.rows(`select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%for share%'`))
        .length > 0
    let applied: Promise<unknown> = Promise.resolve()
    await inTransaction(async (tx) => {
      await lockPeople(tx, [person])
      applied = applyDraft(given.staff, draft, 'TEST-0001')
      await until('the draft waits for the person', isWaiting)
      await unbind(tx, system, { personId: person, ended: 'staff' })
    })
    await applied
    expect(await statesOf(person)).toEqual(['waiting_for_person'])
    await work()
    expect(await titlesOf(ada)).toEqual([])
  })
})

describe('whether a binding is proven', () => {
  const bindAs = async (orcid: string, roster: Roster, proof: BindingProof) => {
    const person = await addToRoster({ ...roster, orcid: null })
    await enter(person)
    await connect(fixture.stack, { orcid })
    const { researcher_id } = await one('select researcher_id::text from person where orcid = $1', [orcid])
    await inTransaction((tx) => bind(tx, system, { personId: person, researcherId: String(researcher_id), proof }))
    return (await statesOf(person))[0]
  }

  test.each(['staff', 'import', 'roster'] as const)('is asked for one by %s, whatever the name', async (proof) => {
    expect(await bindAs(ada, {}, proof)).toBe('to_be_confirmed')
  })

  test.each(['invitation', 'campus'] as const)('is not asked for one by %s with a name that fits', async (proof) => {
    expect(await bindAs(ada, {}, proof)).toBe('pending')
  })

  test.each(['invitation', 'campus'] as const)('is asked for one by %s with a private name', async (proof) => {
    expect(await bindAs(petra, { given: 'Petra', family: 'Quiet' }, proof)).toBe('to_be_confirmed')
  })

  test.each(['invitation', 'campus'] as const)('is asked for one by %s with a very different name', async (proof) => {
    expect(await bindAs(ada, { given: 'Josiah', family: 'Carberry' }, proof)).toBe('to_be_confirmed')
  })

  test.each(['invitation', 'campus'] as const)(
    'is asked for one by %s with a namesake on the roster',
    async (proof) => {
      await addToRoster({ number: 'hr-2', given: 'ADA', family: 'Éxample', orcid: null })
      expect(await bindAs(ada, {}, proof)).toBe('to_be_confirmed')
    },
  )
})
