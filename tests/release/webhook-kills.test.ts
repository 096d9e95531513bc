import { test } from 'vitest'
import { peoplePerFile } from '@/tests/support/people'
import { expectAllDespiteKills } from '@/tests/support/webhook-kills'

const fixture = peoplePerFile()

test('a receiver gets every event of a thousand random changes, in order per person, through fifty kills', async () => {
  await expectAllDespiteKills(fixture.manager, { changes: 1_000, kills: 50 })
}, 1_200_000)
