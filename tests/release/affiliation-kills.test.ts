import { expect, test } from 'vitest'
import { writeUnderKills } from '@/bench/writes'

// `npm run bench -- writes` does the same with 1,000 writes and 100 kills.
test('workers that are killed while they write leave every item on the records exactly once', async () => {
  const figures = await writeUnderKills(30, 2)
  expect(figures).toMatchObject({ items: 30, wrong: [], states: { in_orcid: 30 } })
})
