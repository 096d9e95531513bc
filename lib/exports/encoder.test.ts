import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defuseCell, parseCell, toIsoTime } from '@/lib/exports/cell'
import { type ColumnName, chooseColumns, exportColumns } from '@/lib/exports/column'
import { type CsvOptions, makeEncoder, type TableFormat } from '@/lib/exports/encoder'
import type { ResearcherTexts } from '@/lib/researchers/walk'

const formulaStarts = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']
const awkward = fc.oneof(
  fc.string({ unit: fc.constantFrom("'", ...formulaStarts, '"', ',', ';', 'a', ' ', '\\', 'ü') }),
  fc.string({ unit: 'grapheme' }),
)

const josiah: ResearcherTexts = {
  id: '5c3a3a0e-1f63-4b0e-9f27-0d3a9f5f8a11',
  orcid: '0000-0002-1825-0097',
  registry: 'production',
  name: 'Josiah Carberry',
  state: 'connected',
  finding: null,
  scopes: '/activities/update /read-limited openid',
  connectedAt: '2026-01-02 03:04:05.678',
  expiresAt: '2046-01-02 03:04:05.6',
  withdrawnAt: null,
  lastCheckedAt: null,
  unansweredSince: null,
  primaryOrcid: null,
  department: null,
  localId: null,
  conflict: 'f',
  createdAt: '2025-12-31 23:59:59',
}

function file(
  format: TableFormat,
  batches: ResearcherTexts[][],
  { columns = null, csv }: { columns?: ColumnName[] | null; csv?: CsvOptions } = {},
): string {
  const encoder = makeEncoder(format, chooseColumns(columns), csv)
  return encoder.head + batches.map((rows, i) => encoder.rows(rows, i === 0)).join('') + encoder.tail()
}

describe('a cell of a spreadsheet', () => {
  test('reading what was written gives the text back, whatever it was', () => {
    fc.assert(
      fc.property(awkward, (text) => {
        expect(parseCell(defuseCell(text))).toBe(text)
      }),
    )
  })

  test('no cell begins like a formula', () => {
    fc.assert(
      fc.property(awkward, (text) => {
        expect(formulaStarts).not.toContain(defuseCell(text).charAt(0))
      }),
    )
    for (const start of formulaStarts) expect(defuseCell(`${start}1+1`)).toBe(`'${start}1+1`)
  })

  test('a name that merely begins with an apostrophe stays as it is', () => {
    expect(defuseCell("'t Hooft")).toBe("'t Hooft")
    expect(parseCell("'t Hooft")).toBe("'t Hooft")
  })

  test('a time is what PostgreSQL wrote, in ISO 8601', () => {
    const day = fc.date({ min: new Date('1990-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
    fc.assert(
      fc.property(day, (at) => {
        // PostgreSQL leaves out the zeros at the end of a fraction, and a fraction that is zero.
        const [seconds = '', fraction = ''] = at.toISOString().slice(0, -1).replace('T', ' ').split('.')
        const digits = fraction.replace(/0+$/, '')
        expect(toIsoTime(digits ? `${seconds}.${digits}` : seconds)).toBe(at.toISOString())
      }),
    )
  })
})

describe('a table', () => {
  test('as CSV begins with a byte order mark and a header, and ends every record with CR LF', () => {
    expect(file('csv', [[josiah]])).toBe(
      '\uFEFForcid,orcid_uri,name,state,authenticated,authenticated_at,scopes,connected_at,expires_at,withdrawn_at\r\n' +
        '0000-0002-1825-0097,https://orcid.org/0000-0002-1825-0097,Josiah Carberry,connected,true,' +
        '2025-12-31T23:59:59.000Z,/activities/update /read-limited openid,' +
        '2026-01-02T03:04:05.678Z,2046-01-02T03:04:05.600Z,\r\n',
    )
  })

  test('of nobody is a header in CSV, an empty list in JSON and nothing in JSON Lines', () => {
    expect(file('csv', [], { columns: [] })).toBe('\uFEFForcid,orcid_uri,authenticated,authenticated_at\r\n')
    expect(JSON.parse(file('json', []))).toEqual([])
    expect(file('jsonl', [])).toBe('')
  })

  test.each<CsvOptions>([
    { separator: ',', bom: true },
    { separator: ',', bom: false },
    { separator: ';', bom: true },
    { separator: ';', bom: false },
  ])('with %o is read back by an RFC 4180 parser, whatever is in it', (csv) => {
    const people = fc.array(fc.record({ name: awkward, department: fc.option(awkward), localId: awkward }), {
      minLength: 1,
    })
    fc.assert(
      fc.property(people, (found) => {
        const rows = found.map((person) => ({ ...josiah, ...person }))
        const text = file('csv', [rows], { columns: ['name', 'department', 'local_id', 'scopes'], csv })
        expect(text.startsWith('\uFEFF')).toBe(csv.bom)
        const records = parse<Record<string, string>>(text, {
          bom: csv.bom,
          columns: true,
          delimiter: csv.separator,
          record_delimiter: '\r\n',
        })
        const read = records.map(({ name = '', department = '', local_id = '' }) => [name, department, local_id])
        expect(read.map((cells) => cells.map(parseCell))).toEqual(
          found.map(({ name, department, localId }) => [name, department ?? '', localId]),
        )
        for (const cells of read) for (const cell of cells) expect(formulaStarts).not.toContain(cell.charAt(0))
      }),
    )
  })

  test.each([',', ';'] as const)('quotes a cell with a line break of any kind in it, separated by %s', (separator) => {
    for (const name of ['a\rb', 'a\nb', `a${separator}b`, 'a"b']) {
      const text = file('csv', [[{ ...josiah, name }]], { columns: ['name'], csv: { separator, bom: false } })
      expect(text).toContain(`${separator}"${name.replace('"', '""')}"${separator}`)
    }
  })

  test('as JSON and as JSON Lines has the same rows, whatever is in them and however many batches they come in', () => {
    fc.assert(
      fc.property(fc.array(fc.array(awkward)), (batches) => {
        const all = exportColumns.map(({ name }) => name)
        const rows = batches.map((names) => names.map((name) => ({ ...josiah, name, department: name })))
        const filled = rows.filter((batch) => batch.length > 0)
        const list = JSON.parse(file('json', filled, { columns: all }))
        const lines = file('jsonl', rows, { columns: all }).split('\n').slice(0, -1)
        expect(lines.map((line) => JSON.parse(line))).toEqual(list)
        expect(list.map(({ name }: { name: string }) => name)).toEqual(batches.flat())
        expect(list.every(({ scopes }: { scopes: string[] }) => scopes.length === 3)).toBe(true)
      }),
    )
  })

  test('says for each row whether the iD is authenticated now, whatever columns were chosen, and uses the registry’s host', () => {
    const [row] = JSON.parse(file('json', [[{ ...josiah, registry: 'sandbox' }]], { columns: ['department'] }))
    expect(row).toEqual({
      orcid: '0000-0002-1825-0097',
      orcid_uri: 'https://sandbox.orcid.org/0000-0002-1825-0097',
      authenticated: true,
      authenticated_at: '2025-12-31T23:59:59.000Z',
      department: null,
    })
    const authenticated = (change: Partial<ResearcherTexts>) =>
      JSON.parse(file('jsonl', [[{ ...josiah, ...change }]])).authenticated
    expect([authenticated({ state: 'identity_only' }), authenticated({ finding: 'good' })]).toEqual([true, true])
    expect([authenticated({ state: 'withdrawn' }), authenticated({ finding: 'record_locked' })]).toEqual([false, false])
  })

  test('has no column that could hold a token', () => {
    expect(exportColumns.filter(({ name }) => /token|secret|sealed|hash/.test(name))).toEqual([])
  })
})
