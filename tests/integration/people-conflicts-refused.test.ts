import { describe, expect, test } from 'vitest'
import { db } from '@/lib/db'
import { askWhetherSame, setInstitutionDetails, unbindByStaff } from '@/lib/people/commands'
import { erasePerson } from '@/lib/people/erasing'
import { conflictDecisions, conflictsOfEachKind } from '@/tests/support/conflict-kinds'
import { addId, addToRoster, match, numbers, peoplePerFile, snapshot } from '@/tests/support/people'

const { a, b } = numbers
const fixture = peoplePerFile()

const { resolve, reopen, openIds, openId } = conflictDecisions(fixture)
const person = (id: string) => db().person.findUniqueOrThrow({ where: { id } })

const kinds = conflictsOfEachKind(fixture)

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
    await db().$transaction((tx) => erasePerson(tx, personId, null))
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
