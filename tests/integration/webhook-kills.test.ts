import { test } from 'vitest'
import { peoplePerFile } from '@/tests/support/people'
import { expectAllDespiteKills } from '@/tests/support/webhook-kills'

const fixture = peoplePerFile()

// `npm run test:release` makes 1,000 changes and kills 50 times.
test('a receiver gets every event of random changes, in order per person, through kills', async () => {
  await expectAllDespiteKills(fixture.manager, { changes: 60, kills: 3 })
})
