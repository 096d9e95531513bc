import { stringify } from 'csv-stringify/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { entryFields } from '@/lib/affiliations/entry'
import { isLocalIdColumn, makeTemplate, readFile } from '@/lib/affiliations/file'

const bytesOf = (text: string) => new TextEncoder().encode(text)
const read = (text: string) => readFile(bytesOf(text))
const orcid = '0000-0002-1825-0097'

const columns = ['orcid', 'type', 'title', 'department', 'start', 'end', 'external_id', 'url'] as const
// Characters of Latin-1, including separators, quotes and line ends.
const latin = fc
  .string({ unit: fc.constantFrom(...'abÄé ß;,\t"\n\'|=@-0123'), maxLength: 20 })
  .map((text) => text.trim())
const wide = fc
  .string({ unit: 'grapheme', maxLength: 12 })
  .map((text) => text.replace(/\p{Cc}|\p{Cs}|\ufeff/gu, '').trim())

type Encoding = 'utf8' | 'utf8-bom' | 'utf16' | 'latin1'

function encode(text: string, encoding: Encoding): Uint8Array {
  if (encoding === 'latin1') return Buffer.from(text, 'latin1')
  if (encoding === 'utf16') return Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])
  return bytesOf(encoding === 'utf8-bom' ? `\ufeff${text}` : text)
}

describe('a table', () => {
  test.each(['utf8', 'utf8-bom', 'utf16', 'latin1'] as const)(
    'in %s says the same with any separator, line end, quotes and order of columns',
    (encoding) => {
      const cell = encoding === 'latin1' ? latin : fc.oneof(latin, wide)
      const row = fc.record(Object.fromEntries(columns.map((name) => [name, cell])))
      const style = fc.record({
        delimiter: fc.constantFrom(',', ';', '\t'),
        record_delimiter: fc.constantFrom('\n', '\r\n', '\r'),
        quoted: fc.boolean(),
      })
      const order = fc.shuffledSubarray([...columns], { minLength: columns.length })
      return fc.assert(
        fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 8 }), style, order, async (rows, options, names) => {
          // The iD keeps rows from being empty, because the reader skips empty rows.
          const full = rows.map((one): Record<string, string> => ({ ...one, orcid }))
          const text = stringify([names, ...full.map((one) => names.map((name) => one[name] ?? ''))], {
            ...options,
            // The writer quotes its own separators only; a cell may contain any line end.
            quoted_match: /[\r\n]/,
          })
          const found = await readFile(encode(text, encoding))
          expect(found.faults).toEqual([])
          expect(found.rows.map(({ fields }) => fields)).toEqual(full)
        }),
        { numRuns: 150 },
      )
    },
  )

  test('whatever bytes it is made of is read or refused in words, and never breaks', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        const { rows, faults } = await readFile(bytes)
        expect(rows.length > 0 || faults.length > 0).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  test('names the line on which a row stands, as an editor counts them', async () => {
    const text = `orcid,type,title\n${orcid},employment,"One\nand a half"\n\n${orcid},employment,Two\n${orcid},employment,Three`
    expect((await read(text)).rows.map(({ line, fields }) => [line, fields.title])).toEqual([
      [2, 'One\nand a half'],
      [5, 'Two'],
      [6, 'Three'],
    ])
    expect((await read(text.replaceAll('\n', '\r'))).rows.map(({ line }) => line)).toEqual([2, 5, 6])
    const separated = await read(`sep=;\r\n${text.replaceAll(',', ';').replaceAll('\n', '\r\n')}`)
    expect(separated.rows.map(({ line }) => line)).toEqual([3, 6, 7])
  })

  test.each([
    ['nothing', '', 'empty'],
    ['a header alone', 'orcid,type,title\n', 'empty'],
    ['another thing', 'date,amount\n2021-01-01,12', 'missing_column'],
    ['a column twice', `orcid,type,title,Title\n${orcid},employment,A,B`, 'duplicate_column'],
    ['a column twice under two names', `orcid,type,title,role\n${orcid},employment,A,B`, 'duplicate_column'],
    ['a quote that is not closed', `orcid,type,title\n${orcid},employment,"A`, 'broken_quotes'],
    ['bytes that are no text', `orcid,type,title\n\0`, 'not_text'],
    ['a row of 450,000 cells', `orcid,type,title\n${'x,'.repeat(450_000)}`, 'row_too_long'],
    ['201 columns', `orcid,type,title${',x'.repeat(198)}\n${orcid},employment,A`, 'row_too_long'],
    ['one cell of 900,000 characters', `orcid,type,title\n"${'x'.repeat(900_000)}"`, 'row_too_long'],
    ['empty lines', '\n'.repeat(1_000), 'empty'],
    ['a million empty lines', '\n'.repeat(1_000_000), 'too_many_rows'],
    ['5,001 rows', `orcid,type,title\n${`${orcid},employment,A\n`.repeat(5_001)}`, 'too_many_rows'],
    ['a spreadsheet', 'PK\u0003\u0004', 'spreadsheet'],
  ])('that is %s is refused as a whole', async (_what, text, code) => {
    const { rows, faults } = await read(text)
    expect([rows.length, faults[0]?.code]).toEqual([0, code])
  })

  test('is read whole where a piece of it ends within a character, a quoted cell or an escaped quote', async () => {
    const title = 'Ä 🙂 "x",\n'.repeat(60)
    const line = `${orcid},employment,"${title.replaceAll('"', '""')}"\n`
    const { rows, faults } = await read(`orcid,type,title\n${line.repeat(800)}`)
    expect([faults, rows.length]).toEqual([[], 800])
    expect(new Set(rows.map(({ fields }) => fields.title))).toEqual(new Set([title]))
  })

  test('tells the columns that it ignores, and the rows that have more cells than there are columns', async () => {
    const {
      ignored,
      wide: tooWide,
      rows,
    } = await read(`ORCID iD;Type;Title;Shoe size\n${orcid};employment;A;44;what\n${orcid};employment;B;44`)
    expect([ignored, tooWide, rows.length]).toEqual([['Shoe size'], [2], 2])
  })
})

test('takes no staff number for the identifier of an item, which is public on the ORCID record', async () => {
  const { rows, faults, ignored } = await read(
    `orcid,name,local_id,Local identifier,type,title\n${orcid},Ada,hr-1,hr-1,employment,A`,
  )
  expect(faults).toEqual([])
  expect(rows.map(({ fields }) => fields)).toEqual([{ orcid, type: 'employment', title: 'A' }])
  expect(ignored.filter(isLocalIdColumn)).toEqual(['local_id', 'Local identifier'])
})

test('the template is a table that this reads, with every column but the number at ORCID', async () => {
  const { faults, ignored } = await read(`${makeTemplate()}${orcid},employment,A,,,,,\r\n`)
  expect([faults, ignored]).toEqual([[], []])
  expect(makeTemplate()).toContain(entryFields.filter((field) => field !== 'put_code' && field !== 'person').join(','))
})
