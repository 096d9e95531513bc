import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defuseCell, type ExportRow, encoders, exportColumns, parseCell, toExportRow } from '@/lib/exports/export'

const formulaStarts = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']
const awkward = fc.oneof(
  fc.string({ unit: fc.constantFrom("'", ...formulaStarts, '"', ',', ';', 'a', ' ', '\\', 'ü') }),
  fc.string({ unit: 'grapheme' }),
)

const researcher = {
  orcid: '0000-0002-1825-0097',
  registry: 'production' as const,
  name: 'Josiah Carberry',
  state: 'connected' as const,
  finding: null,
  liveScopes: ['/activities/update', '/read-limited', 'openid'],
  connectedAt: new Date('2026-01-02T03:04:05.678Z'),
  expiresAt: new Date('2046-01-02T03:04:05.678Z'),
  withdrawnAt: null,
  createdAt: new Date('2025-12-31T23:59:59Z'),
}

const file = (format: 'csv' | 'json', ...batches: ExportRow[][]) =>
  encoders[format].head +
  batches.map((rows, i) => encoders[format].rows(rows, i === 0)).join('') +
  encoders[format].tail

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
})

describe('an export', () => {
  test('as CSV begins with a byte order mark and a header, and ends every record with CR LF', () => {
    const text = file('csv', [toExportRow(researcher)])
    expect(text).toBe(
      '\uFEFForcid,orcid_uri,name,state,authenticated,authenticated_at,scopes,connected_at,expires_at,withdrawn_at\r\n' +
        '0000-0002-1825-0097,https://orcid.org/0000-0002-1825-0097,Josiah Carberry,connected,true,' +
        '2025-12-31T23:59:59.000Z,/activities/update /read-limited openid,' +
        '2026-01-02T03:04:05.678Z,2046-01-02T03:04:05.678Z,\r\n',
    )
  })

  test('of nobody is a header in CSV and an empty list in JSON', () => {
    expect(file('csv')).toBe(`\uFEFF${exportColumns.join(',')}\r\n`)
    expect(JSON.parse(file('json'))).toEqual([])
  })

  test('is read back by an RFC 4180 parser, whatever the names are', () => {
    fc.assert(
      fc.property(fc.array(awkward.filter(Boolean), { minLength: 1 }), (names) => {
        const rows = names.map((name) => toExportRow({ ...researcher, name }))
        const records = parse<Record<string, string>>(file('csv', rows), {
          bom: true,
          columns: true,
          record_delimiter: '\r\n',
        })
        expect(records.map(({ name }) => parseCell(name ?? ''))).toEqual(names)
      }),
    )
  })

  test('in several batches is one JSON list of the same rows', () => {
    const rows = ['a', 'b', null].map((name) => toExportRow({ ...researcher, name }))
    expect(JSON.parse(file('json', rows.slice(0, 2), rows.slice(2)))).toEqual(rows)
  })

  test('says for each row whether the iD is authenticated now, and shows sandbox iDs under their own host', () => {
    expect(toExportRow({ ...researcher, registry: 'sandbox' }).orcid_uri).toBe(
      'https://sandbox.orcid.org/0000-0002-1825-0097',
    )
    const authenticated = (state: ExportRow['state']) => toExportRow({ ...researcher, state }).authenticated
    expect([authenticated('connected'), authenticated('identity_only')]).toEqual([true, true])
    expect([authenticated('withdrawn'), authenticated('expired')]).toEqual([false, false])
  })

  test('has no column that could hold a token', () => {
    expect(exportColumns.filter((column) => /token|secret|sealed|hash/.test(column))).toEqual([])
    expect(Object.keys(toExportRow(researcher))).toEqual([...exportColumns])
  })
})
