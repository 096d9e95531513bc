import { writeXlsx } from 'hucre/xlsx'
import { describe, expect, it } from 'vitest'
import { readTable } from '@/lib/imports/read'

const utf8 = (text: string) => new Uint8Array(Buffer.from(text))
const faultOf = async (bytes: Uint8Array) => {
  const read = await readTable(bytes)
  return 'fault' in read ? read.fault : null
}
const workbook = (sheets: unknown[]) => writeXlsx({ sheets } as never)

describe('a file', () => {
  it.each<[string, Uint8Array, string | null]>([
    ['of no bytes', new Uint8Array(), 'empty'],
    ['of empty lines', utf8('\n\n;;\n'), 'empty'],
    ['of a header alone', utf8('name;x\n'), 'only_header'],
    ['of an old workbook', new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0xa1]), 'old_workbook'],
    ['of an archive', utf8('PK\u0003\u0004 readme.txt'), 'archive'],
    ['of a workbook that is cut off', utf8('PK\u0003\u0004 xl/workbook.xml'), 'unreadable_workbook'],
    ['with NULs', utf8('name,x\nAda,\0\0\n'), 'not_text'],
    ['with a million columns', utf8(`${'a,'.repeat(1_000_000)}\n1\n`), 'broken_header'],
    ['with a header whose quote does not end', utf8('name,"x\nAda,1\n'), 'broken_header'],
    ['with two columns of one name', utf8('name,Name\nAda,1\n'), 'duplicate_column'],
    ['with a header and a row', utf8('name,x\nAda,1\n'), null],
  ])('%s is refused as what it is', async (_what, bytes, fault) => {
    expect(await faultOf(bytes)).toBe(fault)
  })

  it('that is a workbook has its cells as text, numbers with leading zeros, and days', async () => {
    const bytes = await workbook([
      {
        name: 'People',
        rows: [
          ['id', 'name', 'start'],
          ['000123', 'Ada', new Date('2021-03-01')],
          [42, 'Linus', true],
        ],
      },
    ])
    const read = await readTable(bytes)
    expect(read).toMatchObject({ header: ['id', 'name', 'start'], text: null })
    expect('table' in read && [...read.table.rows]).toEqual([
      { line: 2, cells: ['000123', 'Ada', '2021-03-01'] },
      { line: 3, cells: ['42', 'Linus', 'true'] },
    ])
  })

  it('that is a workbook says which rows are merged, hidden or of a second table, and which sheets were not read', async () => {
    const bytes = await workbook([
      {
        name: 'People',
        rows: [['id', 'name'], ['1', 'Ada'], ['2', 'Linus'], ['3', 'Grace'], [null], [null], ['total', '3']],
        merges: [{ startRow: 1, startCol: 0, endRow: 1, endCol: 1 }],
        rowDefs: new Map([[2, { hidden: true }]]),
      },
      { name: 'Notes', rows: [['x']] },
    ])
    const read = await readTable(bytes)
    if (!('table' in read)) throw new Error(read.fault)
    expect([...read.table.rows].map(({ line, fault }) => [line, fault])).toEqual([
      [2, 'merged_cells'],
      [3, 'hidden_row'],
      [4, undefined],
      [7, 'second_table'],
    ])
    expect(read.table.otherSheets).toEqual(['Notes'])
  })
})
