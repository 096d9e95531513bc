import { expect, test } from 'vitest'
import { sendUnderKills } from '@/bench/mail'

// `npm run test:release` kills a hundred times during a thousand mails.
test('twenty kills during two hundred mails leave each sent once, or perhaps sent where a connection was open', async () => {
  const { states, ...figures } = await sendUnderKills(200, 20)
  expect(figures).toMatchObject({ twice: 0, lost: 0, beyondConnections: 0 })
  expect((states.sent ?? 0) + (states.perhaps_sent ?? 0)).toBe(200)
  expect(states.sent).toBeGreaterThan(100)
})
