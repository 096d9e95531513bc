import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalHash, canonicalJson } from '@/lib/crypto/canonical'

test('keys stand in the order of RFC 8785, without white space', () => {
  const value = {
    '\u20ac': 1,
    '\r': 2,
    '\ufb33': 3,
    '1': 4,
    '\ud83d\ude02': 5,
    '\u0080': 6,
    '\u00f6': { b: [1, 'x'], a: null },
  }
  expect(canonicalJson(value)).toBe(
    '{"\\r":2,"1":4,"\u0080":6,"\u00f6":{"a":null,"b":[1,"x"]},"\u20ac":1,"\ud83d\ude02":5,"\ufb33":3}',
  )
})

test('the order in which keys were written changes no hash, and any other change does', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue(), (value, other) => {
      const turned = Object.fromEntries(Object.entries(value).reverse())
      expect(canonicalHash(turned)).toBe(canonicalHash(value))
      expect(canonicalHash({ ...value, more: other })).not.toBe(canonicalHash({ ...value, more: [other] }))
      expect(canonicalHash([value, other])).not.toBe(canonicalHash([value, other, null]))
    }),
  )
})
