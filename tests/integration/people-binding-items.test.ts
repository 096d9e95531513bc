import { beforeEach, describe, expect, test } from 'vitest'
import { claimItem } from '@/lib/affiliations/claim'
import { db, inTransaction } from '@/lib/db'
import { bindAgain, unbind } from '@/lib/people/binding'
import { askWhetherSame, confirmMyBinding, refuseMyBinding } from '@/lib/people/commands'
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
} from '@/tests/support/people'

const { a } = numbers
const fixture = peoplePerFile()

beforeEach(() => fixture.rows('delete from graphile_worker._private_jobs'))
const items = () =>
  fixture.rows(`select a.external_id, a.state::text, p.local_id, r.orcid, a.removal::text from affiliation a
    join person p on p.id = a.person_id left join researcher r on r.id = a.researcher_id order by 1, p.local_id nulls last`)
const person = (id: string) => db().person.findUniqueOrThrow({ where: { id } })

describe('items', () => {
  test('go along with the iD, and one that both sides had is one', async () => {
    const anna = await addToRoster('0007', { knownOrcid: a })
    await addItem(anna, 'HR-1', { title: 'Professor' })
    await addItem(anna, 'hr-2')
    const id = await addId(a)
    await addWritten(id, 'hr-1', '11')
    await match(id)
    expect(await items()).toEqual([
      { external_id: 'hr-1', state: 'to_be_confirmed', local_id: '0007', orcid: a, removal: null },
      { external_id: 'hr-2', state: 'to_be_confirmed', local_id: '0007', orcid: a, removal: null },
    ])
  })

  test('that came with the iD go away with it, and are nobody else’s', async () => {
    const anna = await addToRoster('0007', { knownOrcid: a })
    await addItem(anna, 'hr-1')
    const id = await addId(a)
    await addWritten(id, 'hr-2', '11')
    await addItem(await holderOf(id), 'hr-3', { researcherId: id.id, state: 'pending' })
    await match(id)
    await refuseMyBinding(makeResearcherActor({ researcherId: id.id, orcid: a }), anna, 'TEST-0001')
    expect(await items()).toMatchObject([
      { external_id: 'hr-1', state: 'waiting_for_person', local_id: '0007', orcid: null },
      { external_id: 'hr-2', state: 'in_orcid', local_id: null, orcid: a },
      { external_id: 'hr-3', state: 'pending', local_id: null, orcid: a },
    ])
  })

  test('that staff removed from the record do not stand in the way of what waits', async () => {
    const anna = await addToRoster('0007', { knownOrcid: a })
    await addItem(anna, 'hr-1')
    const id = await addId(a)
    await addItem(await holderOf(id), 'hr-1', { researcherId: id.id, state: 'deleted', removal: 'staff' })
    await match(id)
    expect(await items()).toMatchObject([{ external_id: 'hr-1', state: 'to_be_confirmed', removal: null }])
  })

  test('of somebody who is not the one stay on the record, and are kept for whom they were meant', async () => {
    const anna = await addToRoster('0007', { knownOrcid: a })
    const id = await addId(a)
    await match(id)
    await addWritten(id, 'hr-1', '11')
    await addItem(anna, 'hr-2', { researcherId: id.id, state: 'to_be_confirmed' })
    await addItem(anna, 'hr-3', { researcherId: id.id, state: 'pending', postedRevision: 1 })
    await addItem(anna, 'hr-4', { researcherId: id.id, state: 'deleted', removal: 'staff' })
    await addItem(anna, 'hr-5', { researcherId: id.id, state: 'deleted_by_person', putCode: '15', writtenRevision: 1 })
    await refuseMyBinding(makeResearcherActor({ researcherId: id.id, orcid: a }), anna, 'TEST-0001')
    const waiting = { state: 'waiting_for_person', local_id: '0007', orcid: null, removal: null }
    const own = { local_id: null, orcid: a, removal: null }
    expect(await items()).toEqual([
      { external_id: 'hr-1', ...waiting },
      { external_id: 'hr-1', ...own, state: 'in_orcid' },
      { external_id: 'hr-2', ...waiting },
      { external_id: 'hr-3', ...waiting },
      { external_id: 'hr-3', ...own, state: 'deleting', removal: 'person' },
      { external_id: 'hr-4', ...waiting, state: 'deleted', removal: 'staff' },
      { external_id: 'hr-5', ...waiting },
      { external_id: 'hr-5', ...own, state: 'deleted_by_person' },
    ])
  })

  test('wait for the person’s word where the roster alone bound them, and a word once given holds', async () => {
    const anna = await addToRoster('0007', { knownOrcid: a })
    await addItem(anna, 'hr-1')
    const id = await addId(a)
    await match(id)
    await confirmMyBinding(makeResearcherActor({ researcherId: id.id, orcid: a }), anna, 'TEST-0001')
    expect(await items()).toMatchObject([{ state: 'pending' }])
    await inTransaction((tx) => unbind(tx, fixture.manager, { personId: anna, ended: 'staff' }))
    expect(await items()).toMatchObject([{ state: 'waiting_for_person', orcid: null }])
    await inTransaction((tx) => bindAgain(tx, fixture.manager, { personId: anna, researcherId: id.id }))
    expect(await items()).toMatchObject([{ state: 'pending', orcid: a }])
    const [binding] = await db().binding.findMany({ where: { endedAt: null } })
    expect(binding).toMatchObject({ proof: 'roster', confirmedAt: expect.any(Date) })
  })

  test('are written neither for somebody in conflict nor while they are paused', async () => {
    const anna = await addToRoster('0007', { knownOrcid: a })
    const id = await addId(a)
    await match(id)
    const item = await addItem(anna, 'hr-1', { researcherId: id.id, state: 'pending' })
    const other = await addToRoster('0008')
    await askWhetherSame(fixture.manager, { personId: anna, localId: '0008', requestId: 'TEST-0001' })
    expect(await claimItem(item)).toBeNull()
    await db().conflict.updateMany({ data: { resolvedAt: new Date(), resolution: 'kept' } })
    await db().person.update({ where: { id: anna }, data: { state: 'paused' } })
    expect(await claimItem(item)).toBeNull()
    await db().person.update({ where: { id: anna }, data: { state: 'active' } })
    expect(await person(other)).toMatchObject({ conflict: false })
    expect(await claimItem(item)).not.toBeNull()
  })
})
