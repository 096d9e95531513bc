import { expect, test } from 'vitest'
import { within } from '@/tests/faults/within'

test('what never comes is named, with how things stand, instead of being waited for', async () => {
  const waiting = within(0.01, 'the portal', new Promise(() => undefined), () => 'It is being killed')
  await expect(waiting).rejects.toThrow('waited 0.01 s in vain for the portal. It is being killed')
  expect(await within(1, 'an answer', Promise.resolve('answer'))).toBe('answer')
})
