import { randomBytes } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { portalEnv } from '@/scripts/portal'
import { freePort } from '@/scripts/ports'
import { type RunningProcess, root, startProcess } from '@/scripts/processes'
import { commandArgs } from '@/tests/support/command'
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '@/tests/support/database'
import { tryToConnect, until } from '@/tests/support/journey'
import { startPortal, testSecrets } from '@/tests/support/portal'
import { startTestRegistry, type TestRegistry } from '@/tests/support/registry'

const commands = {
  'npm start': [join(root, 'scripts', 'start.mjs')],
  'npm run worker': commandArgs('worker'),
  'npm run migrate': commandArgs('scripts/migrate'),
  'npm run doctor': commandArgs('scripts/doctor'),
  'npm run keys': [...commandArgs('scripts/keys'), 'status'],
  'npm run export': [...commandArgs('scripts/export'), '--format', 'csv', '--out', '-'],
}
type Command = keyof typeof commands
const all = Object.keys(commands) as Command[]
const servers: Command[] = ['npm start', 'npm run worker']

let database: TestDatabase
let registry: TestRegistry
let owner: pg.Client
let port: number
const running: RunningProcess[] = []

beforeAll(async () => {
  registry = await startTestRegistry()
})

beforeEach(async () => {
  database = await createTestDatabase()
  owner = new pg.Client({ connectionString: database.url })
  await owner.connect()
  port = await freePort()
})

afterEach(async () => {
  for (const one of running.splice(0)) await one.stop()
  await owner.end()
  await database.drop()
})

afterAll(() => registry.close())

function start(command: Command, env: Record<string, string> = {}, cwd?: string): RunningProcess {
  const settings = { databaseUrl: database.portalUrl, port, registry, secrets: testSecrets }
  const all = { ...portalEnv(settings), NODE_ENV: 'production', ...env }
  const started = startProcess({ name: command, args: commands[command], env: all, cwd })
  running.push(started)
  return started
}

/** How it ended, and what it wrote. */
async function run(command: Command, env: Record<string, string> = {}) {
  const started = start(command, env)
  const ended = await started.ended
  return { ended, output: started.lines.join('\n') }
}

const says = (started: RunningProcess, words: string | RegExp) =>
  until(`it says ${words}`, async () => started.lines.some((line) => line.match(words)), 40_000)

/** A portal that has been started on it once has made the database its own. */
async function claimDatabase(): Promise<void> {
  const portal = await startPortal({ databaseUrl: database.portalUrl, registry, env: { WORKER: 'none' } })
  await portal.stop()
}

const withUrl = (change: Partial<URL>) => Object.assign(new URL(database.portalUrl), change).toString()

describe('each command says in a sentence what is wrong and what to do', () => {
  test.each(all)('with a wrong password of the database: %s', async (command) => {
    const { ended, output } = await run(command, { DATABASE_URL: withUrl({ password: 'not-the-password' }) })
    expect(ended).toBe('exit code 1')
    expect(output).toMatch(/password authentication failed for user "\w+”? ?.*: correct user and password in the URL/)
    expect(output).not.toMatch(/not-the-password|^\s+at /m)
  })

  test.each(all)('with a database that is not there: %s', async (command) => {
    const { ended, output } = await run(command, { DATABASE_URL: withUrl({ pathname: '/concord_nowhere' }) })
    expect([ended, output]).toEqual(['exit code 1', expect.stringContaining('(3D000): create it, or correct the URL')])
  })

  test.each(servers)('on the database of another installation: %s', async (command) => {
    await claimDatabase()
    const otherKeys = await run(command, { TOKEN_KEYS: `k1:${randomBytes(32).toString('base64')}` })
    expect(otherKeys.ended).toBe('exit code 1')
    expect(otherKeys.output).toContain(
      'Concord cannot start: TOKEN_KEYS do not open what this database holds: set those',
    )
    await owner.query(`UPDATE installation SET registry = 'production'`)
    const otherRegistry = await run(command)
    expect(otherRegistry.ended).toBe('exit code 1')
    expect(otherRegistry.output).toContain(
      'The database was made for the production registry, not for local: give this installation a database of its own.',
    )
  })

  test.each(servers)('on a schema that lacks migrations, with their names: %s', async (command) => {
    await owner.query('DELETE FROM _prisma_migrations')
    const { ended, output } = await run(command)
    expect(ended).toBe('exit code 1')
    expect(output).toContain('the database lacks the migrations 0001_initial: run `npm run migrate`.')
  })

  test('on a port that another process has', async () => {
    const other = createServer().listen(port, '127.0.0.1')
    const { ended, output } = await run('npm start')
    other.close()
    expect([ended, output]).toEqual([
      'exit code 1',
      `Concord cannot start: another process listens on port ${port}: end it, or set another PORT.`,
    ])
  })

  test.each(['abc', '99999', '0.5'])('on a port that is no port: %s', async (value) => {
    const { ended, output } = await run('npm start', { PORT: value })
    expect([ended, output]).toEqual([
      'exit code 1',
      `Concord cannot start: PORT is ${value}: write a whole number from 1 to 65535.`,
    ])
  })

  test.each(servers)('with a job queue in another database: %s', { tags: 'release' }, async (command) => {
    const other = await createTestDatabase()
    const { ended, output } = await run(command, { WORKER_DATABASE_URL: other.portalUrl, WORKER: 'inline' })
    await other.drop()
    expect(ended).toBe('exit code 1')
    expect(output).toContain(
      'Concord cannot start: WORKER_DATABASE_URL leads to another database than DATABASE_URL, or as another role: correct one of them',
    )
  })

  test('with two addresses that lead to two databases: npm run migrate', async () => {
    const other = await createEmptyDatabase()
    const { ended, output } = await run('npm run migrate', { MIGRATE_DATABASE_URL: other.url })
    const client = new pg.Client({ connectionString: other.url })
    await client.connect()
    const { rows } = await client.query(`SELECT to_regclass('_prisma_migrations') AS history`)
    await client.end()
    await other.drop()
    expect([ended, output, rows]).toEqual([
      'exit code 1',
      'Nothing was begun: MIGRATE_DATABASE_URL and DATABASE_URL lead to different databases: correct one of them',
      [{ history: null }],
    ])
  })

  test.each(servers)('on a full disk, and waits for room: %s', { tags: 'release' }, async (command) => {
    await owner.query(`
      CREATE FUNCTION fail_full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100';
      END $$`)
    await owner.query(
      'CREATE TRIGGER full_disk BEFORE INSERT ON installation FOR EACH ROW EXECUTE FUNCTION fail_full()',
    )
    const started = start(command)
    await says(started, /No space left on device” \(53100\): make room on the disk of PostgreSQL/)
    await owner.query('DROP TRIGGER full_disk ON installation')
    await says(started, 'database available')
  })
})

describe('a portal and a worker start with a warning in one line of the log', { tags: 'release' }, () => {
  test.each(servers)('on a schema of a newer version, because an upgrade migrates first: %s', async (command) => {
    await owner.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
       VALUES ('later', '', '0099_later', now(), 1)`,
    )
    const started = start(command)
    await says(started, /"migrations":\["0099_later"\].*migrated by a newer version of Concord/)
    await says(started, command === 'npm start' ? 'Ready in' : 'worker started')
  })

  test('as a superuser', async () => {
    const started = start('npm start', { DATABASE_URL: database.url })
    await says(started, /"powers":\["is a superuser"\].*may do more than a portal needs/)
    expect((await run('npm run doctor', { DATABASE_URL: database.url })).output).toMatch(
      /doubt {2}role +the role of DATABASE_URL is a superuser/,
    )
  })

  test('with a value that .env has dropped, and with a misspelt name', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'concord-start-'))
    writeFileSync(join(folder, '.env'), 'INSTITUTION_ACCENT=#ffff00\nINSTITUTION_TIMEZONE=Europe/Madrid\n')
    const started = start('npm start', {}, folder)
    await says(started, 'INSTITUTION_ACCENT is empty in .env, because its value begins with #')
    await says(started, 'INSTITUTION_TIMEZONE is not a variable that is read: did you mean INSTITUTION_TIME_ZONE?')
  })

  test('of a job that only another version knows: it waits, and is neither lost nor failed', async () => {
    await owner.query(`SELECT graphile_worker.add_job('a-job-of-tomorrow')`)
    const worker = start('npm run worker')
    await says(worker, /a-job-of-tomorrow.*jobs of another version wait/)
    await owner.query(`SELECT graphile_worker.add_job('worker-seen')`)
    const left = async () =>
      (await owner.query('SELECT task_identifier AS name, attempts FROM graphile_worker.jobs')).rows
    await until('it did the job that it knows', async () => !(await left()).some(({ name }) => name === 'worker-seen'))
    expect(await left()).toContainEqual({ name: 'a-job-of-tomorrow', attempts: 0 })
    expect((await run('npm run doctor')).output).toMatch(/doubt {2}jobs +1 × a-job-of-tomorrow wait/)
  })
})

describe('a clock that is ten minutes late', { tags: 'release' }, () => {
  const late = { NODE_OPTIONS: `--import=${pathToFileURL(join(root, 'tests', 'support', 'late-clock.mjs'))}` }

  test('is named in the log of the sign-in that fails because of it', async () => {
    const portal = await startPortal({ databaseUrl: database.portalUrl, registry, env: { ...late, WORKER: 'none' } })
    const { answer } = await tryToConnect({ portal, registry }, { orcid: '0000-0099-9458-0735' })
    expect(answer.location).toContain('/connect/not-saved')
    expect(portal.logs.join('\n')).toContain('the clock of this machine may be wrong: npm run doctor compares it')
    await portal.stop()
  })

  test('is found by the doctor', async () => {
    const { ended, output } = await run('npm run doctor', late)
    expect(ended).toBe('exit code 1')
    expect(output).toMatch(/wrong {2}clock of the database +(599|600|601)\.\d s apart: set the clocks right/)
    expect(output).toMatch(/wrong {2}clock of the registry +(599|600)\.\d s apart/)
  })
})
