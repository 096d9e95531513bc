import { describe, expect, it } from 'vitest'
import { detailCharsMax, parseDetail } from '@/lib/researchers/details'

describe('what the institution knows of somebody', () => {
  it('is one line, as it was typed', () => {
    expect(parseDetail('  Physics,\r\n Institute  of ')).toBe('Physics, Institute of')
    expect(parseDetail('物理学院')).toBe('物理学院')
    expect(parseDetail('Cafe\u0301')).toBe('Caf\u00e9')
  })

  it('is nothing where there is nothing to see', () => {
    for (const nothing of ['', '  ', '\u0000', '\u202e\u200e', '\ud800']) expect(parseDetail(nothing)).toBeNull()
  })

  it('is cut between characters where it is too long', () => {
    expect(parseDetail('🙂'.repeat(900))).toBe('🙂'.repeat(detailCharsMax))
  })
})
