import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nextStep } from '@/lib/affiliations/affiliation'
import { parseEntries, parseEntry, type RawEntry } from '@/lib/affiliations/entry'
import { isBefore, parseFuzzyDate } from '@/lib/people/fuzzy-date'

const right = { orcid: '0000-0002-1825-0097', type: 'employment', title: 'Lecturer' }
const codesOf = (fields: RawEntry['fields']) => {
  const result = parseEntry({ line: 2, fields: { ...right, ...fields } })
  return 'faults' in result ? result.faults.map(({ field, code }) => `${field} ${code}`) : []
}
const itemOf = (fields: RawEntry['fields'] = {}) => {
  const result = parseEntry({ line: 2, fields: { ...right, ...fields } })
  return 'entry' in result ? result.entry.item : null
}

describe('a row', () => {
  test.each([
    [{ start: '2021-02-31' }, 'start not_a_date'],
    [{ start: '31.02.2021' }, 'start not_a_date'],
    [{ start: '2020-02', end: '2020-01-31' }, 'end end_before_start'],
    [{ end: '2020' }, 'end end_without_start'],
    [{ title: '  ' }, 'title missing'],
    [{ title: 'a\u0000b' }, 'title bad_characters'],
    [{ type: 'job' }, 'type not_a_type'],
    [{ orcid: '0000-0002-1825-0098' }, 'orcid not_an_id'],
    [{ orcid: '2.18251E+15' }, 'orcid not_an_id'],
    [{ external_id: '1.23E+15' }, 'external_id rewritten_number'],
    [{ external_id: '1,23e+15' }, 'external_id rewritten_number'],
    [{ url: 'javascript:alert(1)' }, 'url not_a_link'],
    [{ url: 'example.org' }, 'url not_a_link'],
    [{ put_code: '12a' }, 'put_code not_a_put_code'],
  ] as const)('with %o is refused: %s', (fields, fault) => {
    expect(codesOf(fields)).toContain(fault)
  })

  test('with a title of 5,000 characters is refused, and one of 4,000 is not', () => {
    expect(codesOf({ title: 'x'.repeat(5_000) })).toEqual(['title too_long'])
    expect(codesOf({ title: 'x'.repeat(4_000) })).toEqual([])
  })

  test('may begin and end in the same year, month or day, however exactly each is known', () => {
    expect(codesOf({ start: '2021-05-03', end: '2021' })).toEqual([])
    expect(codesOf({ start: '2021', end: '2021-01-01' })).toEqual([])
    expect(itemOf({ start: '2021/5/3' })?.startOn).toBe('2021-05-03')
  })

  test('without an identifier always means the same item, and another one when it is about something else', () => {
    expect(itemOf()?.externalId).toBe(itemOf({ end: '' })?.externalId)
    expect(itemOf({ title: ' Lecturer ' })?.externalId).toBe(itemOf()?.externalId)
    expect(itemOf({ title: 'Reader' })?.externalId).not.toBe(itemOf()?.externalId)
  })

  test('that means the same item as one before it, capitals apart, is refused', async () => {
    const { entries, faulty } = await parseEntries([
      { line: 2, fields: { ...right, external_id: 'HR-1' } },
      { line: 3, fields: { ...right, external_id: 'hr-1' } },
      { line: 4, fields: { ...right, external_id: 'hr-1', type: 'education' } },
    ])
    expect(entries.map(({ line }) => line)).toEqual([2, 4])
    expect([...faulty.keys()]).toEqual([3])
  })

  test('of any texts is right or has faults, and never breaks', () => {
    // Includes lone surrogates; fast-check's own arbitrary for them takes a second to set up.
    const text = fc.uint16Array({ maxLength: 40 }).map((units) => String.fromCharCode(...units))
    fc.assert(
      fc.property(fc.record({ orcid: text, type: text, title: text, start: text, end: text, url: text }), (fields) => {
        expect(Object.keys(parseEntry({ line: 1, fields }))).toHaveLength(1)
      }),
    )
  })
})

test('a date is what a calendar has, and is not before one that says less', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('1900-01-02'), max: new Date('2100-01-01'), noInvalidDate: true }), (date) => {
      const text = date.toISOString().slice(0, 10)
      expect(parseFuzzyDate(text)).toBe(text)
      expect(isBefore(text.slice(0, 4), text)).toBe(false)
      expect(isBefore(text, text.slice(0, 7))).toBe(false)
    }),
  )
  expect(['2021-13', '2021-00', '2023-02-29', '21', '20211'].map(parseFuzzyDate)).toEqual([
    null,
    null,
    null,
    null,
    null,
  ])
})

test('nothing is posted, changed or forgotten while a POST is unaccounted for', () => {
  const number = fc.option(fc.integer({ min: 1, max: 3 }))
  const standing = fc.record({
    removal: fc.constantFrom(null, 'staff', 'person'),
    revision: fc.integer({ min: 1, max: 3 }),
    writtenRevision: number,
    postedRevision: fc.integer({ min: 1, max: 3 }),
    putCode: fc.constant(null),
    misplaced: fc.boolean(),
  })
  fc.assert(fc.property(standing, (one) => nextStep(one) === 'find'))
})

test('an item that is on a record because of a mistake is removed when asked, and never written again', () => {
  const one = { revision: 2, writtenRevision: 1, postedRevision: null, putCode: '7', misplaced: true }
  expect(nextStep({ ...one, removal: null })).toBe('none')
  expect(nextStep({ ...one, removal: 'person' })).toBe('delete')
})
