import { stringify } from 'csv-stringify/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readDelimited } from '@/lib/imports/delimited'

const cellsOf = async (text: string) => [...(await readDelimited(text, 1_000)).rows].map(({ cells }) => cells)

describe('separated values', () => {
  it.each([',', ';', '\t', '|'])(
    'come back as they were written with %j, whatever the cells hold',
    async (delimiter) => {
      const cell = fc.string({ unit: fc.constantFrom('a', 'é', ' ', ',', ';', '\t', '|', '"', '\n', '0', '=') })
      const row = fc.array(cell, { minLength: 3, maxLength: 3 }).filter((cells) => cells.some((each) => each.trim()))
      await fc.assert(
        fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 8 }), async (rows) => {
          const table = [
            ['one', 'two', 'three'],
            ...rows.filter((cells) => !cells.some((each) => each.startsWith('='))),
          ]
          for (const end of ['\n', '\r\n', '\r'] as const) {
            const text = stringify(table, { delimiter, record_delimiter: end, quoted_match: /["\n\r]/ })
            expect(await cellsOf(text)).toEqual(table)
          }
        }),
        { numRuns: 50 },
      )
    },
  )

  it('with a stray quote lose the line of that quote alone, and say which', async () => {
    const text = 'name,department\nAda,"Maths\nGrace,Physics\nLinus,History\n'
    const { rows, broken } = await readDelimited(text, 100)
    expect([...rows].map(({ line, cells }) => [line, cells[0]])).toEqual([
      [1, 'name'],
      [3, 'Grace'],
      [4, 'Linus'],
    ])
    expect(broken).toEqual([2])
  })

  it('with two stray quotes far apart lose these two lines alone', async () => {
    const text = 'name,x\nA,1\nB,"2\nC,3\nD,"4\nE,5\n'
    const { rows, broken } = await readDelimited(text, 100)
    expect([[...rows].map(({ cells }) => cells[0]), broken]).toEqual([
      ['name', 'A', 'C', 'E'],
      [3, 5],
    ])
  })

  it('keep a quote in the middle of a cell', async () => {
    expect(await cellsOf('name,size\nDisk 5" wide,1\n')).toEqual([
      ['name', 'size'],
      ['Disk 5" wide', '1'],
    ])
  })

  it('have the number of ="000123" with its zeros', async () => {
    expect(await cellsOf('id,name\n="000123",Ada\n')).toEqual([
      ['id', 'name'],
      ['000123', 'Ada'],
    ])
  })

  it('may begin with the separator’s own line, and have empty lines, which are no rows', async () => {
    const { rows } = await readDelimited('sep=;\r\n\r\nname;x\r\n;\r\nAda;1\r\n', 100)
    expect([...rows]).toEqual([
      { line: 3, cells: ['name', 'x'] },
      { line: 5, cells: ['Ada', '1'] },
    ])
  })

  it('are counted beyond the rows that are kept', async () => {
    const table = await readDelimited(`name,x\n${'Ada,1\n'.repeat(50)}`, 11)
    expect([table.rows.length, table.rowCount]).toEqual([11, 51])
  })
})
