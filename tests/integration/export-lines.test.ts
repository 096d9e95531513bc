import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { closePool, Prisma } from '@/lib/db'
import { type ColumnName, chooseColumns, exportColumns } from '@/lib/exports/column'
import { escapeDnValue, parseDnTemplate } from '@/lib/exports/dn'
import { type CsvOptions, makeTable, type TableFormat } from '@/lib/exports/layout'
import { makeLdif, toLdifLine } from '@/lib/exports/ldif'
import { isAuthenticated } from '@/lib/researchers/researcher'
import type { TestDatabase } from '@/tests/support/database'
import { evaluate, isStorable, parseCell, type ResearcherColumns, writeFile } from '@/tests/support/export-lines'
import { useOwnDatabase } from '@/tests/support/researchers'

const formulaStarts = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']
const awkward = fc
  .oneof(
    fc.string({ unit: fc.constantFrom("'", ...formulaStarts, '"', ',', ';', 'a', ' ', '\\', 'ü', '\u0001', '\u2028') }),
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary' }),
  )
  .filter(isStorable)

const josiah: ResearcherColumns = {
  id: '5c3a3a0e-1f63-4b0e-9f27-0d3a9f5f8a11',
  orcid: '0000-0002-1825-0097',
  registry: 'production',
  name: 'Josiah Carberry',
  state: 'connected',
  finding: null,
  live_scopes: ['/activities/update', '/read-limited', 'openid'],
  first_connected_at: '2026-01-02T03:04:05.678Z',
  expires_at: '2046-01-02T03:04:05.6Z',
  withdrew_at: null,
  department: null,
  local_id: null,
  conflict: false,
  created_at: '2025-12-31T23:59:59Z',
}

let database: TestDatabase

beforeAll(async () => {
  database = await useOwnDatabase()
})

afterAll(async () => {
  await closePool()
  await database.drop()
})

type Choice = { columns?: ColumnName[] | null; csv?: CsvOptions }

const file = (
  format: TableFormat,
  batches: Partial<ResearcherColumns>[][],
  { columns = null, csv }: Choice = {},
): Promise<string> => writeFile(makeTable(format, chooseColumns(columns), csv), ...batches)

async function cellsOf(texts: string[], csv: CsvOptions): Promise<string[]> {
  const rows = texts.map((name) => ({ ...josiah, name }))
  const read = parse<Record<string, string>>(await file('csv', [rows], { columns: ['name'], csv }), {
    bom: csv.bom,
    columns: true,
    delimiter: csv.separator,
    record_delimiter: '\r\n',
  })
  return read.map(({ name = '' }) => name)
}

describe('a table', () => {
  test('as CSV begins with a byte order mark and a header, and ends every record with CR LF', async () => {
    expect(await file('csv', [[josiah]])).toBe(
      '\uFEFForcid,orcid_uri,name,state,authenticated,authenticated_at,permission,scopes,first_connected_at,expires_at,withdrew_at\r\n' +
        '0000-0002-1825-0097,https://orcid.org/0000-0002-1825-0097,Josiah Carberry,connected,true,' +
        '2025-12-31T23:59:59.000Z,live,/activities/update /read-limited openid,' +
        '2026-01-02T03:04:05.678Z,2046-01-02T03:04:05.600Z,\r\n',
    )
  })

  test('of nobody is a header in CSV, an empty list in JSON and nothing in JSON Lines', async () => {
    expect(await file('csv', [], { columns: [] })).toBe(
      '\uFEFForcid,orcid_uri,authenticated,authenticated_at,permission\r\n',
    )
    expect(JSON.parse(await file('json', [[]]))).toEqual([])
    expect(await file('jsonl', [[]])).toBe('')
  })

  test.each<CsvOptions>([
    { separator: ',', bom: true },
    { separator: ';', bom: false },
  ])('with %o is read back by an RFC 4180 parser, whatever is in it, and has no cell like a formula', async (csv) => {
    const people = fc.array(fc.record({ name: awkward, department: fc.option(awkward), local_id: awkward }), {
      minLength: 1,
    })
    await fc.assert(
      fc.asyncProperty(people, async (found) => {
        const rows = found.map((person) => ({ ...josiah, ...person }))
        const text = await file('csv', [rows], { columns: ['name', 'department', 'local_id', 'scopes'], csv })
        expect(text.startsWith('\uFEFF')).toBe(csv.bom)
        const records = parse<Record<string, string>>(text, {
          bom: csv.bom,
          columns: true,
          delimiter: csv.separator,
          record_delimiter: '\r\n',
        })
        const read = records.map(({ name = '', department = '', local_id = '' }) => [name, department, local_id])
        expect(read.map((cells) => cells.map(parseCell))).toEqual(
          found.map(({ name, department, local_id }) => [name, department ?? '', local_id]),
        )
        for (const cells of read) for (const cell of cells) expect(formulaStarts).not.toContain(cell.charAt(0))
      }),
    )
  })

  test('has an apostrophe before whatever a spreadsheet would calculate, and before nothing else', async () => {
    const csv: CsvOptions = { separator: ',', bom: false }
    const formulas = formulaStarts.flatMap((start) => [`${start}1+1`, `'${start}1`])
    expect(await cellsOf(formulas, csv)).toEqual(formulas.map((text) => `'${text}`))
    const others = ["'t Hooft", "''", 'a=b', 'Anne-Marie', ' =1']
    expect(await cellsOf(others, csv)).toEqual(others)
  })

  test.each([',', ';'] as const)(
    'quotes a cell with a line break of any kind in it, separated by %s, and no other',
    async (separator) => {
      for (const name of ['a\rb', 'a\nb', `a${separator}b`, 'a"b']) {
        const text = await file('csv', [[{ ...josiah, name }]], { columns: ['name'], csv: { separator, bom: false } })
        expect(text).toContain(`${separator}"${name.replace('"', '""')}"${separator}`)
      }
      const name = `O’Neil-Smith ${separator === ',' ? ';' : ','} x`
      const text = await file('csv', [[{ ...josiah, name }]], { columns: ['name'], csv: { separator, bom: false } })
      expect(text).not.toContain('"')
    },
  )

  test('as JSON and as JSON Lines has the same rows, whatever is in them and however many batches they come in', async () => {
    const all = exportColumns.map(({ name }) => name)
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(awkward)), async (batches) => {
        const rows = batches.map((names) => names.map((name) => ({ ...josiah, name, department: name })))
        const list = JSON.parse(await file('json', rows, { columns: all }))
        const lines = (await file('jsonl', rows, { columns: all })).split('\n').slice(0, -1)
        expect(lines.map((line) => JSON.parse(line))).toEqual(list)
        expect(list.map(({ name }: { name: string }) => name)).toEqual(batches.flat())
        expect(list.every(({ scopes }: { scopes: string[] }) => scopes.length === 3)).toBe(true)
      }),
    )
  })

  test('has scopes as words, whatever ORCID calls them', async () => {
    const live_scopes = ['=cmd()', 'a"b\\c']
    expect(JSON.parse(await file('jsonl', [[{ ...josiah, live_scopes }]])).scopes).toEqual(live_scopes)
    expect(await file('csv', [[{ ...josiah, live_scopes }]])).toContain(',"\'=cmd() a""b\\c",')
  })

  test('has every time in ISO 8601 with milliseconds, in UTC', async () => {
    const day = fc.date({ min: new Date('1990-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
    await fc.assert(
      fc.asyncProperty(fc.array(day, { minLength: 1 }), async (days) => {
        const rows = days.map((at) => ({ ...josiah, created_at: at.toISOString() }))
        const list: { authenticated_at: string }[] = JSON.parse(await file('json', [rows]))
        const times = list.map((row) => row.authenticated_at)
        expect(times.filter((time) => !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?\+00:00$/.test(time))).toEqual([])
        expect(times.map((time) => new Date(time))).toEqual(days)
        expect((await file('csv', [rows])).split('\r\n').map((line) => line.split(',')[5])).toEqual([
          'authenticated_at',
          ...days.map((at) => at.toISOString()),
          undefined,
        ])
      }),
    )
  })

  test('says for each row whether the iD is authenticated now, whatever columns were chosen, and uses the registry’s host', async () => {
    const sandbox = { ...josiah, registry: 'sandbox' as const }
    expect(JSON.parse(await file('json', [[sandbox]], { columns: ['department'] }))).toEqual([
      {
        orcid: '0000-0002-1825-0097',
        orcid_uri: 'https://sandbox.orcid.org/0000-0002-1825-0097',
        authenticated: true,
        authenticated_at: '2025-12-31T23:59:59+00:00',
        permission: 'live',
        department: null,
      },
    ])
    const states = ['connected', 'identity_only', 'withdrawn', 'expired'] as const
    const found = [
      'good',
      'insufficient',
      'being_checked',
      'wrong_record',
      'record_locked',
      'withdrawn_at_orcid',
      null,
    ] as const
    const rows = states.flatMap((state) => found.map((finding) => ({ ...josiah, state, finding })))
    const list: { authenticated: boolean }[] = JSON.parse(await file('json', [rows], { columns: [] }))
    expect(list.map(({ authenticated }) => authenticated)).toEqual(
      rows.map(({ live_scopes, finding }) => isAuthenticated({ liveScopes: live_scopes, finding })),
    )
  })

  test('has no column that could hold a token', () => {
    expect(exportColumns.filter(({ name, sql }) => /token|secret|sealed|hash/.test(name + sql))).toEqual([])
  })
})

const nasty = fc
  .oneof(
    fc.string({ unit: fc.constantFrom(' ', '#', ',', '+', '"', '\\', '<', '>', ';', '=', '\n', '\r', ':', 'a', 'é') }),
    fc.string({ unit: 'grapheme', maxLength: 200 }),
    fc.string({ unit: 'binary' }),
  )
  .filter(isStorable)
const lists = fc.array(nasty.filter(Boolean), { minLength: 1 })

function directory(people: Partial<ResearcherColumns>[], dn = 'uid={local_id},ou=people,dc=example,dc=org') {
  const template = parseDnTemplate(dn)
  if (!template) throw new Error(`No template: ${dn}`)
  return writeFile(makeLdif(template), people)
}

/** As RFC 2849 has it read: unfold, drop comments, take records apart, decode. */
function readLdif(ldif: string): string[][] {
  const records = ldif.replaceAll('\n ', '').split('\n\n')
  return records.map((record) =>
    record
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => line.replace(/^([^:]+):: (.*)$/, (_, name, text) => `${name}: ${Buffer.from(text, 'base64')}`)),
  )
}

describe('a file for a directory', () => {
  const ada = { ...josiah, name: 'Ada', department: 'Mathematics, Pure', local_id: 'ada1' }

  test('replaces the iD of each person by the whole URI', async () => {
    expect(await directory([ada])).toBe(
      'version: 1\n\ndn: uid=ada1,ou=people,dc=example,dc=org\nchangetype: modify\nreplace: eduPersonOrcid\n' +
        'eduPersonOrcid: https://orcid.org/0000-0002-1825-0097\n-\n',
    )
  })

  test('of nobody is its version alone', async () => {
    expect(await directory([])).toBe('version: 1\n')
  })

  test('leaves out whoever has no authenticated iD or no place in the directory, and counts them', async () => {
    const others = [
      { local_id: null },
      { local_id: '' },
      { state: 'withdrawn' },
      { state: 'expired', local_id: null },
      { finding: 'wrong_record' },
    ]
    const text = await directory([ada, ...others.map((change) => ({ ...ada, ...change }))])
    expect(text.match(/^dn/gm)).toHaveLength(1)
    expect(text.split('-\n').at(-1)).toBe('\n# Left out, iD not authenticated now: 3\n# Left out, no local_id: 2\n')
  })

  test('is ASCII in lines of at most 76 characters from which every value can be read again', async () => {
    await fc.assert(
      fc.asyncProperty(lists, async (ids) => {
        const people = ids.map((local_id) => ({ ...ada, local_id }))
        const text = await directory(people, 'uid={local_id}+ou={department},dc=example')
        expect(text).toMatch(/^[\n -~]*$/)
        for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(76)
        const escaped = await evaluate(escapeDnValue('value'), ids)
        const [, ...records] = readLdif(text)
        expect(records.map(([dn]) => dn)).toEqual(
          escaped.map((value) => `dn: uid=${value}+ou=Mathematics\\, Pure,dc=example`),
        )
      }),
    )
  })

  test('has values in Base64 that would not be read as they are', async () => {
    const line = toLdifLine('x', Prisma.raw('given.value'))
    for (const text of await evaluate(line, [' a', ':a', '<a', 'a ', 'é', 'a\nb'])) expect(text).toMatch(/^x:: /)
    const plain = ['', 'a', 'a:<b', '#a']
    expect(await evaluate(line, plain)).toEqual(plain.map((text) => `x: ${text}`))
  })
})

describe('a name in the directory', () => {
  test('has every value escaped so that it is one value, and the value can be had back', async () => {
    await fc.assert(
      fc.asyncProperty(lists, async (texts) => {
        for (const [place, escaped] of (await evaluate(escapeDnValue('value'), texts)).entries()) {
          expect(escaped.replace(/\\./g, '')).not.toMatch(/[",+;<=>\\\p{Cc}]/u)
          expect(escaped).not.toMatch(/^[ #]/)
          expect(escaped).not.toMatch(/(?<!\\) $/)
          const bytes = escaped.replace(/\\([0-9a-f]{2})|\\(.)/g, (_, hex, one) => one ?? `%${hex}`)
          const back = bytes.replace(/(?:%[0-9a-f]{2})+/g, (run) =>
            Buffer.from(run.replaceAll('%', ''), 'hex').toString(),
          )
          if (!texts[place]?.includes('%')) expect(back).toBe(texts[place])
        }
      }),
    )
  })
})
