import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { KeyRing, SealError } from '@/lib/crypto/sealed'

const aad = { table: 'grant', row: 'a', column: 'sealed_access_token', registry: 'sandbox' }
const [newer, older, foreign] = ['k2', 'k1', 'k1'].map((id) => ({ id, key: randomBytes(32) }))
if (!newer || !older || !foreign) throw new Error('unreachable')
const ring = new KeyRing([newer, older])

describe('sealing', () => {
  test('whatever is sealed opens again with its additional data', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => ring.open(ring.seal(text, aad), aad) === text))
  })

  test.each(Object.keys(aad))('a value moved to another %s does not open', (part) => {
    const sealed = ring.seal('secret', aad)
    expect(() => ring.open(sealed, { ...aad, [part]: 'elsewhere' })).toThrow(SealError)
  })

  test('no character of a sealed value can be changed, added or left out', () => {
    const sealed = ring.seal('a token', aad)
    for (let at = 0; at < sealed.length; at++) {
      const other = sealed[at] === 'A' ? 'B' : 'A'
      expect(() => ring.open(`${sealed.slice(0, at)}${other}${sealed.slice(at + 1)}`, aad), `at ${at}`).toThrow(
        SealError,
      )
      expect(() => ring.open(`${sealed.slice(0, at)}${sealed.slice(at + 1)}`, aad), `without ${at}`).toThrow(SealError)
    }
    expect(() => ring.open(`${sealed}A`, aad)).toThrow(SealError)
    expect(() => ring.open(`${sealed}.`, aad)).toThrow(SealError)
  })

  test('the first key seals and every key opens', () => {
    expect(ring.seal('x', aad)).toMatch(/^c1\.k2\./)
    expect(ring.open(new KeyRing([older]).seal('x', aad), aad)).toBe('x')
  })

  test('another key of the same name does not open', () => {
    expect(() => new KeyRing([foreign]).open(new KeyRing([older]).seal('x', aad), aad)).toThrow(SealError)
  })

  test('the same text is never sealed twice alike', () => {
    expect(ring.seal('x', aad)).not.toBe(ring.seal('x', aad))
  })

  test('an error says which key was wanted and never what was inside', () => {
    const sealed = new KeyRing([{ id: 'gone', key: randomBytes(32) }]).seal('the-token', aad)
    expect(() => ring.open(sealed, aad)).toThrow('No sealing key "gone" in the ring')
  })
})
