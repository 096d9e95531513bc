import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import http, { type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readXlsx } from 'hucre/xlsx'
import { describe, expect, test } from 'vitest'
import { portalEnv } from '@/scripts/portal'
import { root } from '@/scripts/processes'
import { connect, until } from '@/tests/support/journey'
import { testSecrets } from '@/tests/support/portal'
import { stackPerFile } from '@/tests/support/stack-per-file'
import type { Visitor } from '@/tests/support/visitor'

const grace = '0000-0099-5475-2774'
const fixture = stackPerFile({ STAFF_ADMINS: grace })
const dn = encodeURIComponent('uid={local_id},ou=people,dc=example,dc=org')

async function addPeople(count: number, identifier = 'p'): Promise<void> {
  await fixture.rows(
    `insert into researcher (orcid, registry, state, live_scopes)
     select regexp_replace(lpad((10000000 + n)::text, 16, '0'), '(\\d{4})(?=\\d)', '\\1-', 'g'), 'local', 'connected',
       '{/read-limited,openid}' from generate_series(1, $1::int) n`,
    [count],
  )
  const number = `replace(orcid, '-', '')::int - 10000000`
  await fixture.rows(
    `update person set local_id = $1 || (${number}) where orcid like '0000-0000-1%' and (${number}) % 2 = 0`,
    [identifier],
  )
}

/** A machine with other work reaches a condition late; what never comes fails all the same. */
const patienceMs = 60_000

/** Two parts, and so much that sockets do not hold the first: an export that nobody reads is still at work. */
const much = 6_000
async function addMuch(): Promise<void> {
  await addPeople(much)
  await fixture.rows(
    `update person set department = repeat('a department with a very long name ', 40) where orcid like '0000-0000-1%'`,
  )
}

async function asManager(): Promise<Visitor> {
  return (await connect(fixture.stack, { orcid: grace })).visitor
}

const cookieOf = (visitor: Visitor) =>
  [...(visitor.cookies.get('localhost') ?? [])].map((pair) => pair.join('=')).join('; ')

const exportUrl = (query: string) => `${fixture.stack.portal.url}/staff/researchers/export?${query}`
const pageUrl = (query = '') => `${fixture.stack.portal.url}/staff/exports${query}`

/** Begins a download, of which nothing is read before the test does. */
function begin(visitor: Visitor, query: string): Promise<IncomingMessage> {
  const cookie = cookieOf(visitor)
  return new Promise((resolve, reject) => {
    http
      .get(exportUrl(query), { headers: { cookie } }, (answer) => {
        if (answer.statusCode === 200) resolve(answer)
        else reject(new Error(`The export answered ${answer.statusCode} ${answer.headers.location}`))
      })
      .once('error', reject)
  })
}

const runs = () => fixture.rows('select id, state, rows, ended_at from export_run order by started_at, id')
const untilOver = () =>
  until('nothing runs', async () => (await runs()).every(({ state }) => state !== 'running') && runs(), patienceMs)
const queries = () =>
  fixture.rows(
    `select query from pg_stat_activity where application_name = 'concord' and query like 'copy (%' and state <> 'idle'`,
  )

describe('a file over HTTP', () => {
  test('is to be had in each format, with what it is to be opened with', async () => {
    await addPeople(3)
    const visitor = await asManager()
    const take = (query: string) => visitor.get(exportUrl(query))
    const [csv, json] = await Promise.all([take('format=csv'), take('format=json')])
    const [jsonl, ldif] = await Promise.all([take('format=jsonl&column=local_id'), take(`format=ldif&dn=${dn}`)])
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present')
    expect(csv.headers.get('content-disposition')).toMatch(/^attachment; filename="researchers-\d{4}-\d\d-\d\d\.csv"$/)
    expect(csv.body.split('\r\n')).toHaveLength(6)
    expect(JSON.parse(json.body)).toHaveLength(4)
    expect(jsonl.headers.get('content-type')).toBe('application/jsonl; charset=utf-8')
    const people = jsonl.body
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line))
    expect(people.find((person) => person.local_id === 'p2')).toMatchObject({ authenticated: true })
    expect(ldif.headers.get('content-disposition')).toContain('.ldif"')
    expect(ldif.body).toContain('\ndn: uid=p2,ou=people,dc=example,dc=org\n')
    expect(ldif.body).toContain('# Left out, no local_id: 3\n')
  })

  test('as a workbook is one that a spreadsheet opens, in the language of whoever asks', async () => {
    await addPeople(3)
    const visitor = await asManager()
    visitor.cookies.get('localhost')?.set('concord.locale', 'es')
    const cookie = cookieOf(visitor)
    const answer = await fetch(exportUrl('format=xlsx'), { headers: { cookie } })
    expect(answer.headers.get('content-type')).toBe('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
    expect(answer.headers.get('content-disposition')).toContain('.xlsx"')
    const { sheets } = await readXlsx(Buffer.from(await answer.arrayBuffer()))
    expect(sheets[0]?.rows.map((row) => row[3])).toEqual(['state', ...Array(4).fill('Conectado')])
  })

  test('is not made when only its head is asked for', async () => {
    const visitor = await asManager()
    const cookie = cookieOf(visitor)
    for (const path of ['/staff/researchers/export?format=csv', '/staff/audit/export?format=csv']) {
      const answer = await fetch(fixture.stack.portal.url + path, {
        method: 'HEAD',
        redirect: 'manual',
        headers: { cookie },
      })
      expect(answer.status).toBe(200)
      expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename=".*\.csv"$/)
    }
    expect(await runs()).toEqual([])
    expect(await fixture.rows(`select 1 from audit_event where action like '%.exported'`)).toEqual([])
  })

  test('of nobody is a header, an empty list, nothing, and a version', async () => {
    const visitor = await asManager()
    const of = async (format: string) => (await visitor.get(exportUrl(`q=nobody-of-this-name&${format}`))).body
    expect(await of('format=csv&separator=semicolon&bom=no&column=orcid')).toBe(
      'orcid;orcid_uri;authenticated;authenticated_at;permission;permission_code\r\n',
    )
    expect(JSON.parse(await of('format=json'))).toEqual([])
    expect(await of('format=jsonl')).toBe('')
    expect(await of(`format=ldif&dn=${dn}`)).toBe('version: 1\n')
  })

  test.each([
    'format=xml',
    'format=csv&separator=tab',
    'format=csv&bom=maybe',
    'format=csv&column=token',
    'format=ldif',
    'format=ldif&dn=uid%3Dada',
    'format=csv&state=sleeping',
  ])('is refused in words for %s', async (query) => {
    const visitor = await asManager()
    const answer = await visitor.get(exportUrl(query))
    expect(answer.status).toBe(400)
    expect(answer.body).toMatch(/made no file|do not know this file format/)
    expect(await runs()).toEqual([])
  })
})

describe('an export under way', () => {
  test('is on the page with how far it is, can be cancelled there by a plain form, and leaves no query', async () => {
    await addMuch()
    const visitor = await asManager()
    const answer = await begin(visitor, 'format=csv&column=department&q=0000')
    const shown = await until('it has got somewhere', async () => {
      const { body } = await visitor.get(pageUrl('?watch'))
      return /[1-9][\d,]* of about 6,00\d rows/.test(body) && body
    })
    expect(shown).toContain('<meta http-equiv="refresh" content="3"/>')
    expect(shown).toContain('Narrowed by a search that is not kept')
    const [run] = await runs()
    const cancelled = await visitor.post(`${fixture.stack.portal.url}/staff/exports/cancel`, [['run', run.id]])
    expect(cancelled.location).toContain('/staff/exports?note=stopping')
    const [over] = await untilOver()
    expect(over).toMatchObject({ state: 'cancelled' })
    const broken = new Promise((resolve) =>
      answer
        .resume()
        .once('error', resolve)
        .once('end', () => resolve(null)),
    )
    expect(await broken).toBeInstanceOf(Error)
    expect(over.rows).toBeLessThan(much)
    await until('no query is left', async () => (await queries()).length === 0, patienceMs)
    const events = await fixture.rows(
      `select action, detail->>'exportId' as id, detail->>'complete' as complete from audit_event
       where action in ('list.exported', 'export.cancelled') order by action`,
    )
    expect(events).toEqual([
      { action: 'export.cancelled', id: run.id, complete: null },
      { action: 'list.exported', id: run.id, complete: 'false' },
    ])
    expect((await visitor.get(pageUrl('?watch'))).body).not.toContain('http-equiv="refresh"')
  })

  test('ends when the browser goes away, and leaves no query', { tags: 'release' }, async () => {
    await addMuch()
    const visitor = await asManager()
    const answer = await begin(visitor, 'format=json&column=department')
    await until('it is under way', async () => (await runs()).length === 1, patienceMs)
    answer.destroy()
    const [run] = await untilOver()
    expect(run).toMatchObject({ state: 'cancelled' })
    await until('no query is left', async () => (await queries()).length === 0, patienceMs)
  })

  test('is one of two at most: the third is told so, and pages are served meanwhile', async () => {
    await addMuch()
    const visitor = await asManager()
    const answers = [
      await begin(visitor, 'format=csv&column=department'),
      await begin(visitor, 'format=jsonl&column=department'),
    ]
    const third = await visitor.get(exportUrl('format=csv'))
    expect(third.status).toBe(429)
    expect(third.body).toContain('We run at most two at a time')
    expect(third.body).toContain('href="/staff/exports"')
    expect((await visitor.get(`${fixture.stack.portal.url}/staff/researchers`)).status).toBe(200)
    for (const answer of answers) answer.destroy()
    await untilOver()
    expect((await visitor.get(exportUrl('format=csv&q=nobody'))).status).toBe(200)
  })
})

describe('npm run export', () => {
  type Ended = { code: number | null; out: string; err: string }

  function run(args: string[]): Promise<Ended> {
    const { portal, registry, database } = fixture.stack
    const settings = { databaseUrl: database.portalUrl, port: portal.port, registry, secrets: testSecrets }
    const command = ['--conditions=react-server', '--import', 'tsx', 'scripts/export.ts', ...args]
    const child = spawn(process.execPath, command, {
      cwd: root,
      env: portalEnv(settings) as unknown as NodeJS.ProcessEnv,
    })
    const ended: Ended = { code: null, out: '', err: '' }
    child.stdout.on('data', (part) => {
      ended.out += part
    })
    child.stderr.on('data', (part) => {
      ended.err += part
    })
    return new Promise((resolve) => child.once('close', (code) => resolve({ ...ended, code })))
  }

  test('writes the whole file or none, as the portal itself, and refuses what it does not understand', async () => {
    await addPeople(5)
    const directory = mkdtempSync(join(tmpdir(), 'concord-export-'))
    const file = join(directory, 'people.ldif')
    writeFileSync(file, 'of yesterday')
    try {
      const [done, printed, wrong] = [
        await run(['--format', 'ldif', '--dn', decodeURIComponent(dn), '--state', 'connected', '--out', file]),
        await run(['--format', 'csv', '--no-bom', '--columns', 'local_id', '--q', '0000-0000-1000', '--out', '-']),
        await run(['--format', 'csv', '--state', 'sleeping', '--out', join(directory, 'none.csv')]),
      ]
      expect(done).toEqual({ code: 0, out: '', err: '' })
      expect(readFileSync(file, 'utf8')).toContain('\ndn: uid=p4,ou=people,dc=example,dc=org\n')
      expect(printed.out.split('\r\n').slice(0, 1)).toEqual([
        'orcid,orcid_uri,authenticated,authenticated_at,permission,permission_code,local_id',
      ])
      expect(printed.out.split('\r\n')).toHaveLength(7)
      expect(wrong.code).toBe(2)
      expect(wrong.err).toContain('--state was not understood')
      expect(readdirSync(directory)).toEqual(['people.ldif'])
      const events = await fixture.rows(
        `select actor_kind, (detail->>'rows')::int as rows from audit_event where action = 'list.exported' order by id`,
      )
      expect(events).toEqual([
        { actor_kind: 'system', rows: 5 },
        { actor_kind: 'system', rows: 5 },
      ])
      await fixture.rows(`insert into restore (found_by) values ('command')`)
      const held = await run(['--format', 'csv', '--out', join(directory, 'held.csv')])
      expect(held).toMatchObject({ code: 1, err: expect.stringContaining('held') })
      expect(existsSync(join(directory, 'held.csv'))).toBe(false)
    } finally {
      rmSync(directory, { recursive: true })
    }
  })
})
