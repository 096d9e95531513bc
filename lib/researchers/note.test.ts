import { describe, expect, it } from 'vitest'
import { noteCharsMax, parseNoteText } from '@/lib/researchers/note'

describe('the text of a note', () => {
  it('is kept as it was written, with lines that end in one way', () => {
    expect(parseNoteText(' Called on Monday.\r\nWill connect again.\rSoon. ')).toBe(
      'Called on Monday.\nWill connect again.\nSoon.',
    )
    expect(parseNoteText('李明 🙂 ليا — می‌خواهم')).toBe('李明 🙂 ليا — می‌خواهم')
  })

  it('holds nothing that cannot be seen or stored', () => {
    expect(parseNoteText('a\u0000b\u202ec\u0007d\ud800e')).toBe('abcde')
    for (const nothing of ['', ' \n\t ', '\u0000', '\u200e']) expect(parseNoteText(nothing)).toBeNull()
  })

  it('is as long as people count characters, and no longer', () => {
    expect(parseNoteText('🙂'.repeat(noteCharsMax))).toHaveLength(2 * noteCharsMax)
    expect(parseNoteText('x'.repeat(noteCharsMax + 1))).toBeNull()
  })
})
