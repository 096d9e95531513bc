import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { onDatabase } from '@/scripts/on-database'
import { portalEnv } from '@/scripts/portal'
import { bareEnv, startProcess } from '@/scripts/processes'
import { commandArgs } from '@/tests/support/command'
import { createEmptyDatabase, type TestDatabase } from '@/tests/support/database'
import { connect, until } from '@/tests/support/journey'
import { startPortal, type TestPortal, testSecrets } from '@/tests/support/portal'
import { startTestRegistry, type TestRegistry } from '@/tests/support/registry'

const ada = '0000-0099-9458-0735'
const josiah = '0000-0002-1825-0097'
const password = 'of-this-test-only'
const suffix = randomBytes(4).toString('hex')
const [admin, owner, former, next] = ['admin', 'owner', 'portal', 'portal_next'].map((name) => `${name}_${suffix}`)
if (!admin || !owner || !former || !next) throw new Error('A role has no name')

let database: TestDatabase
let registry: TestRegistry
const portals: TestPortal[] = []

const urlAs = (username: string) => Object.assign(new URL(database.url), { username, password }).toString()
const say = (as: string, sql: string) => onDatabase(as, async (client) => (await client.query(sql)).rows)
const migrate = (role: string) =>
  promisify(execFile)(process.execPath, ['--import', 'tsx', 'scripts/migrate.ts'], {
    env: {
      ...bareEnv(),
      DATABASE_URL: urlAs(role),
      MIGRATE_DATABASE_URL: urlAs(owner),
    } as unknown as NodeJS.ProcessEnv,
  })
const start = async (role: string) => {
  const portal = await startPortal({ databaseUrl: urlAs(role), registry })
  portals.push(portal)
  return portal
}
const sessionsOf = (role: string) =>
  say(database.url, `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND usename = '${role}'`)

beforeAll(async () => {
  database = await createEmptyDatabase()
  await say(database.url, `CREATE ROLE ${admin} LOGIN CREATEROLE PASSWORD '${password}'`)
  await say(urlAs(admin), `CREATE ROLE ${owner} LOGIN PASSWORD '${password}'`)
  await say(urlAs(admin), `CREATE ROLE ${former} LOGIN PASSWORD '${password}'`)
  await say(database.url, `ALTER DATABASE ${new URL(database.url).pathname.slice(1)} OWNER TO ${owner}`)
  await migrate(former)
  registry = await startTestRegistry()
})

afterAll(async () => {
  for (const portal of portals) await portal.stop()
  await registry.close()
  await say(database.url, `REASSIGN OWNED BY ${owner} TO CURRENT_USER`)
  await database.drop()
  const server = new pg.Client({ connectionString: process.env.TEST_DATABASE_URL })
  await server.connect()
  for (const role of [next, former, owner, admin]) await server.query(`DROP ROLE IF EXISTS ${role}`)
  await server.end()
})

/** Connects, withdraws, and waits until a job has revoked the token. */
async function beAtWork(portal: TestPortal, orcid: string): Promise<void> {
  const { visitor, answer } = await connect({ portal, registry }, { orcid })
  expect(new URL(answer.location ?? '', portal.url).pathname).toMatch(/^\/connect\/(connected|updated)$/)
  await visitor.post(`${portal.url}/me/withdrawal`)
  const live = async () => (await registry.state()).tokens.filter((token) => token.live && token.orcid === orcid)
  await until('the token is revoked', async () => (await live()).length === 0)
}

test('the password of the portal is rotated by a second role, without a moment in which nobody can connect', async () => {
  const before = await start(former)
  await beAtWork(before, ada)
  await say(urlAs(admin), `CREATE ROLE ${next} LOGIN PASSWORD '${password}'`)
  expect((await migrate(next)).stdout).toContain(`The role ${next} has the rights that the portal needs`)
  await beAtWork(before, ada)
  const after = await start(next)
  await Promise.all([beAtWork(before, ada), beAtWork(after, josiah)])
  await before.stop()
  await until('the former role has no session', async () => (await sessionsOf(former)).length === 0)
  await say(urlAs(admin), `GRANT ${former} TO ${owner}`)
  await say(urlAs(owner), `DROP OWNED BY ${former}`)
  await say(urlAs(admin), `DROP ROLE ${former}`)
  await beAtWork(after, ada)
  const settings = { databaseUrl: urlAs(next), port: after.port, registry, secrets: testSecrets }
  const doctor = startProcess({ name: 'doctor', args: commandArgs('scripts/doctor'), env: portalEnv(settings) })
  await doctor.ended
  // The timetable may not have had its first minute.
  expect(doctor.lines.filter((line) => /^ *(wrong|doubt) {2}(?!worker )/.test(line))).toEqual([])
})
