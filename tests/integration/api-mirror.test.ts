import { expect, test } from 'vitest'
import type { ApiActor } from '@/lib/actor'
import { isSeen, personObject } from '@/lib/api/person-object'
import { connectSomebody } from '@/tests/support/api'
import { addMirrored, expectNoGaps } from '@/tests/support/mirror'
import { numbers, peoplePerFile } from '@/tests/support/people'

const fixture = peoplePerFile()

test('a copy of the list has no gaps: from every cursor, the changes of concurrent writers lead to the list', async () => {
  await expectNoGaps(fixture.url, await addMirrored(fixture.manager), 1_000)
})

/** Changes each column of `person` that `GET /people` reads. */
const changes = {
  authenticated_at: 'authenticated_at = now()',
  conflict: 'conflict = true',
  connection: `connection = 'identity_only'`,
  department: `department = 'Law'`,
  expires_at: 'expires_at = now()',
  finding: `finding = 'being_checked'`,
  first_connected_at: 'first_connected_at = now()',
  kind: `kind = 'guest'`,
  listed: 'confidential = true',
  live_scopes: `live_scopes = '{openid}'`,
  live_scopes_given_at: `live_scopes_given_at = '{}'`,
  local_id: `local_id = '4711'`,
  name: `given_name = 'Another', family_name = 'Name'`,
  orcid: `orcid = '${numbers.b}'`,
  state: `state = 'left'`,
}
/** The first never changes, the second only together with the iD. */
const fixed = ['id', 'researcher_id']

const limitedSystem: Partial<ApiActor> = {
  systemId: '00000000-0000-4000-8000-000000000000',
  rights: ['people:read'],
  scopes: ['/read-limited'],
  departments: ['Physics'],
  kinds: ['staff'],
  purposeNumber: 1,
  terms: [],
}

test('a copy of the list hears of a change of every column that the list shows or chooses people by', async () => {
  const read = `${personObject().sql} ${isSeen(limitedSystem as ApiActor).sql}`
  const columns = new Set([...read.matchAll(/\bperson\.(\w+)/g)].map(([, column]) => column ?? ''))
  expect([...columns].sort()).toEqual([...Object.keys(changes), ...fixed].sort())

  const { id } = await connectSomebody(numbers.a)
  const unnoticed: string[] = []
  for (const [column, change] of Object.entries(changes)) {
    await fixture.rows('begin')
    await fixture.rows('delete from change_log')
    await fixture.rows(`update person set ${change} where id = $1`, [id])
    const noted = await fixture.rows('select from change_log where person_id = $1', [id])
    if (noted.length === 0) unnoticed.push(column)
    await fixture.rows('rollback')
  }
  expect(unnoticed).toEqual([])
})
