import { expect, test } from 'vitest'
import { visibleName } from '@/lib/researchers/visible-name'

test('characters that turn the direction or that nobody sees are left out of a name', () => {
  expect(visibleName('\u202Eyrrab\u202C')).toBe('yrrab')
  expect(visibleName('\u2067Ada\u2069 \u200Eand\u200F')).toBe('Ada and')
  expect(visibleName('Ze\u200Bro\u00ADwi\u2060dth\uFEFF')).toBe('Zerowidth')
  expect(visibleName('Ada\u0000\u0007\n')).toBe('Ada')
})

test.each(['\u200B', '\u200C\u200D', '\u202E \u202C', '\u3164', '\u2800', '\u034F', ' ', ''])(
  'a name of nothing that can be seen counts as none: %j',
  (name) => expect(visibleName(name)).toBeNull(),
)

test.each([
  'عبد الرحمن الخوارزمي',
  'דוד בן־גוריון',
  'می\u200Cخواهم',
  'ක්\u200Dෂ',
  '李 小龙',
  '渡邉\u{E0100}',
  "D'Amboise-Łuk",
])('a name keeps the letters of its script, and the joiners that they need: %j', (name) =>
  expect(visibleName(name)).toBe(name),
)

test('nobody without a name gets one', () => expect(visibleName(null)).toBeNull())
