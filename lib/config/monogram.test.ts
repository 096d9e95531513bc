import { expect, test } from 'vitest'
import { drawMonogram, findInitials } from '@/lib/config/monogram'

test.each([
  ['University of Example', 'UE'],
  ['Universitat Politècnica de Catalunya', 'UP'],
  ["Université d'Évry", 'UÉ'],
  ['E\u0301cole polytechnique', 'E\u0301'],
  ['Έδρα Αθηνών', 'ΈΑ'],
  ['Московский университет', 'М'],
  ['CERN', 'C'],
  ['example lab', 'E'],
  ['東京大学', '東'],
  ['جامعة الملك سعود', 'ج'],
  ['दिल्ली विश्वविद्यालय', 'दि'],
  ['—', ''],
])('the initials of %s are %s', (name, initials) => {
  expect(findInitials(name)).toBe(initials)
})

test('the name cannot bring markup into the monogram', () => {
  const accent = { light: '#1d4f91', dark: '#8db8f0' }
  const institution = { name: '<script>&"', accent } as Parameters<typeof drawMonogram>[0]
  expect(drawMonogram(institution, 'dark')).toMatch(
    /^<svg [^<>]*><rect [^<>]*fill="#8db8f0"\/><text [^<>]*>S<\/text><\/svg>$/,
  )
})
