import { afterAll, beforeAll, expect, test } from 'vitest'
import { countFoundAffiliations, listAffiliations } from '@/lib/affiliations/listing'
import { noAffiliationFilters } from '@/lib/affiliations/schema'
import { closePool, db } from '@/lib/db'
import { makeStaffActor } from '@/tests/support/actors'
import type { TestDatabase } from '@/tests/support/database'
import { useOwnDatabase } from '@/tests/support/researchers'

const actor = makeStaffActor()
let database: TestDatabase

beforeAll(async () => {
  database = await useOwnDatabase()
  const people = [
    { localId: 'hr-1', givenName: 'Jörg', familyName: 'Schröder', items: [['Lecturer', 'Physics']] },
    { localId: 'hr-2', givenName: 'Ada', familyName: 'Example', items: [['Professor of Physics', 'History']] },
    { localId: 'hr-3', givenName: 'Lena', familyName: 'Hidden', items: [['Lecturer', 'Law']], confidential: true },
  ]
  for (const { items, ...person } of people) {
    const { id: personId } = await db().person.create({ data: { ...person, origin: 'entered' } })
    const data = items.map(([title = '', department = ''], n) => ({
      ...{ personId, title, department, externalId: `x${n}` },
      ...{ kind: 'employment' as const, origin: 'entered' as const, state: 'waiting_for_person' as const },
    }))
    await db().affiliation.createMany({ data })
  }
})

afterAll(async () => {
  await closePool()
  await database.drop()
})

test.each<[string, string[]]>([
  ['lecturer', ['Lecturer']],
  ['PHYSICS', ['Lecturer', 'Professor of Physics']],
  ['schroeder', ['Lecturer']],
  ['hr-2', ['Professor of Physics']],
  ['ada physics', ['Professor of Physics']],
  ['hidden', []],
  ['law', []],
])('%j finds items by title, department and person, and nobody confidential', async (q, titles) => {
  const filters = { ...noAffiliationFilters, q }
  const { rows } = await listAffiliations(actor, filters)
  expect(rows.map(({ title }) => title).sort()).toEqual(titles)
  expect(await countFoundAffiliations(actor, filters)).toBe(titles.length)
})
