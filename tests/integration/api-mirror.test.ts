import { expect, test } from 'vitest'
import { db } from '@/lib/db'
import { makeSeededOrcid } from '@/prisma/seed-numbers'
import { askInside, connectSomebody } from '@/tests/support/api'
import { expectNoGaps } from '@/tests/support/mirror'
import { peoplePerFile } from '@/tests/support/people'
import { addSystem, tell } from '@/tests/support/systems'

const fixture = peoplePerFile()

test('a copy of the list has no gaps: from every cursor, the changes of concurrent writers lead to the list', async () => {
  const system = await addSystem(fixture.manager, { departments: ['Physics'], perMinute: 100_000 })
  for (let n = 0; n < 30; n++) {
    const { id, researcherId } = await connectSomebody(makeSeededOrcid(n))
    await db().person.update({
      where: { id },
      data: { department: 'Physics', ...(n % 2 && { localId: `${n}`, origin: 'imported' }) },
    })
    await tell(system.id, [researcherId])
  }
  await expectNoGaps(fixture.url, system, 1_000)
  const { json } = await askInside(system.key, '/people?limit=1000')
  expect(json.items.length).toBeGreaterThan(0)
})
