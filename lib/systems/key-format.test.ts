import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keyKinds, makeKeyText, readKeyText } from '@/lib/systems/key-format'
import { isInNetworks, parseNetwork } from '@/lib/systems/network'

describe('a key', () => {
  test.each(keyKinds)('of the kind %s says what it is, and none is like another', (kind) => {
    const keys = Array.from({ length: 200 }, () => makeKeyText(kind))
    expect(new Set(keys).size).toBe(200)
    for (const key of keys) {
      expect(key).toMatch(new RegExp(`^cnc_${kind}_[0-9A-Za-z]{38}$`))
      expect(readKeyText(key)).toEqual({ kind, beginning: key.slice(0, `cnc_${kind}_`.length + 4) })
    }
  })

  test('with one wrong, missing or swapped character is known to be mistyped', () => {
    fc.assert(
      fc.property(fc.nat({ max: 46 }), fc.constantFrom(...'0aZ_9'), (place, letter) => {
        const key = makeKeyText('live')
        if (key[place] !== letter) expect(readKeyText(key.slice(0, place) + letter + key.slice(place + 1))).toBeNull()
        expect(readKeyText(key.slice(0, place) + key.slice(place + 1))).toBeNull()
        const [one, other] = [key[place], key[place + 1]]
        if (other && one !== other)
          expect(readKeyText(key.slice(0, place) + other + one + key.slice(place + 2))).toBeNull()
      }),
    )
    expect(readKeyText(makeKeyText('live').replace('live', 'test'))).toBeNull()
    expect(readKeyText(` ${makeKeyText('live')}`)).toBeNull()
  })
})

describe('a network', () => {
  test.each([
    ['192.0.2.0/24', '192.0.2.255', true],
    ['192.0.2.0/24', '192.0.3.1', false],
    ['192.0.2.7', '192.0.2.7', true],
    ['192.0.2.7', '192.0.2.8', false],
    ['2001:db8::/48', '2001:db8:0:1::/64', true],
    ['2001:db8::/48', '2001:db8:1:0::/64', false],
    ['2001:db8:0:1::/64', '2001:db8:0:1::/64', true],
    ['0.0.0.0/0', '2001:db8:0:1::/64', false],
  ])('%s has %s: %s', (network, address, isIn) => {
    expect(isInNetworks(address, [network])).toBe(isIn)
  })

  test.each(['', 'x', '192.0.2.0/33', '192.0.2.0/24/1', '2001:db8::1', '2001:db8::/65', '192.0.2/24', '192.0.2.0/ 8'])(
    'is not %j',
    (text) => {
      expect(parseNetwork(text)).toBeNull()
    },
  )
})
