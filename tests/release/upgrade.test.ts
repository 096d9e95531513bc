import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { portalEnv } from '@/scripts/portal'
import { root, startProcess } from '@/scripts/processes'
import { createTestDatabase, type TestDatabase } from '@/tests/support/database'
import { connect, goToOrcid } from '@/tests/support/journey'
import { startPortal, type TestPortal, testSecrets } from '@/tests/support/portal'
import { startTestRegistry, type TestRegistry } from '@/tests/support/registry'
import { Visitor } from '@/tests/support/visitor'

const settled = '0000-0099-9458-0735'
const travelling = '0000-0002-1825-0097'
const between = '0000-0099-4262-1291'
const later = '0000-0099-9722-0030'

// As a next version might: a column with a value for each row that is there, and a table.
const nextMigration = `
  ALTER TABLE researcher ADD COLUMN first_seen_on date;
  UPDATE researcher SET first_seen_on = created_at::date;
  CREATE TABLE next_thing (id uuid PRIMARY KEY, researcher_id uuid NOT NULL REFERENCES researcher);`

let database: TestDatabase
let registry: TestRegistry
let owner: pg.Client
let portal: TestPortal
/** The next version, in the folders of the image: this one with one more migration. */
const next = mkdtempSync(join(tmpdir(), 'concord-next-'))
const standalone = join(next, '.next', 'standalone')

function makeNextVersion(): void {
  execFileSync(process.execPath, [join(root, 'scripts/compile.mjs'), join(next, 'commands')])
  cpSync(join(root, '.next/standalone'), standalone, { recursive: true })
  for (const folder of ['messages', 'prisma/migrations']) {
    cpSync(join(root, folder), join(next, folder), { recursive: true })
  }
  mkdirSync(join(next, 'prisma/migrations/0002_next'))
  writeFileSync(join(next, 'prisma/migrations/0002_next/migration.sql'), nextMigration)
  const folders = [join(standalone, '.next/server'), join(next, 'commands')]
  const changed = folders.map((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(expectNext(folder)),
  )
  expect(changed.every((files) => files.length > 0)).toBe(true)
}

/** The list of `lib/installation/schema.ts`, as it was built. */
const expectNext = (folder: string) => (name: string) => {
  if (!/\.m?js$/.test(name)) return false
  const file = join(folder, name)
  const text = readFileSync(file, 'utf8')
  if (!text.includes('["0001_initial"]')) return false
  writeFileSync(file, text.replaceAll('["0001_initial"]', '["0001_initial","0002_next"]'))
  return true
}

const settings = () => ({ databaseUrl: database.portalUrl, registry, port: portal.port })

async function runNext(command: string, ...args: string[]) {
  const env = portalEnv({ ...settings(), secrets: testSecrets, env: { MIGRATE_DATABASE_URL: database.url } })
  const started = startProcess({ name: command, args: [join(next, 'commands', `${command}.mjs`), ...args], env })
  return { ended: await started.ended, output: started.lines.join('\n') }
}

/** What people and ORCID agreed on. */
async function readGrants() {
  const sql = `SELECT orcid, g.state::text, g.scopes, granted_at FROM "grant" g JOIN researcher r ON r.id = researcher_id ORDER BY granted_at`
  return (await owner.query(sql)).rows
}

beforeAll(async () => {
  makeNextVersion()
  database = await createTestDatabase()
  registry = await startTestRegistry()
  owner = new pg.Client({ connectionString: database.url })
  await owner.connect()
  portal = await startPortal({ databaseUrl: database.portalUrl, registry })
})

afterAll(async () => {
  await portal.stop()
  await owner.end()
  await registry.close()
  await database.drop()
  rmSync(next, { recursive: true })
})

test('the next version migrates a database with people in it while this one serves, and goes on with all of it', async () => {
  const stack = () => ({ portal, registry })
  const { visitor } = await connect(stack(), { orcid: settled })
  const traveller = new Visitor()
  const callback = await goToOrcid(stack(), traveller, { orcid: travelling })
  const before = await readGrants()
  expect(before).toHaveLength(1)

  // Before the migration nothing of the next version starts.
  const lacks = 'the database lacks the migrations 0002_next: run `npm run migrate`'
  await expect(startPortal({ ...settings(), port: undefined, standalone })).rejects.toThrow(lacks)
  expect(await runNext('worker')).toEqual({ ended: 'exit code 1', output: expect.stringContaining(lacks) })

  const migrated = await runNext('migrate')
  expect(migrated).toEqual({ ended: 'exit code 0', output: expect.stringContaining('Applied: 0002_next') })
  expect((await owner.query('SELECT orcid FROM researcher WHERE first_seen_on IS NULL')).rows).toEqual([])
  expect(await readGrants()).toEqual(before)

  // This version goes on until it is replaced, and also comes back.
  await connect(stack(), { orcid: between })
  await portal.stop()
  portal = await startPortal(settings())
  expect((await visitor.get(`${portal.url}/me`)).status).toBe(200)

  await portal.stop()
  portal = await startPortal({ ...settings(), standalone })
  expect((await visitor.get(`${portal.url}/me`)).status).toBe(200)
  expect((await traveller.get(callback)).location).toContain('/connect/connected')
  await connect(stack(), { orcid: later })
  const after = await readGrants()
  expect(after.map(({ orcid }) => orcid)).toEqual([settled, between, travelling, later])
  expect(after[0]).toEqual(before[0])
  expect((await runNext('keys', 'verify')).output).toMatch(/^\d+ open, 0 do not\.$/m)
  expect((await runNext('doctor')).output).toMatch(/good +migrations +all applied/)
  expect((await visitor.post(`${portal.url}/me/withdrawal`)).location).toContain('/me/withdrawn')
})
