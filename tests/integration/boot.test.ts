import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { portalEnv } from '@/scripts/portal'
import { freePort } from '@/scripts/ports'
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '@/tests/support/database'
import { connect, until } from '@/tests/support/journey'
import { startPortal, testSecrets } from '@/tests/support/portal'
import { startTestRegistry, type TestRegistry } from '@/tests/support/registry'

let database: TestDatabase
let registry: TestRegistry
let port: number

beforeAll(async () => {
  database = await createTestDatabase()
  registry = await startTestRegistry()
  port = await freePort()
})

afterAll(async () => {
  await registry.close()
  await database.drop()
})

/** Starts a process of the production build and gives what it wrote until it ended. */
function run(script: string[], env: Record<string, string | undefined>) {
  const child = spawn(process.execPath, script, { env: { ...env, NODE_ENV: 'production' } as NodeJS.ProcessEnv })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const ended = new Promise<{ code: number | null; output: string }>((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), 60_000)
    child.on('exit', (code) => {
      clearTimeout(timer)
      resolve({ code, output })
    })
  })
  return { child, ended, output: () => output }
}

const complete = () => portalEnv({ databaseUrl: database.portalUrl, port, registry, secrets: testSecrets })
const start = (env: Record<string, string | undefined>) =>
  run(['--import', './scripts/with-parent.mjs', '.next/standalone/server.js'], { ...complete(), ...env }).ended

describe('a portal that cannot do its work right does not start', () => {
  test('without a configuration: one table names every missing variable', async () => {
    const { code, output } = await run(['.next/standalone/server.js'], { PATH: process.env.PATH, PORT: String(port) })
      .ended
    expect(code).toBe(1)
    const missing = [
      'DATABASE_URL',
      'NEXTAUTH_URL',
      'NEXTAUTH_SECRET',
      'ORCID_REGISTRY',
      'ORCID_CLIENT_ID',
      'ORCID_CLIENT_SECRET',
      'TOKEN_KEYS',
    ]
    for (const name of missing) expect(output).toContain(`  ${name} `)
  })

  test('with a malformed secret: it is named and not repeated', async () => {
    const { code, output } = await start({ TOKEN_KEYS: 'k1:bm90LXRoaXJ0eS10d28tYnl0ZXM=' })
    expect(code).toBe(1)
    expect(output).toContain('TOKEN_KEYS')
    expect(output).not.toContain('bm90LXRoaXJ0eS10d28tYnl0ZXM')
  })

  test('with a key that does not open what the database holds', { tags: 'release' }, async () => {
    const portal = await startPortal({ databaseUrl: database.portalUrl, registry })
    await portal.stop()
    const { code, output } = await start({ TOKEN_KEYS: `k1:${randomBytes(32).toString('base64')}` })
    expect([code, output]).toEqual([1, expect.stringContaining('TOKEN_KEYS do not open what this database holds')])
  })

  test('on a database of another registry', { tags: 'release' }, async () => {
    const { code, output } = await start({
      ORCID_REGISTRY: 'sandbox',
      ORCID_ISSUER: undefined,
      ORCID_API_URL: undefined,
    })
    expect(code).toBe(1)
    expect(output).toMatch(/embedded database|was made for the local registry/)
  })

  test('on a database without our tables: it says what to do', async () => {
    const empty = await createEmptyDatabase()
    const { code, output } = await start({ DATABASE_URL: empty.url })
    expect([code, output]).toEqual([1, expect.stringContaining('npm run migrate')])
    await empty.drop()
  })
})

test('a portal without a worker of its own leaves its jobs to `npm run worker`, which does them', {
  tags: 'release',
}, async () => {
  const portal = await startPortal({ databaseUrl: database.portalUrl, registry, env: { WORKER: 'none' } })
  const { visitor } = await connect({ portal, registry }, { orcid: '0000-0099-9458-0735' })
  await visitor.post(`${portal.url}/me/withdrawal`)
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  const live = async () => (await registry.state()).tokens.filter((token) => token.live)
  expect(await live()).toHaveLength(1)
  const worker = run(['--conditions=react-server', '--import', 'tsx', 'worker.ts'], complete())
  await until('no token lives', async () => (await live()).length === 0, 60_000)
  worker.child.kill('SIGTERM')
  expect((await worker.ended).code).toBe(0)
  await portal.stop()
})

test('every command of package.json is started in the same way as the worker', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }
  for (const name of ['keys', 'audit', 'doctor', 'retention', 'backup', 'restore']) {
    expect(scripts[name]).toBe(`node --conditions=react-server --import tsx scripts/${name}.ts`)
  }
  expect(scripts.worker).toMatch(/^node --conditions=react-server --import tsx /)
})

test.each(['SIGTERM', 'SIGKILL'] as const)(
  '`npm run worker` ends after a %s to npm, and leaves nobody behind',
  { tags: 'release' },
  async (signal) => {
    const npm = spawn('npm', ['run', 'worker'], { env: { ...complete(), NODE_ENV: 'production' } as NodeJS.ProcessEnv })
    let output = ''
    npm.stdout.on('data', (chunk) => (output += chunk))
    await until('it works', async () => output.includes('worker started'), 60_000)
    // The pipe ends when the last process that holds it is gone.
    const closed = new Promise((resolve) => npm.once('close', () => resolve('gone')))
    npm.kill(signal)
    const late = new Promise((resolve) => setTimeout(() => resolve('still there'), 10_000))
    expect(await Promise.race([closed, late])).toBe('gone')
  },
)

test('the first administrators come from the configuration, and one that was taken off the team stays off', async () => {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  const orcid = '0000-0099-5475-2774'
  const roleOf = async () =>
    (await client.query('select role, ended_at from staff_member where orcid = $1', [orcid])).rows
  const first = await startPortal({ databaseUrl: database.portalUrl, registry, env: { STAFF_ADMINS: orcid } })
  await first.stop()
  expect(await roleOf()).toEqual([{ role: 'admin', ended_at: null }])
  await client.query('update staff_member set ended_at = now()')
  const second = await startPortal({ databaseUrl: database.portalUrl, registry, env: { STAFF_ADMINS: orcid } })
  await second.stop()
  expect((await roleOf())[0]?.ended_at).not.toBeNull()
  await client.end()
})
