import { describe, expect, it } from 'vitest'
import { readCell } from '@/lib/imports/cell'
import { mapColumns } from '@/lib/imports/columns'
import { possibleOrders, readDate } from '@/lib/imports/dates'
import { readPersonRow } from '@/lib/imports/people-row'

const header = [
  'local_id',
  'name',
  'email',
  'orcid',
  'department',
  'kind',
  'title',
  'start',
  'end',
  'Preferred language',
  'org-name',
  'visibility',
]
const mapping = mapColumns(header, 'people')
const context = { order: null, isOurs: (name: string) => name === 'Example University' }
const read = (cells: Record<string, string>) =>
  readPersonRow(
    header.map((name) => cells[name] ?? ''),
    mapping,
    context,
  )
const faultsOf = (cells: Record<string, string>) => {
  const row = read({ local_id: '7', ...cells })
  return 'faults' in row ? row.faults.map(({ field, code, quoted }) => `${field} ${code} ${quoted}`) : []
}

describe('a row of a roster', () => {
  it('is a person', () => {
    const cells = {
      local_id: '000123',
      name: 'Example, Ada Quill',
      email: 'ada@example.org',
      orcid: 'https://orcid.org/0000-0002-1825-0097',
      department: 'Faculty of Science / Physics',
      kind: 'Employee',
      title: 'Lecturer',
      start: '2021-03',
      'Preferred language': 'ES-es',
      'org-name': 'Example University',
    }
    expect(read(cells)).toEqual({
      person: {
        localId: '000123',
        givenName: 'Ada Quill',
        familyName: 'Example',
        email: 'ada@example.org',
        orcid: '0000-0002-1825-0097',
        department: 'Faculty of Science / Physics',
        kind: 'staff',
        title: 'Lecturer',
        startOn: '2021-03',
        endOn: null,
        language: 'es',
      },
    })
  })

  it.each<[Record<string, string>, string]>([
    [{ orcid: '0000-0002-1825-0098' }, 'orcid wrong_check_digit 0000-0002-1825-0098'],
    [{ orcid: 'unknown' }, 'orcid not_an_id unknown'],
    [{ email: 'ada at example' }, 'email not_an_address ada at example'],
    [{ kind: 'robot' }, 'kind not_a_kind robot'],
    [{ 'Preferred language': 'Spanish' }, 'language not_a_language Spanish'],
    [{ start: '31.02.2021' }, 'start not_a_date 31.02.2021'],
    [{ start: '28.02.2021' }, 'start ambiguous_date 28.02.2021'],
    [{ start: 'soon' }, 'start not_a_date soon'],
    [{ start: '2021-03', end: '2020' }, 'end end_before_start 2020'],
    [{ department: '#REF!' }, 'department junk #REF!'],
    [{ name: 'Ada \u202eexe' }, 'name direction Ada \u202eexe'],
    [{ name: 'J\ufffdrgen' }, 'name broken_character J\ufffdrgen'],
    [{ local_id: '1.23457E+15' }, 'local_id rewritten_number 1.23457E+15'],
    [{ department: 'https://me:secret@example.org/' }, 'department secret_link https://me:secret@example.org/'],
    [{ 'org-name': 'Another University' }, 'org_name other_organisation Another University'],
    [{ visibility: 'PRIVATE' }, 'visibility visibility PRIVATE'],
  ])('%o is refused with the cell at fault', (cells, fault) => {
    expect(faultsOf(cells)).toEqual([fault])
  })

  it('names nobody without a number, an iD or an address', () => {
    expect(read({ name: 'Ada' })).toEqual({ faults: [{ field: 'local_id', code: 'missing', quoted: '' }] })
  })

  it('with more cells than the header is refused', () => {
    const row = readPersonRow([...header.map(() => '1'), 'more'], mapping, context)
    expect('faults' in row && row.faults[0]).toEqual({ field: null, code: 'columns', quoted: 'more' })
  })
})

describe('a cell', () => {
  it('loses what nobody sees, and keeps joiners that scripts need', () => {
    expect(readCell('  Ada\u200b \u00a0 Example\ufeff ')).toEqual({ text: 'Ada Example' })
    expect(readCell('می\u200cخواهم')).toEqual({ text: 'می\u200cخواهم' })
  })
})

describe('a date', () => {
  it('is read in the order that the file has, and never guessed', () => {
    expect(readDate('2021-03-31T00:00:00', null)).toEqual({ date: '2021-03-31' })
    expect(readDate('31/03/2021', 'day-first')).toEqual({ date: '2021-03-31' })
    expect(readDate('31/03/2021', 'month-first')).toEqual({ fault: 'not_a_date' })
    expect(readDate('31/03/2021', null)).toEqual({ fault: 'ambiguous_date' })
  })

  it('needs a question where dates of the file do not decide it', () => {
    expect(possibleOrders(['2021', '2021-03-01'])).toEqual([])
    expect(possibleOrders(['01/02/2021', '31/03/2021'])).toEqual(['day-first'])
    expect(possibleOrders(['01/02/2021', '03/04/2021'])).toEqual(['day-first', 'month-first'])
    expect(possibleOrders(['31/02/2021', '02/31/2021'])).toEqual([])
  })
})
