import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readForwardedFor } from '@/lib/http/caller'

describe('the address of a caller', () => {
  test('is unknown behind no proxy, whatever a client writes', () => {
    expect(readForwardedFor('203.0.113.7', 0)).toBeNull()
  })

  test.each([
    ['203.0.113.7', 1, '203.0.113.7'],
    ['1.1.1.1, 203.0.113.7', 1, '203.0.113.7'],
    ['1.1.1.1, 203.0.113.7, 10.0.0.2', 2, '203.0.113.7'],
    ['203.0.113.7:4711', 1, '203.0.113.7'],
    ['[2001:db8:1:2::5]:443', 1, '2001:db8:1:2::/64'],
    ['2001:db8:1:2:aaaa:bbbb:cccc:dddd', 1, '2001:db8:1:2::/64'],
    ['2001:db8::1', 1, '2001:db8:0:0::/64'],
    ['::1', 1, '0:0:0:0::/64'],
    ['::ffff:203.0.113.7', 1, '203.0.113.7'],
  ])('in %s behind %i is %s', (header, proxies, address) => {
    expect(readForwardedFor(header, proxies)).toBe(address)
  })

  test.each([
    [null, 1],
    ['', 1],
    ['unknown', 1],
    ['203.0.113.7', 2],
    ['203.0.113.7,', 1],
  ])('in %s behind %i is unknown', (header, proxies) => {
    expect(readForwardedFor(header, proxies)).toBeNull()
  })

  test('does not change with what a client writes in front of it', () => {
    fc.assert(
      fc.property(fc.string(), (forged) => readForwardedFor(`${forged}, 203.0.113.7`, 1) === '203.0.113.7'),
      { numRuns: 200 },
    )
  })
})
