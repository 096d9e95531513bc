import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { migrateFor } from '@/scripts/migrations'
import { bareEnv } from '@/scripts/processes'
import { portalRights } from '@/scripts/rights'
import { createEmptyDatabase, type TestDatabase } from '@/tests/support/database'
import { connect, until } from '@/tests/support/journey'
import { startPortal, type TestPortal } from '@/tests/support/portal'
import { startTestRegistry, type TestRegistry } from '@/tests/support/registry'

const josiah = '0000-0002-1825-0097'

// A role's name that has to be quoted, and nobody else's.
const role = `concord "portal" ${randomBytes(4).toString('hex')}`
const owner = `concord_owner_${randomBytes(4).toString('hex')}`
const quoted = pg.escapeIdentifier(role)
const password = 'of-this-test-only'

let database: TestDatabase
let admin: pg.Client
let asPortal: pg.Client
let registry: TestRegistry
let portal: TestPortal
let migrated: { stdout: string; stderr: string }

const urlAs = (username: string) => Object.assign(new URL(database.url), { username, password }).toString()

const migrate = (databaseUrl: string, ownerUrl: string) =>
  promisify(execFile)(process.execPath, ['--import', 'tsx', 'scripts/migrate.ts'], {
    env: { ...bareEnv(), DATABASE_URL: databaseUrl, MIGRATE_DATABASE_URL: ownerUrl } as unknown as NodeJS.ProcessEnv,
  })

beforeAll(async () => {
  database = await createEmptyDatabase()
  admin = new pg.Client({ connectionString: database.url })
  await admin.connect()
  // Neither of the two is a superuser: the owner of a database may do all that migrating takes.
  await admin.query(`CREATE ROLE ${owner} LOGIN PASSWORD '${password}'`)
  await admin.query(`CREATE ROLE ${quoted} LOGIN PASSWORD '${password}'`)
  await admin.query(`ALTER DATABASE ${new URL(database.url).pathname.slice(1)} OWNER TO ${owner}`)
  migrated = await migrate(urlAs(role), urlAs(owner))
  registry = await startTestRegistry()
  portal = await startPortal({ databaseUrl: urlAs(role), registry, env: { STAFF_ADMINS: josiah } })
  asPortal = new pg.Client({ connectionString: urlAs(role) })
  await asPortal.connect()
})

afterAll(async () => {
  await portal?.stop()
  await registry?.close()
  await asPortal?.end()
  await admin.query(`DROP OWNED BY ${quoted}`)
  await admin.query(`REASSIGN OWNED BY ${owner} TO CURRENT_USER`)
  await admin.end()
  await database.drop()
  const server = new pg.Client({ connectionString: process.env.TEST_DATABASE_URL })
  await server.connect()
  await server.query(`DROP ROLE ${quoted}`)
  await server.query(`DROP ROLE ${owner}`)
  await server.end()
})

const pathOf = (location: string | null) => new URL(location ?? '', portal.url).pathname
const live = async () => (await registry.state()).tokens.filter((token) => token.live)
const count = async (sql: string) => Number((await admin.query(sql)).rows[0]?.count)

describe('npm run migrate with MIGRATE_DATABASE_URL', () => {
  test('says that it gave the other role its rights, and finds no hole in the wall', () => {
    expect(migrated.stdout).toContain(`The role ${role} has the rights that the portal needs`)
    expect(migrated.stderr).not.toContain('no second wall')
  })

  test('may be repeated, and takes away what was given by hand', async () => {
    await admin.query(`GRANT ALL ON ALL TABLES IN SCHEMA public TO ${quoted}`)
    expect(await migrateFor(urlAs(owner), role)).toEqual({ applied: [], holes: [] })
    await expect(asPortal.query('TRUNCATE researcher')).rejects.toThrow('permission denied')
  })

  test('says so where the two roles are no wall', async () => {
    const superuser = new URL(database.url).username
    const { holes } = await migrateFor(urlAs(owner), superuser)
    expect(holes).toContain(`${superuser} is a superuser`)
    await admin.query(`GRANT ${owner} TO ${quoted}`)
    const member = (await migrateFor(urlAs(owner), role)).holes
    await admin.query(`REVOKE ${owner} FROM ${quoted}`)
    expect(member).toContain(`${role} is a member of the role that owns the schema`)
  })

  test('fails with the command to run where the role is missing', async () => {
    await expect(migrateFor(urlAs(owner), 'nobody_here')).rejects.toThrow('CREATE ROLE "nobody_here" LOGIN')
  })

  test('has a line for every table, so that a new one is closed until somebody thinks of it', async () => {
    const { rows } = await admin.query(
      `SELECT tablename FROM pg_tables WHERE schemaname = 'public'
       UNION ALL SELECT viewname FROM pg_views WHERE schemaname = 'public' ORDER BY 1`,
    )
    expect(rows.map(({ tablename }) => tablename)).toEqual(Object.keys(portalRights).sort())
  })
})

describe('a portal whose role has no more than these rights', () => {
  test('connects, widens, exports, withdraws, revokes by its jobs, and signs out', async () => {
    const { visitor, answer } = await connect(
      { portal, registry },
      { orcid: josiah, scopes: ['openid', '/read-limited'] },
    )
    expect(pathOf(answer.location)).toBe('/connect/connected')
    const again = await connect({ portal, registry }, { orcid: josiah }, visitor)
    expect(pathOf(again.answer.location)).toBe('/connect/updated')
    for (const path of ['/me', '/me/data', '/staff', '/staff/team', `/staff/researchers/${josiah}`]) {
      expect((await visitor.get(`${portal.url}${path}`)).status, path).toBe(200)
    }
    const file = await visitor.get(`${portal.url}/staff/researchers/export?format=csv`)
    expect([file.status, file.body.includes(josiah)]).toEqual([200, true])
    expect(pathOf((await visitor.post(`${portal.url}/me/withdrawal`)).location)).toBe('/me/withdrawn')
    await until('every token is revoked at ORCID', async () => (await live()).length === 0)
    const waiting = () => count('SELECT count(*) FROM revocation WHERE confirmed_at IS NULL')
    await until('the revocations are confirmed', async () => (await waiting()) === 0)
    // What is left is for later: a look, a minute after each claim, whether the exchange was lost.
    expect(await count('SELECT count(*) FROM graphile_worker._private_jobs WHERE last_error IS NOT NULL')).toBe(0)
    expect(pathOf((await visitor.post(`${portal.url}/sign-out`)).location)).toBe('/')
    expect(pathOf((await visitor.get(`${portal.url}/me`)).location)).toBe('/sign-in')
  })

  test('does the jobs of its timetable', async () => {
    const known = () => count('SELECT count(*) FROM graphile_worker._private_known_crontabs')
    await until('the timetable is known', async () => (await known()) > 0)
    expect(portal.logs.join('\n')).not.toMatch(/permission denied|row-level security/)
  })
})

describe('that role is refused', () => {
  test.each([
    [`UPDATE audit_event SET action = 'x'`],
    ['DELETE FROM audit_event'],
    ['TRUNCATE audit_event'],
    ['ALTER TABLE audit_event DISABLE TRIGGER ALL'],
    ['DROP TRIGGER audit_event_append_only ON audit_event'],
    [`SET session_replication_role = replica`],
    [`SELECT setval('audit_event_id_seq', 1)`],
    [`UPDATE shown_text SET locale = 'xx'`],
    [`UPDATE installation SET registry = 'production'`],
    ['DELETE FROM installation'],
    [`UPDATE erasure SET reason = 'mistake'`],
    ['DELETE FROM erasure'],
    ['DELETE FROM staff_member'],
    ['DELETE FROM staff_invitation'],
    ['TRUNCATE researcher CASCADE'],
    ['TRUNCATE session'],
    ['TRUNCATE rate_limit'],
    ['DROP TABLE researcher'],
    ['ALTER TABLE researcher ADD COLUMN more text'],
    ['CREATE TABLE mine (id int)'],
    ['CREATE TEMPORARY TABLE mine (id int)'],
    ['CREATE SCHEMA mine'],
    ['CREATE EXTENSION dblink'],
    [`CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'`],
    ['CREATE ROLE mine'],
    ['SELECT * FROM pg_authid'],
    ['SELECT logs FROM _prisma_migrations'],
    ['DELETE FROM _prisma_migrations'],
    [`SELECT pg_read_file('/etc/passwd')`],
    [`COPY researcher TO PROGRAM 'cat'`],
    ['DELETE FROM graphile_worker.migrations'],
    ['DROP TABLE graphile_worker._private_jobs'],
    ['ALTER TABLE graphile_worker._private_jobs DISABLE ROW LEVEL SECURITY'],
  ])('%s', async (statement) => {
    await expect(asPortal.query(statement)).rejects.toThrow(/permission denied|must be owner|superuser/)
  })
})
