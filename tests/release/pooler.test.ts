import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeDatabaseFault, isDatabaseUnavailable } from '@/lib/database/fault'
import { portalEnv } from '@/scripts/portal'
import { freePort } from '@/scripts/ports'
import { commandArgs } from '@/tests/support/command'
import { createTestDatabase, type TestDatabase } from '@/tests/support/database'
import { connect, until } from '@/tests/support/journey'
import { findPgBouncer, type PgBouncer, startPgBouncer } from '@/tests/support/pgbouncer'
import { startPortal, type TestPortal, testSecrets } from '@/tests/support/portal'
import { startTestRegistry, type TestRegistry } from '@/tests/support/registry'

const people = ['0000-0099-9458-0735', '0000-0002-1825-0097', '0000-0099-4262-1291', '0000-0099-9722-0030']
const admin = '0000-0099-5475-2774'

const program = findPgBouncer()
if (!program) console.info('PgBouncer is not installed (PGBOUNCER_PATH may name it): nothing is tried through a pooler')

let database: TestDatabase
let registry: TestRegistry
let client: pg.Client

const modes = ['session', 'transaction', 'statement'] as const
const poolers = {} as Record<(typeof modes)[number], PgBouncer>

beforeAll(async () => {
  if (!program) return
  database = await createTestDatabase()
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
  registry = await startTestRegistry()
  for (const mode of modes) poolers[mode] = await startPgBouncer([database.portalUrl, database.url], { mode })
})

afterAll(async () => {
  if (!program) return
  for (const pooler of Object.values(poolers)) await pooler.stop()
  await client.end()
  await registry.close()
  await database.drop()
})

const viaTransaction = () => poolers.transaction.through(database.portalUrl)

/** Runs one of our commands as it is in package.json, and gives what it printed. */
async function run(
  command: 'scripts/doctor' | 'scripts/export' | 'scripts/migrate',
  env: Record<string, string>,
  args: string[] = [],
) {
  const settings = { databaseUrl: database.portalUrl, port: await freePort(), registry, secrets: testSecrets, env }
  const child = spawn(process.execPath, [...commandArgs(command), ...args], {
    env: portalEnv(settings) as NodeJS.ProcessEnv,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const code = await new Promise((resolve) => child.once('close', resolve))
  const row = (what: string) =>
    output
      .split('\n')
      .find((line) => line.slice(9).startsWith(`${what} `))
      ?.trim() ?? ''
  return { code, output, row }
}

/** Everything that a day brings: people connect, staff read and export, jobs are done. */
async function workThrough(portal: TestPortal): Promise<void> {
  const staff = (await connect({ portal, registry }, { orcid: admin })).visitor
  // Many at once, so that PgBouncer lends each connection to several of them.
  const rounds = await Promise.all(
    people.flatMap((orcid) => [0, 1, 2, 3, 4, 5].map(() => connect({ portal, registry }, { orcid }))),
  )
  for (const { answer } of rounds) expect(answer.location).toMatch(/\/connect\/(connected|updated|already-connected)$/)
  for (const query of ['', '?q=a', '?state=connected']) {
    expect((await staff.get(`${portal.url}/staff/researchers${query}`)).status).toBe(200)
  }
  for (const format of ['csv', 'xlsx', 'json', 'jsonl']) {
    const file = await staff.get(`${portal.url}/staff/researchers/export?format=${format}`)
    expect(file.status).toBe(200)
    if (format !== 'xlsx') for (const orcid of people) expect(file.body).toContain(orcid)
  }
  const [first] = rounds
  await first?.visitor.post(`${portal.url}/me/withdrawal`)
  const live = async () => (await registry.state()).tokens.filter(({ live, orcid }) => live && orcid === people[0])
  await until('a job has revoked what was withdrawn', async () => (await live()).length === 0, 60_000)
  expect((await staff.get(`${portal.url}/api/health/ready`)).status).toBe(200)
}

const countOf = async (condition: string) => {
  const sql = `select count(*)::int as count from pg_stat_activity
    where datname = current_database() and application_name = 'concord' and ${condition}`
  return (await client.query(sql)).rows[0].count
}

describe.skipIf(!program)('through PgBouncer in transaction mode', () => {
  test('a portal with its worker inline connects people, lists, exports and does jobs, without a direct connection', async () => {
    const portal = await startPortal({ databaseUrl: viaTransaction(), registry, env: { STAFF_ADMINS: admin } })
    await workThrough(portal)
    expect(portal.logs.filter((line) => /"level":(50|60)|prepared statement|unsupported startup/.test(line))).toEqual(
      [],
    )
    await portal.stop()
  })

  test('WORKER_DATABASE_URL gives the queue connections past the pooler, and it listens on one of them', async () => {
    const env = { STAFF_ADMINS: admin, WORKER_DATABASE_URL: database.portalUrl }
    const portal = await startPortal({ databaseUrl: viaTransaction(), registry, env })
    await workThrough(portal)
    await poolers.transaction.restart(async () => {
      expect(await countOf(`query ilike 'listen%'`)).toBe(1)
    })
    await portal.stop()
  })

  test('npm run export makes its file', async () => {
    const { code, output } = await run('scripts/export', { DATABASE_URL: viaTransaction() }, [
      '--format',
      'csv',
      '--out',
      '-',
    ])
    expect(code).toBe(0)
    for (const orcid of people) expect(output).toContain(orcid)
  })

  test('a PgBouncer that is gone for a while is an outage that passes, with one line for each change', async () => {
    const portal = await startPortal({ databaseUrl: viaTransaction(), registry, env: { STAFF_ADMINS: admin } })
    const ready = async () => (await fetch(`${portal.url}/api/health/ready`)).status
    await poolers.transaction.restart(async () => {
      for (let times = 0; times < 8; times++) {
        expect(await ready()).toBe(503)
        await sleep(1_000)
      }
    })
    await until('the portal is ready again', async () => (await ready()) === 200, 20_000)
    const { visitor } = await connect({ portal, registry }, { orcid: admin })
    expect((await visitor.get(`${portal.url}/me`)).status).toBe(200)
    const told = portal.logs.flatMap((line) => /database (?:un)?available|not ready|ready again/.exec(line)?.[0] ?? [])
    expect(['database available', 'ready again']).toContain(told.at(-1))
    // At first connections are cut, then nobody is there.
    expect(told.length, portal.logs.join('\n')).toBeLessThanOrEqual(4)
    await portal.stop()
  })

  test('migrating refuses, and leaves no lock with a connection that others get', async () => {
    const env = { DATABASE_URL: poolers.transaction.through(database.url) }
    const { code, output } = await run('scripts/migrate', env)
    expect([code, output]).toEqual([1, expect.stringContaining('set MIGRATE_DATABASE_URL to PostgreSQL itself')])
    expect((await client.query(`select 1 from pg_locks where locktype = 'advisory'`)).rowCount).toBe(0)
  })

  test('migrating works through a pooler in session mode', async () => {
    const { code, output } = await run('scripts/migrate', { DATABASE_URL: poolers.session.through(database.url) })
    expect([code, output]).toEqual([0, expect.stringContaining('up to date')])
  })
})

describe.skipIf(!program)('the doctor tells', () => {
  test.each([
    ['direct', 'good', 'directly to PostgreSQL'],
    ['session', 'good', 'through a pooler in session mode'],
    ['transaction', 'good', 'through a pooler in transaction mode'],
    ['statement', 'wrong', 'in statement mode, which takes no transactions'],
  ] as const)('a connection of the kind %s: %s', async (kind, state, words) => {
    const url = kind === 'direct' ? database.portalUrl : poolers[kind].through(database.portalUrl)
    const { row, output } = await run('scripts/doctor', { DATABASE_URL: url })
    expect(row('connection'), output).toMatch(new RegExp(`^${state} .*${words}`))
    const keepsSessions = kind === 'direct' || kind === 'session'
    expect(row("worker's connection"), output).toMatch(keepsSessions ? /^good/ : /^doubt .* set WORKER_DATABASE_URL/)
  })

  test('whether WORKER_DATABASE_URL keeps sessions, and leads to the same database', async () => {
    const workerOf = async (url: string) =>
      (await run('scripts/doctor', { DATABASE_URL: viaTransaction(), WORKER_DATABASE_URL: url })).row(
        "worker's connection",
      )
    expect(await workerOf(database.portalUrl)).toMatch(/^good .* directly to PostgreSQL/)
    expect(await workerOf(poolers.session.through(database.portalUrl))).toMatch(/^good .* session mode/)
    expect(await workerOf(viaTransaction())).toMatch(/^wrong .* has to lead to PostgreSQL itself/)
    const other = await createTestDatabase()
    expect(await workerOf(other.portalUrl)).toMatch(/^wrong .* another database/)
    await other.drop()
  })

  test('the mode also while others keep the pooler busy', async () => {
    const holders = Array.from({ length: 3 }, () => new pg.Client({ connectionString: viaTransaction() }))
    for (const holder of holders) {
      await holder.connect()
      await holder.query('begin')
    }
    const { row } = await run('scripts/doctor', { DATABASE_URL: viaTransaction() })
    expect(row('connection')).toMatch(/^good .* transaction mode/)
    for (const holder of holders) await holder.end()
  })
})

describe.skipIf(!program)('what PgBouncer itself answers is', () => {
  const failureOf = async (url: string, config: pg.ClientConfig = {}, sql = 'select 1') => {
    const opened = new pg.Client({ connectionString: url, ...config })
    opened.on('error', () => undefined)
    try {
      await opened.connect()
      await opened.query(sql)
      throw new Error('It answered')
    } catch (error) {
      return { isAway: isDatabaseUnavailable(error), sentence: describeDatabaseFault(error).sentence }
    } finally {
      await opened.end().catch(() => undefined)
    }
  }
  const otherwise = (changes: Partial<URL>) => Object.assign(new URL(viaTransaction()), changes).href

  test('configuration, where waiting would not help', async () => {
    expect(await failureOf(viaTransaction(), { statement_timeout: 1_000 })).toMatchObject({
      isAway: false,
      sentence: expect.stringContaining('a pooler passes no such parameter on'),
    })
    expect(await failureOf(otherwise({ password: 'wrong' }))).toMatchObject({
      isAway: false,
      sentence: expect.stringContaining('correct user and password'),
    })
    expect(await failureOf(otherwise({ pathname: '/nowhere' }))).toMatchObject({
      isAway: false,
      sentence: expect.stringContaining('correct the URL'),
    })
    expect(await failureOf(poolers.statement.through(database.portalUrl), {}, 'begin')).toMatchObject({
      isAway: false,
      sentence: expect.stringContaining('pool_mode'),
    })
  })

  test('an outage, where it would', async () => {
    const port = await freePort()
    const nowhere = Object.assign(new URL(database.portalUrl), { port: String(port) }).href
    const pooler = await startPgBouncer([nowhere], {
      mode: 'transaction',
      settings: { query_wait_timeout: 1, max_client_conn: 3 },
    })
    expect(await failureOf(pooler.through(nowhere))).toMatchObject({
      isAway: true,
      sentence: expect.stringContaining('no connection to PostgreSQL'),
    })
    const waiting = Array.from({ length: 6 }, () => failureOf(pooler.through(nowhere)))
    const sentences = (await Promise.all(waiting)).map(({ isAway, sentence }) => [
      isAway,
      /max_client_conn.*raise the limit/.test(sentence),
    ])
    expect(sentences).toContainEqual([true, true])
    await sleep(100)
    await pooler.stop()
  })
})
