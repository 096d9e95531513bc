import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { KeyRing, SealError } from '@/lib/sealed'

const place = { table: 'grant', row: 'a', column: 'sealed_access_token', registry: 'sandbox' }
const [newer, older, foreign] = ['k2', 'k1', 'k1'].map((id) => ({ id, key: randomBytes(32) }))
if (!newer || !older || !foreign) throw new Error('unreachable')
const ring = new KeyRing([newer, older])

describe('sealing', () => {
  test('whatever is sealed opens again at its place', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => ring.open(ring.seal(text, place), place) === text))
  })

  test.each(Object.keys(place))('a value moved to another %s does not open', (part) => {
    const sealed = ring.seal('secret', place)
    expect(() => ring.open(sealed, { ...place, [part]: 'elsewhere' })).toThrow(SealError)
  })

  test('no character of a sealed value can be changed, added or left out', () => {
    const sealed = ring.seal('a token', place)
    for (let at = 0; at < sealed.length; at++) {
      const other = sealed[at] === 'A' ? 'B' : 'A'
      expect(() => ring.open(`${sealed.slice(0, at)}${other}${sealed.slice(at + 1)}`, place), `at ${at}`).toThrow(
        SealError,
      )
      expect(() => ring.open(`${sealed.slice(0, at)}${sealed.slice(at + 1)}`, place), `without ${at}`).toThrow(
        SealError,
      )
    }
    expect(() => ring.open(`${sealed}A`, place)).toThrow(SealError)
    expect(() => ring.open(`${sealed}.`, place)).toThrow(SealError)
  })

  test('the first key seals and every key opens', () => {
    expect(ring.seal('x', place)).toMatch(/^c1\.k2\./)
    expect(ring.open(new KeyRing([older]).seal('x', place), place)).toBe('x')
  })

  test('another key of the same name does not open', () => {
    expect(() => new KeyRing([foreign]).open(new KeyRing([older]).seal('x', place), place)).toThrow(SealError)
  })

  test('the same text is never sealed twice alike', () => {
    expect(ring.seal('x', place)).not.toBe(ring.seal('x', place))
  })

  test('an error says which key was wanted and never what was inside', () => {
    const sealed = new KeyRing([{ id: 'gone', key: randomBytes(32) }]).seal('the-token', place)
    expect(() => ring.open(sealed, place)).toThrow('No sealing key "gone" in the ring')
  })
})
