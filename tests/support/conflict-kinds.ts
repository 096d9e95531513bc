import type { StaffActor } from '@/lib/actor'
import { db } from '@/lib/db'
import { askWhetherSame, confirmMyBinding, setInstitutionDetails } from '@/lib/people/commands'
import type { Resolution } from '@/lib/people/person'
import { reopenConflict, resolveConflict } from '@/lib/people/resolving'
import { makeResearcherActor } from '@/tests/support/actors'
import { addId, addItem, addToRoster, addWritten, holderOf, match, numbers } from '@/tests/support/people'

const { a, b } = numbers

/** A manager’s decisions about conflicts, and which are open, the oldest first. */
export const conflictDecisions = (staff: { manager: StaffActor }) => {
  const openIds = async () =>
    (await db().conflict.findMany({ where: { resolvedAt: null }, orderBy: [{ openedAt: 'asc' }, { id: 'asc' }] })).map(
      ({ id }) => id,
    )
  return {
    resolve: (id: string, resolution: Resolution, toPersonId?: string) =>
      resolveConflict(staff.manager, { id, resolution, reason: 'Asked them', requestId: 'TEST-0001', toPersonId }),
    reopen: (id: string) => reopenConflict(staff.manager, id, 'A mistake', 'TEST-0001'),
    openIds,
    openId: async () => (await openIds())[0] ?? '',
  }
}

/** Makes each kind of conflict, with items on both sides. */
export const conflictsOfEachKind = (staff: { manager: StaffActor }) => ({
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
    await setInstitutionDetails(staff.manager, id.id, { department: null, localId: '0007' })
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
    await askWhetherSame(staff.manager, { personId: anna, localId: '0008', requestId: 'TEST-0001' })
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
    await askWhetherSame(staff.manager, { personId: anna, localId: '0009', requestId: 'TEST-0001' })
  },
  proposal: async () => {
    const anna = await addToRoster('0007')
    await addItem(anna, 'hr-1')
    const id = await addId(a)
    const data = { kind: 'proposal', personId: anna, otherPersonId: await holderOf(id), researcherId: id.id } as const
    await db().conflict.create({ data: { ...data, evidence: ['names'] } })
  },
})
