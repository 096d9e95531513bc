import { describe, expect, test } from 'vitest'
import { checkAffiliations } from '@/lib/affiliations/drift'
import { writeAffiliation } from '@/lib/affiliations/writing'
import { bindByStaff } from '@/lib/people/commands'
import { reopenConflict, resolveConflict } from '@/lib/people/resolving'
import { ourItems } from '@/tests/support/affiliations'
import { workInside } from '@/tests/support/inside'
import { connect } from '@/tests/support/journey'
import { rosterItemsPerFile } from '@/tests/support/roster-items'

const ada = '0000-0099-9458-0735'
const petra = '0000-0099-9722-0030'
const grace = '0000-0099-5475-2774'
const given = rosterItemsPerFile()
const { fixture, at, work, titlesOf, one, statesOf, holderOf, eventsOf, addToRoster, enter, answer } = given
workInside(fixture)

describe('“This is not me”', () => {
  test('unbinds at once and stops what waits, and the person’s entries wait for the right one', async () => {
    const person = await addToRoster()
    await enter(person)
    await enter(person, 'Dean')
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    const no = await answer(visitor, 'refuse', person)
    expect([no.status, fixture.pathOf(no.location)]).toEqual([303, '/me/person/refused'])
    expect(await statesOf(person)).toEqual(['waiting_for_person', 'waiting_for_person'])
    expect(await holderOf(ada)).not.toBe(person)
    await answer(visitor, 'refuse', person)
    await answer(visitor, 'confirm', person)
    expect(await eventsOf('person.unbound')).toBe(1)
    expect(await eventsOf('person.confirmed')).toBe(0)
    await work()
    expect(await titlesOf(ada)).toEqual([])

    const page = (await visitor.get(at('/me/person/refused'))).body
    expect(page).toContain('2 entries were waiting. We stopped them')
    const { request_id } = await one(`select request_id from audit_event where action = 'person.unbound'`)
    expect(page).toContain(request_id)
    const mine = (await visitor.get(at('/me'))).body
    for (const others of ['Ada Example', 'Physics', 'Yes, this is me']) expect(mine).not.toContain(others)
    // They are known, and are not bound again by the roster.
    await connect(fixture.stack, { orcid: ada }, visitor)
    expect(await holderOf(ada)).not.toBe(person)
  })

  test('is told to staff as a conflict that needs somebody, who can bind again, and then it is asked again', async () => {
    const person = await addToRoster()
    await enter(person)
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    await answer(visitor, 'refuse', person)
    const conflict = await one(
      'select id::text, kind::text, person_id::text, other_person_id::text, evidence from conflict where resolved_at is null',
    )
    expect(conflict).toMatchObject({
      kind: 'names_differ',
      person_id: person,
      other_person_id: await holderOf(ada),
      evidence: ['not_me'],
    })
    const { visitor: admin } = await connect(fixture.stack, { orcid: grace, purpose: 'sign-in' })
    expect((await admin.get(at('/staff'))).body).toMatch(/iD conflict/)

    const decision = { id: String(conflict.id), resolution: 'bound' as const, reason: 'We called', requestId: 'T' }
    await resolveConflict(given.staff, decision)
    expect(await holderOf(ada)).toBe(person)
    expect(await statesOf(person)).toEqual(['to_be_confirmed'])
    expect((await visitor.get(at('/me'))).body).toContain('Yes, this is me')
    await reopenConflict(given.staff, String(conflict.id), 'It was not', 'T')
    expect(await statesOf(person)).toEqual(['waiting_for_person'])
  })

  test('leaves what was written with the researcher, who has it removed at once, also while staff have not decided', async () => {
    const person = await addToRoster()
    await enter(person)
    await enter(person, 'Dean')
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    await answer(visitor, 'confirm', person)
    await work()
    expect(await titlesOf(ada)).toEqual(['Dean', 'Lecturer'])
    await enter(person, 'Dean', { title: 'Vice-Dean', external_id: 'Dean' })
    await answer(visitor, 'refuse', person)
    await work()
    const { researcher_id: researcherId } = await one('select researcher_id::text from person where orcid = $1', [ada])
    await checkAffiliations(String(researcherId))
    await work()
    // The change that waited was stopped.
    expect(await titlesOf(ada)).toEqual(['Dean', 'Lecturer'])
    const own = await holderOf(ada)
    expect(await statesOf(own)).toEqual(['in_orcid', 'in_orcid'])
    expect(
      (await fixture.rows('select title from affiliation where person_id = $1 order by title', [person])).map(
        ({ title }) => title,
      ),
    ).toEqual(['Lecturer', 'Vice-Dean'])
    expect(await statesOf(person)).toEqual(['waiting_for_person', 'waiting_for_person'])

    expect((await visitor.get(at('/me/person/refused'))).body).toContain('Remove these 2 entries from my record')
    const removed = await visitor.post(at('/me/person/remove-items'))
    expect(fixture.pathOf(removed.location)).toBe('/me/person/refused')
    await work()
    expect(await titlesOf(ada)).toEqual([])
    expect(await statesOf(own)).toEqual(['deleted', 'deleted'])
    const { id } = await one('select id::text from affiliation where person_id = $1', [own])
    await visitor.post(at('/me/items/put-back'), [['affiliation', id]])
    expect(await statesOf(own)).toEqual(['deleted', 'deleted'])
    await work()
    expect(await titlesOf(ada)).toEqual([])
  })

  test('leaves alone what the researcher had before they were taken for that person', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    await enter('', 'Guest', { person: '', orcid: ada })
    await work()
    const person = await addToRoster({ orcid: null })
    await enter(person)
    const { researcher_id } = await one('select researcher_id::text from person where orcid = $1', [ada])
    await bindByStaff(given.staff, { personId: person, researcherId: String(researcher_id), requestId: 'T' })
    await answer(visitor, 'confirm', person)
    await work()
    expect(await titlesOf(ada)).toEqual(['Guest', 'Lecturer'])
    await answer(visitor, 'refuse', person)
    await visitor.post(at('/me/person/remove-items'))
    await work()
    expect(await titlesOf(ada)).toEqual(['Guest'])
    expect(await fixture.rows('select title from affiliation where person_id = $1', [person])).toEqual([
      { title: 'Lecturer' },
    ])
  })

  test('about an entry that a worker has, or is sending, takes it off the record again', async () => {
    const person = await addToRoster()
    for (const title of ['Claimed', 'Sent', 'Arrived', 'Claimed before']) await enter(person, title)
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    await answer(visitor, 'confirm', person)
    const claim = (title: string, until: string) =>
      fixture.rows(
        `update affiliation set claim_id = gen_random_uuid(), claimed_until = now() + $2::interval where title = $1`,
        [title, until],
      )
    await claim('Claimed', '1 minute')
    await claim('Claimed before', '-1 minute')
    await fixture.rows(`update affiliation set posted_revision = revision where title in ('Sent', 'Arrived')`)
    const { registry } = fixture.stack
    const self = { 'external-id-type': 'other-id', 'external-id-relationship': 'self', 'external-id-value': 'Arrived' }
    await registry.addItem(ada, {
      section: 'employment',
      source: { clientId: registry.clientId, name: 'University of Example' },
      content: { 'role-title': 'Arrived', 'external-ids': { 'external-id': [self] } },
    })
    await answer(visitor, 'refuse', person)
    await work()
    expect(await titlesOf(ada)).toEqual([])
    expect(await statesOf(person)).toEqual(Array(4).fill('waiting_for_person'))
    expect(await statesOf(await holderOf(ada))).toEqual(['deleted', 'deleted', 'deleted'])
  })

  test('while ORCID is receiving an entry removes it, or offers to if it was there first, and it waits for the person', async () => {
    const person = await addToRoster()
    await enter(person)
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    await answer(visitor, 'confirm', person)
    const { id } = await one('select id::text from affiliation')
    const writing = writeAffiliation(String(id))
    const refusing = answer(visitor, 'refuse', person)
    await Promise.all([writing, refusing])
    await work()
    const left = await fixture.rows(
      `select state::text from affiliation where researcher_id is not null and misplaced and state <> 'deleted'`,
    )
    expect(await titlesOf(ada)).toHaveLength(left.length)
    await visitor.post(at('/me/person/remove-items'))
    await work()
    expect(await titlesOf(ada)).toEqual([])
    expect(await statesOf(person)).toEqual(['waiting_for_person'])
  })

  test('said by mistake is mended by staff: what is on the record is theirs again, once they say so, and not written twice', async () => {
    const person = await addToRoster()
    await enter(person)
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    await answer(visitor, 'confirm', person)
    await work()
    const [{ putCode } = { putCode: '' }] = await ourItems(fixture.stack.registry, ada)
    await answer(visitor, 'refuse', person)
    await enter(person, 'Lecturer', { title: 'Professor', external_id: 'Lecturer' })
    const { id } = await one('select id::text from conflict')
    await resolveConflict(given.staff, { id: String(id), resolution: 'bound', reason: 'We called', requestId: 'T' })
    await work()
    expect(await titlesOf(ada)).toEqual(['Lecturer'])
    expect(await statesOf(person)).toEqual(['to_be_confirmed'])
    await answer(visitor, 'confirm', person)
    await work()
    expect(await ourItems(fixture.stack.registry, ada)).toMatchObject([
      { putCode, content: { 'role-title': 'Professor' } },
    ])
  })
})

describe('an entry that somebody had deleted', () => {
  test('comes back when they put it back from their page, and by nothing else', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    for (const title of ['Here', 'At ORCID']) await enter('', title, { person: '', orcid: ada })
    await work()
    const { id } = await one(`select id::text from affiliation where title = 'Here'`)
    await visitor.post(at('/me/affiliations/removal'), [['affiliation', id]])
    const there = (await ourItems(fixture.stack.registry, ada)).find(
      (item) => item.content['role-title'] === 'At ORCID',
    )
    await fixture.stack.registry.removeItem(ada, Number(there?.putCode))
    await work()
    await checkAffiliations(String((await one('select researcher_id::text as id from affiliation')).id))
    expect(await titlesOf(ada)).toEqual([])
    for (const title of ['Here', 'At ORCID']) {
      expect(await enter('', title, { person: '', orcid: ada, department: 'New' })).toMatchObject({ written: 0 })
    }
    const { visitor: stranger } = await connect(fixture.stack, { orcid: petra })
    for (const { id: each } of await fixture.rows('select id::text from affiliation')) {
      await stranger.post(at('/me/items/put-back'), [['affiliation', each]])
    }
    await work()
    expect(await titlesOf(ada)).toEqual([])

    expect((await visitor.get(at('/me'))).body.match(/<button[^>]*>Put back on my record/g)).toHaveLength(2)
    for (const { id: each } of await fixture.rows('select id::text from affiliation')) {
      const done = await visitor.post(at('/me/items/put-back'), [['affiliation', each]])
      expect(fixture.pathOf(done.location)).toBe('/me')
    }
    await work()
    expect(await titlesOf(ada)).toEqual(['At ORCID', 'Here'])
    expect(await eventsOf('affiliation.put_back')).toBe(2)
    expect(await enter('', 'Here', { person: '', orcid: ada, department: 'New' })).toMatchObject({ written: 1 })
  })

  test('and put back while it is being deleted is on the record in the end', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    await enter('', 'Lecturer', { person: '', orcid: ada })
    await work()
    const { id } = await one('select id::text from affiliation')
    await visitor.post(at('/me/affiliations/removal'), [['affiliation', id]])
    await Promise.all([writeAffiliation(String(id)), visitor.post(at('/me/items/put-back'), [['affiliation', id]])])
    await work()
    if ((await one('select removal from affiliation')).removal === null)
      expect(await titlesOf(ada)).toEqual(['Lecturer'])
    else await visitor.post(at('/me/items/put-back'), [['affiliation', id]])
    await work()
    expect(await titlesOf(ada)).toEqual(['Lecturer'])
  })
})
