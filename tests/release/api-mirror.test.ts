import { test } from 'vitest'
import { addMirrored, expectNoGaps } from '@/tests/support/mirror'
import { peoplePerFile } from '@/tests/support/people'

const fixture = peoplePerFile()

test('a copy of the list has no gaps: from every cursor, the changes of concurrent writers lead to the list', async () => {
  await expectNoGaps(fixture.url, await addMirrored(fixture.manager), 10_000)
}, 1_800_000)
