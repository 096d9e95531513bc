import { expect, test } from 'vitest'
import { writeUnderKills } from '@/bench/writes'

test('workers that are killed while they write works leave every work on the records exactly once', async () => {
  const figures = await writeUnderKills(30, 2, 'work')
  expect(figures).toMatchObject({ items: 30, wrong: [], states: { in_orcid: 30 } })
})
