import { stringify } from 'csv-stringify/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readAffiliationRow } from '@/lib/imports/affiliation-row'
import { affiliationFields, mapColumns } from '@/lib/imports/columns'
import { isNearlySame } from '@/lib/imports/near-items'
import { readTable, rowsMax } from '@/lib/imports/read'

const bytesOf = (text: string) => new TextEncoder().encode(text)

// Characters of Latin-1, including separators, quotes and line ends.
const latin = fc.string({ unit: fc.constantFrom(...'abÄé ß;,\t"\n|@0123'), maxLength: 20 }).map((text) => text.trim())
const wide = fc
  .string({ unit: 'grapheme', maxLength: 12 })
  .map((text) => text.replace(/\p{Cc}|\p{Cs}|\ufeff/gu, '').trim())

type Encoding = 'utf-8' | 'utf-8-bom' | 'utf-16le' | 'windows-1252'

function encode(text: string, encoding: Encoding): Uint8Array {
  if (encoding === 'windows-1252') return Buffer.from(text, 'latin1')
  if (encoding === 'utf-16le') return Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])
  return bytesOf(encoding === 'utf-8-bom' ? `\ufeff${text}` : text)
}

describe('a table of affiliations', () => {
  const columns = affiliationFields.filter((field) => field !== 'id')
  it.each(['utf-8', 'utf-8-bom', 'utf-16le', 'windows-1252'] as const)(
    'in %s says the same with any separator, line end, quotes and order of columns',
    (encoding) => {
      const text = encoding === 'windows-1252' ? latin : fc.oneof(latin, wide)
      // An apostrophe before a sign is our own mark, and `="1"` a spreadsheet’s.
      const cell = text.filter((each) => !/^['=]/.test(each))
      const row = fc.record(Object.fromEntries(columns.map((name) => [name, cell])))
      const style = fc.record({
        delimiter: fc.constantFrom(',', ';', '\t'),
        record_delimiter: fc.constantFrom('\n', '\r\n', '\r'),
        quoted: fc.boolean(),
      })
      const order = fc.shuffledSubarray([...columns], { minLength: columns.length })
      return fc.assert(
        fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 8 }), style, order, async (rows, options, names) => {
          const full = rows.map((one) => names.map((name) => (name === 'orcid' ? 'x' : (one[name] ?? ''))))
          const csv = stringify([[...names], ...full], { ...options, quoted_match: /["\r\n]/ })
          const chosen = encoding === 'windows-1252' ? encoding : undefined
          const read = await readTable(encode(csv, encoding), chosen)
          expect('table' in read && [...read.table.rows].map(({ cells }) => cells)).toEqual(full)
          expect('table' in read && mapColumns(read.header, 'affiliations')).toEqual(names)
        }),
        { numRuns: 60 },
      )
    },
  )

  it('is read or refused in words, whatever bytes it is made of', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        const read = await readTable(bytes)
        expect('fault' in read || read.table.rows.length + read.table.broken.length > 0).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  it('may have 150,000 rows, and is refused with one more', async () => {
    const rows = (count: number) => bytesOf(`orcid,type\n${'x,y\n'.repeat(count)}`)
    expect(await readTable(rows(rowsMax))).toHaveProperty('table')
    expect(await readTable(rows(rowsMax + 1))).toEqual({ fault: 'too_many_rows', detail: '150001' })
  }, 60_000)

  it('names the line on which a row stands, as an editor counts them', async () => {
    const text = 'orcid,title\nx,"One\nand a half"\n\nx,Two\nx,Three'
    const linesOf = async (given: string) => {
      const read = await readTable(bytesOf(given))
      return 'table' in read && [...read.table.rows].map(({ line }) => line)
    }
    expect(await linesOf(text)).toEqual([2, 5, 6])
    expect(await linesOf(text.replaceAll('\n', '\r'))).toEqual([2, 5, 6])
    expect(await linesOf(`sep=;\r\n${text.replaceAll(',', ';').replaceAll('\n', '\r\n')}`)).toEqual([3, 6, 7])
  })
})

const own = {
  kind: 'employment',
  externalId: 'hr-1',
  title: 'Lecturer',
  department: 'Physics',
  startOn: '2021-03',
  endOn: null,
  url: null,
  putCode: '7',
  localId: '1',
  orcid: null,
  email: null,
} as const
const context = { order: null, isOurs: () => false }

describe('a row with the id of an entry', () => {
  const read = (cells: Record<string, string>) =>
    readAffiliationRow(Object.values(cells), mapColumns(Object.keys(cells), 'affiliations'), context, own)

  it('says what was edited, and nothing of the other cells', () => {
    expect(read({ title: 'Lecturer', department: '', start: '2021-03', put_code: '7' })).toMatchObject({
      row: {
        given: ['department'],
        item: { title: 'Lecturer', department: null, startOn: '2021-03', externalId: 'hr-1' },
      },
    })
  })

  it('cannot lose its title, or change what ORCID knows it by', () => {
    expect(read({ title: '' })).toMatchObject({ faults: [{ field: 'title', code: 'empty' }] })
    expect(read({ type: 'service', external_id: 'x', put_code: '8' })).toMatchObject({
      faults: [
        { field: 'type', code: 'fixed' },
        { field: 'external_id', code: 'fixed' },
        { field: 'put_code', code: 'fixed' },
      ],
    })
  })
})

describe('two entries', () => {
  it.each<[Partial<Record<keyof typeof own, string | null>>, boolean]>([
    [{ title: 'LECTURER' }, true],
    [{ title: 'Lect\u00fcrer' }, true],
    [{ title: 'Lect\u00adurer' }, true],
    [{ title: 'Reader' }, false],
    [{ startOn: '2021-03-15' }, true],
    [{ startOn: null }, true],
    [{ startOn: '2022' }, false],
    [{ department: 'Science / Physics' }, true],
    [{ department: null }, true],
    [{ department: 'History' }, false],
    [{ kind: 'education' }, false],
    [{ externalId: 'HR-001', title: 'Dean' }, true],
  ])('that differ in %o are nearly the same: %s', (other, isNear) => {
    const one = { ...own, externalId: 'a' }
    const { externalId = 'b', ...rest } = other
    expect(isNearlySame({ ...own, ...(other.externalId ? own : one) }, { ...own, ...rest, externalId } as never)).toBe(
      isNear,
    )
  })
})
