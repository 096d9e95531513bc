import { expect, test } from 'vitest'
import { sendUnderKills } from '@/bench/mail'

test('a hundred kills during a thousand mails leave each sent once, or perhaps sent where a connection was open', async () => {
  const { states, ...figures } = await sendUnderKills(1_000, 100)
  expect(figures).toMatchObject({ twice: 0, lost: 0, beyondConnections: 0 })
  expect((states.sent ?? 0) + (states.perhaps_sent ?? 0)).toBe(1_000)
  expect(states.sent).toBeGreaterThan(500)
})
