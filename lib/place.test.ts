import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseNumberPlace, parsePlace, toPlaceText } from '@/lib/place'

const at = fc.date({ min: new Date('1970-01-01'), max: new Date('2200-01-01'), noInvalidDate: true })

describe('a place in a list', () => {
  it('comes back from an address as it went into it', () => {
    fc.assert(
      fc.property(at, fc.uuid(), (time, id) => {
        const place = { at: time.toISOString(), id }
        expect(parsePlace(toPlaceText(place))).toEqual(place)
      }),
    )
    expect(parseNumberPlace('123456789012345678')).toBe(123456789012345678n)
  })

  it('is none where nobody of us made it', () => {
    const garbage = ['', '%00', 'e30', Buffer.from('[]').toString('base64url'), 'A'.repeat(9_000), '🦆', '\ud800']
    for (const text of [...garbage, '-1', '1.5', '1e9', '9'.repeat(19)]) {
      expect(parsePlace(text), text).toBeNull()
      expect(parseNumberPlace(text), text).toBeNull()
    }
    const [time, id] = [new Date(0).toISOString(), '00000000-0000-4000-8000-000000000000']
    for (const made of [{ at: "'; drop", id }, { at: time, id: 'x' }, { id }]) {
      expect(parsePlace(Buffer.from(JSON.stringify(made)).toString('base64url'))).toBeNull()
    }
  })
})
