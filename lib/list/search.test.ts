import { expect, test } from 'vitest'
import { parseParameters, readAll, searchedWords } from '@/lib/list/search'

test('what was copied from a spreadsheet is searched for as it was meant: a tab or a line break is a space', () => {
  expect(readAll({ q: '\tAda\tLovelace\r\n' }, 'q')).toEqual(['Ada Lovelace'])
  expect(parseParameters({ q: 'Ada\tLovelace' }, { q: searchedWords })).toEqual({
    values: { q: 'Ada Lovelace' },
    notices: [],
  })
  expect(parseParameters({ q: 'Ada\0Lovelace' }, { q: searchedWords }).notices).toEqual(['q'])
})
