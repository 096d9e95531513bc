import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { readXlsx } from 'hucre/xlsx'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { closePool } from '@/lib/db'
import { exportColumns } from '@/lib/exports/column'
import { escapeDnValue } from '@/lib/exports/dn'
import { toLdifLine } from '@/lib/exports/ldif'
import type { FileOptions } from '@/lib/exports/schema'
import { isAuthenticated } from '@/lib/researchers/researcher'
import type { TestDatabase } from '@/tests/support/database'
import {
  directory,
  exportBytes,
  exportFile,
  formulaStarts,
  inOneLine,
  josiah,
  nasty,
  type Person,
  parseCell,
  readLdif,
  unescapeDnValue,
} from '@/tests/support/export-lines'
import { useOwnDatabase } from '@/tests/support/researchers'

const differentNumbers = { minLength: 1, selector: ({ localId }: { localId: string }) => localId }
const people = fc.uniqueArray(
  fc.record({ name: nasty, department: fc.option(nasty), localId: nasty }),
  differentNumbers,
)
const runs = { numRuns: 40 }
const textColumns = ['name', 'department', 'local_id']

let database: TestDatabase

beforeAll(async () => {
  database = await useOwnDatabase()
})

afterAll(async () => {
  await closePool()
  await database.drop()
})

function parseCsv(text: string, { separator = ',', bom = true }: Partial<FileOptions> = {}) {
  return parse<Record<string, string>>(text, { bom, columns: true, delimiter: separator, record_delimiter: '\r\n' })
}

describe('a table', () => {
  test('as CSV begins with a byte order mark and a header, and ends every record with CR LF', async () => {
    expect(await exportFile([josiah], {})).toBe(
      '\uFEFForcid,orcid_uri,name,state,state_code,authenticated,authenticated_at,permission,permission_code,scopes,' +
        'first_connected_at,expires_at,withdrew_at\r\n' +
        '0000-0002-1825-0097,https://orcid.org/0000-0002-1825-0097,"Josiah Carberry","Connected",connected,true,' +
        '2025-12-31T23:59:59Z,"Live",live,"/activities/update /read-limited openid",' +
        '2026-01-02T03:04:05.678Z,2046-01-02T03:04:05.6Z,\r\n',
    )
  })

  test('of nobody is a header in CSV, an empty list in JSON and nothing in JSON Lines', async () => {
    expect(await exportFile([], { columns: [] })).toBe(
      '\uFEFForcid,orcid_uri,authenticated,authenticated_at,permission,permission_code\r\n',
    )
    expect(JSON.parse(await exportFile([], { format: 'json' }))).toEqual([])
    expect(await exportFile([], { format: 'jsonl' })).toBe('')
    const { sheets } = await readXlsx(await exportBytes([], { format: 'xlsx', columns: [] }))
    expect(sheets[0]?.rows.map((row) => row[0])).toEqual(['orcid'])
  })

  test.each<Partial<FileOptions>>([
    { separator: ',', bom: true },
    { separator: ';', bom: false },
  ])('as CSV with %o gives every text back, whatever is in it, and has no cell like a formula', async (csv) => {
    await fc.assert(
      fc.asyncProperty(people, async (found) => {
        const text = await exportFile(found, { ...csv, columns: textColumns })
        expect(text.startsWith('\uFEFF')).toBe(csv.bom)
        const read = parseCsv(text, csv).map((row) => [row.name ?? '', row.department ?? '', row.local_id ?? ''])
        expect(read.map((cells) => cells.map(parseCell))).toEqual(
          found.map(({ name, department, localId }) => [name, department ?? '', localId].map(inOneLine)),
        )
        for (const cells of read) for (const cell of cells) expect(formulaStarts).not.toContain(cell.charAt(0))
      }),
      runs,
    )
  })

  test('has an apostrophe before whatever a spreadsheet would calculate, and before nothing else', async () => {
    const cellsOf = async (texts: string[]) =>
      parseCsv(
        await exportFile(
          texts.map((name) => ({ name })),
          { columns: ['name'] },
        ),
      ).map(({ name }) => name)
    const formulas = formulaStarts
      .filter((start) => !/[\r\n]/.test(start))
      .flatMap((start) => [`${start}1+1`, `'${start}1`])
    expect(await cellsOf(formulas)).toEqual(formulas.map((text) => `'${text}`))
    const others = ["'t Hooft", "''", 'a=b', 'Anne-Marie', ' =1']
    expect(await cellsOf(others)).toEqual(others)
  })

  test.each([',', ';'] as const)(
    'quotes texts with either separator in them, whichever it uses itself: %s',
    async (separator) => {
      for (const name of ['a,b', 'a;b', 'a"b']) {
        const text = await exportFile([{ name }], { columns: ['name'], separator })
        expect(text).toContain(`${separator}"${name.replace('"', '""')}"${separator}`)
      }
    },
  )

  test('tells an absent text from an empty one', async () => {
    const csv = await exportFile([{ name: '', department: null }], { columns: ['name', 'department'] })
    expect(csv).toMatch(/,"",true,.*,\r\n$/)
  })

  test('as JSON and as JSON Lines has the same rows, and gives every text back, whatever is in it', async () => {
    const columns = exportColumns.map(({ name }) => name)
    await fc.assert(
      fc.asyncProperty(people, async (found) => {
        const list = JSON.parse(await exportFile(found, { format: 'json', columns }))
        const lines = (await exportFile(found, { format: 'jsonl', columns })).split('\n').slice(0, -1)
        expect(lines.map((line) => JSON.parse(line)).map(withoutTimes)).toEqual(list.map(withoutTimes))
        expect(
          list.map(({ name, department, local_id }: Record<string, unknown>) => [name, department, local_id]),
        ).toEqual(
          found.map(({ name, department, localId }) =>
            [name, department, localId].map((text) => text && inOneLine(text)),
          ),
        )
      }),
      runs,
    )
  })

  test('as a workbook gives every text and every time back, whatever is in it', async () => {
    const moment = fc.date({ min: new Date('1990-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
    const found = fc.uniqueArray(fc.record({ name: nasty, localId: nasty, expiresAt: moment }), differentNumbers)
    await fc.assert(
      fc.asyncProperty(found, async (rows) => {
        const bytes = await exportBytes(rows, { format: 'xlsx', columns: ['name', 'local_id', 'expires_at', 'scopes'] })
        const [head = [], ...cells] = (await readXlsx(bytes)).sheets[0]?.rows ?? []
        const cell = (row: readonly unknown[], name: string) => row[head.indexOf(name)] ?? ''
        expect(cells.map((row) => [cell(row, 'name'), cell(row, 'local_id'), cell(row, 'expires_at')])).toEqual(
          rows.map(({ name, localId, expiresAt }) => [inOneLine(name), inOneLine(localId), expiresAt]),
        )
        expect(cells.every((row) => cell(row, 'authenticated') === true && cell(row, 'state') === '')).toBe(true)
      }),
      runs,
    )
  })

  test('for people has words in their language beside the codes, and for programs the codes alone', async () => {
    const found: Person[] = [
      { state: 'connected', finding: 'being_checked' },
      { state: 'withdrawn', finding: 'withdrawn_at_orcid', liveScopes: [] },
      { state: 'identity_only', finding: null },
    ]
    const columns = ['state', 'state_code', 'finding', 'finding_code']
    const words = parseCsv(await exportFile(found, { columns })).map((row) => [row.state, row.permission, row.finding])
    expect(words).toEqual([
      ['Connected', 'Being checked', 'ORCID did not accept it'],
      ['Withdrawn', 'Ended', 'Ended, ORCID says'],
      ['Identity only', 'Live', ''],
    ])
    const [first] = JSON.parse(await exportFile(found, { format: 'json', columns }))
    expect(first).toMatchObject({
      state_code: 'connected',
      permission_code: 'being_checked',
      finding_code: 'being_checked',
    })
    expect(first).not.toHaveProperty('state')
  })

  test('has scopes as words and since when each is permitted, whatever ORCID calls them', async () => {
    const liveScopes = ['=cmd()', "a'b"]
    const columns = ['scopes', 'scopes_given_at']
    const [row] = JSON.parse(await exportFile([{ ...josiah, liveScopes }], { format: 'json', columns }))
    expect(row.scopes).toEqual(liveScopes)
    expect(row.scopes_given_at).toEqual(['2026-01-02T03:04:05.678Z', '2026-02-02T03:04:05Z', '2026-01-02T03:04:05.6Z'])
    expect(await exportFile([{ ...josiah, liveScopes }], { columns })).toContain(
      ',"\'=cmd() a\'b","2026-01-02T03:04:05.678Z 2026-02-02T03:04:05Z 2026-01-02T03:04:05.6Z"\r\n',
    )
  })

  test('has every time in ISO 8601, in UTC', async () => {
    const day = fc.date({ min: new Date('1990-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
    await fc.assert(
      fc.asyncProperty(fc.array(day, { minLength: 1 }), async (days) => {
        const found = days.map((createdAt) => ({ createdAt }))
        const times = parseCsv(await exportFile(found, {})).map((row) => row.authenticated_at ?? '')
        expect(times.filter((time) => !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/.test(time))).toEqual([])
        expect(times.map((time) => new Date(time))).toEqual(days)
      }),
      runs,
    )
  })

  test('says for each row whether the iD is authenticated now, whatever columns were chosen, and uses the registry’s host', async () => {
    const [sandbox] = JSON.parse(
      await exportFile([{ ...josiah, registry: 'sandbox' }], { format: 'json', columns: ['department'] }),
    )
    expect(sandbox).toEqual({
      orcid: '0000-0002-1825-0097',
      orcid_uri: 'https://sandbox.orcid.org/0000-0002-1825-0097',
      authenticated: true,
      authenticated_at: '2025-12-31T23:59:59Z',
      permission_code: 'live',
      department: null,
    })
    const findings = ['good', 'insufficient', 'being_checked', 'wrong_record', 'record_locked', null] as const
    const found = [['openid'], []].flatMap((liveScopes) => findings.map((finding) => ({ liveScopes, finding })))
    const list = JSON.parse(await exportFile(found, { format: 'json', columns: [] }))
    expect(list.map(({ authenticated }: { authenticated: boolean }) => authenticated)).toEqual(
      found.map(isAuthenticated),
    )
  })

  test('has no column that could hold a token', () => {
    expect(exportColumns.filter(({ name }) => /token|secret|sealed|hash/.test(name))).toEqual([])
  })
})

const withoutTimes = ({ authenticated_at: _at, ...row }: Record<string, unknown>) => row

describe('a file for a directory', () => {
  const ada: Person = { ...josiah, name: 'Ada', department: 'Mathematics, Pure', localId: 'ada1' }

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
    const { orcid: _orcid, ...other } = ada
    const others: Person[] = [
      { localId: null },
      { localId: '' },
      { state: 'withdrawn', liveScopes: [] },
      { state: 'expired', liveScopes: [], localId: null },
      { finding: 'wrong_record' },
    ]
    const people = others.map((change, n) => ({ ...other, localId: `ada${n + 2}`, ...change }))
    const text = await directory([ada, ...people])
    expect(text.match(/^dn/gm)).toHaveLength(1)
    expect(text.split('-\n').at(-1)).toBe('\n# Left out, iD not authenticated now: 3\n# Left out, no local_id: 2\n')
  })

  test('is ASCII in lines of at most 76 characters from which every value can be read again', async () => {
    const given = fc.uniqueArray(nasty.filter(Boolean), { minLength: 1 })
    await fc.assert(
      fc.asyncProperty(given, async (ids) => {
        const found = ids.map((localId) => ({ localId, department: 'Mathematics, Pure' }))
        const text = await directory(found, 'uid={local_id}+ou={department},dc=example')
        expect(text).toMatch(/^[\n -~]*$/)
        for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(76)
        const [, ...records] = readLdif(text)
        const names = records.map(([dn]) => /^dn: uid=(.*)\+ou=Mathematics\\, Pure,dc=example$/s.exec(dn ?? '')?.[1])
        expect(names.map((name) => unescapeDnValue(name ?? ''))).toEqual(ids.map(inOneLine))
      }),
      runs,
    )
  })

  test('has values in Base64 that would not be read as they are', () => {
    for (const text of [' a', ':a', '<a', 'a ', 'é', 'a\nb']) expect(toLdifLine('x', text)).toMatch(/^x:: /)
    for (const text of ['', 'a', 'a:<b', '#a']) expect(toLdifLine('x', text)).toBe(`x: ${text}`)
  })
})

describe('a name in the directory', () => {
  test('has every value escaped so that it is one value, and the value can be had back', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const escaped = escapeDnValue(text)
        expect(escaped.replace(/\\./g, '')).not.toMatch(/[",+;<=>\\\p{Cc}]/u)
        expect(escaped).not.toMatch(/^[ #]/)
        expect(escaped).not.toMatch(/(?<!\\) $/)
        expect(unescapeDnValue(escaped)).toBe(text)
      }),
    )
  })
})
