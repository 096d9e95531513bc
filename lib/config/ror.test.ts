import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isCountry } from '@/lib/config/country'
import { parseRor } from '@/lib/config/ror'

// From ORCID's own samples of items (github.com/ORCID/orcid-model, record_3.0/samples/write_samples).
const real = ['05qwgg493', '00jmfr291', '052gg0110']

test('a ROR id is taken in full and bare, and given in full', () => {
  for (const id of real) {
    for (const form of [id, `https://ror.org/${id}`, `ror.org/${id}/`, id.toUpperCase()]) {
      expect(parseRor(form)).toBe(`https://ror.org/${id}`)
    }
  }
})

test('a ROR id in which one character is wrong is none', () => {
  const character = fc.constantFrom(...'0123456789abcdefghjkmnpqrstvwxyz')
  fc.assert(
    fc.property(fc.constantFrom(...real), fc.integer({ min: 1, max: 6 }), character, (id, at, other) => {
      fc.pre(id[at] !== other)
      expect(parseRor(id.slice(0, at) + other + id.slice(at + 1))).toBeNull()
    }),
  )
})

test('a country is one of ISO 3166-1 in capital letters', () => {
  expect(['GB', 'NP', 'DE', 'XK'].filter((code) => !isCountry(code))).toEqual([])
  expect(['UK', 'EU', 'gb', 'GBR', 'ZZ', 'XX', ''].filter(isCountry)).toEqual([])
})
