import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { table } from '@/tests/integration/matrix-table'
import { createTestDatabase, type TestDatabase } from '@/tests/support/database'
import { mailSettings } from '@/tests/support/invited'
import { connect, goToOrcid, until } from '@/tests/support/journey'
import { startPortal, type TestPortal } from '@/tests/support/portal'
import { forEachOf } from '@/tests/support/raw-request'
import { startTestRegistry, type TestRegistry } from '@/tests/support/registry'
import { startTcpProxy, type TcpProxy } from '@/tests/support/tcp-proxy'
import { type Answer, Visitor } from '@/tests/support/visitor'

const admin = '0000-0099-5475-2774'
const cronSecret = 'the-secret-of-the-timer-for-these-tests'

let database: TestDatabase
let registry: TestRegistry
let proxy: TcpProxy
let client: pg.Client
/** One that trusts one proxy in front of it, and one that trusts none. */
let behind: TestPortal
let alone: TestPortal

beforeAll(async () => {
  database = await createTestDatabase()
  registry = await startTestRegistry()
  proxy = await startTcpProxy(Number(new URL(database.url).port))
  const proxied = Object.assign(new URL(database.portalUrl), { port: String(proxy.port), hostname: '127.0.0.1' }).href
  const env = { WORKER: 'none', RATE_LIMITS: 'sign_in=20/40' }
  behind = await startPortal({
    databaseUrl: proxied,
    registry,
    env: {
      ...env,
      TRUSTED_PROXIES: '1',
      STAFF_ADMINS: admin,
      CRON_SECRET: cronSecret,
      ...mailSettings,
      MAIS_API: 'yes',
    },
  })
  alone = await startPortal({ databaseUrl: database.portalUrl, registry, env })
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
})

afterAll(async () => {
  await client.end()
  await behind.stop()
  await alone.stop()
  await proxy.close()
  await registry.close()
  await database.drop()
})

beforeEach(() => client.query('truncate rate_limit'))

const start = (portal: TestPortal, from: string, visitor = new Visitor()) =>
  visitor.post(`${portal.url}/connect/start`, [], { 'x-forwarded-for': from })
const signIn = (portal: TestPortal, from: string) =>
  new Visitor().post(`${portal.url}/connect/start`, [['purpose', 'sign-in']], { 'x-forwarded-for': from })
const callback = (portal: TestPortal, from: string) =>
  new Visitor().get(`${portal.url}/api/auth/callback/orcid?code=abc&state=def`, { 'x-forwarded-for': from })

/** As if everybody who was counted had come so often. */
const setHits = (hits: number) => client.query('update rate_limit set hits = $1', [hits])
const buckets = async () =>
  (await client.query('select bucket, hits, expires_at - now() as "left" from rate_limit order by hits')).rows

/** Asks until it is refused: gives how often it was admitted, and the page that refused. */
async function untilRefused(send: () => Promise<Answer>): Promise<[number, Answer]> {
  let admitted = 0
  while (admitted < 1_000) {
    const answers = await Promise.all(Array.from({ length: 10 }, send))
    const page = answers.find(({ status }) => status === 429)
    admitted += answers.filter(({ status }) => status !== 429).length
    if (page) return [admitted, page]
  }
  throw new Error('Nothing was refused')
}

describe('of one address', () => {
  test('a thousand people who connect in a minute are admitted, what comes far above waits for the next one, and signing in is counted apart', async () => {
    const campus = '203.0.113.7'
    expect((await start(behind, campus)).status).toBe(303)
    expect((await callback(behind, campus)).status).toBe(303)
    await setHits(1_000)
    expect((await start(behind, campus)).status).toBe(303)
    expect((await callback(behind, campus)).status).toBe(303)

    await setHits(2_000)
    const page = await start(behind, campus)
    expect(page.status).toBe(429)
    expect(Number(page.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(Number(page.headers.get('retry-after'))).toBeLessThanOrEqual(60)
    expect(page.body).toContain('Too many requests')
    expect(page.body).toMatch(/Please try again in \d+ seconds?/)
    expect(page.headers.getSetCookie()).toEqual([])
    expect((await start(behind, '203.0.113.8')).status).toBe(303)
    expect((await signIn(behind, campus)).status).toBe(303)

    await client.query(`update rate_limit set expires_at = now() - interval '1 second'`)
    expect((await start(behind, campus)).status).toBe(303)
  })

  test('what it writes in front of its own address gives it no second allowance', async () => {
    const [admitted] = await untilRefused(() => signIn(behind, `${Math.random()}, 203.0.113.9`))
    expect(admitted).toBe(40)
  })

  test('a callback that has to wait presents its answer again by itself', async () => {
    await callback(behind, '203.0.113.10')
    await setHits(4_000)
    const page = await callback(behind, '203.0.113.10')
    expect([page.status, page.headers.get('refresh')]).toEqual([429, page.headers.get('retry-after')])
    expect(page.body).toContain('it continues with ORCID’s answer')
  })

  test('nothing readable is kept, and that for a minute', async () => {
    await start(behind, '203.0.113.12')
    const kept = await buckets()
    // Of the address, and of all strangers together.
    expect(kept).toHaveLength(2)
    for (const { bucket, left } of kept) {
      expect(bucket).toMatch(/^[0-9a-f]{64}$/)
      expect(left.minutes ?? 0).toBeLessThanOrEqual(1)
    }
    expect(behind.logs.join('\n')).not.toContain('203.0.113.12')
  })

  test('it is counted in memory while the database is away', async () => {
    proxy.down()
    const [admitted, page] = await untilRefused(() => signIn(behind, '203.0.113.13'))
    proxy.up()
    expect([admitted, page.status]).toEqual([40, 429])
    await until('the database counts again', async () => {
      await signIn(behind, '203.0.113.14')
      return (await buckets()).length > 0
    })
  })
})

describe('of all strangers together', () => {
  test('without a trusted proxy there is one generous allowance, whatever they write', async () => {
    let number = 0
    const [admitted] = await untilRefused(() => signIn(alone, `198.51.100.${number++}`))
    expect(admitted).toBe(120)
    expect(await buckets()).toHaveLength(1)
  })

  test('many addresses leave no more rows than are admitted', async () => {
    let number = 0
    const [admitted] = await untilRefused(() => signIn(behind, `198.51.${Math.floor(number / 200)}.${number++ % 200}`))
    await Promise.all(Array.from({ length: 50 }, () => signIn(behind, `198.51.200.${number++ % 200}`)))
    expect(admitted).toBe(120)
    // Some are counted at the moment when the last one is admitted.
    expect((await buckets()).length).toBeLessThanOrEqual(120 + 1 + 10)
  })

  test('one address that is refused takes nothing from the others', async () => {
    await untilRefused(() => signIn(behind, '203.0.113.20'))
    for (let times = 0; times < 10; times++) await untilRefused(() => signIn(behind, '203.0.113.20'))
    expect((await signIn(behind, '203.0.113.21')).status).toBe(303)
  })

  test('nothing that they do is written into the history, which is kept for ever', async () => {
    const before = await client.query('select count(*)::int from audit_event')
    const choice = { orcid: '0000-0099-9458-0735' }
    const at = (path: string) => `${alone.url}${path}`
    const ends = [
      (callback: string) => callback.replace(/code=[^&]*/, 'code=mAdEuP'),
      (callback: string) => callback.replace(/code=[^&]*/, 'error=access_denied'),
      (callback: string) => callback.replace(/code=[^&]*/, ''),
      () => at('/api/auth/callback/orcid?code=abc&state=def'),
      () => at('/connect/from-orcid?code=abc'),
    ]
    for (const end of ends) {
      const visitor = new Visitor()
      const address = end(await goToOrcid({ portal: alone, registry }, visitor, choice))
      expect((await visitor.get(address)).status).toBe(303)
    }
    const stranger = new Visitor()
    await stranger.post(at('/join/start'), [['code', 'made-up']])
    for (const path of ['/preferences', '/sign-out', '/me/erasure', '/staff/team/removal'])
      await stranger.post(at(path))
    expect((await client.query('select count(*)::int from audit_event')).rows).toEqual(before.rows)
  })
})

describe('of one person', () => {
  test('whoever exports again and again has to wait, whatever address they come from', async () => {
    const { visitor } = await connect({ portal: behind, registry }, { orcid: admin })
    await client.query('truncate rate_limit')
    const get = (path: string, from: string) => visitor.get(`${behind.url}${path}`, { 'x-forwarded-for': from })
    for (const path of ['/staff/researchers/export?format=csv', '/me/data']) {
      expect((await get(path, '203.0.113.30')).status, path).toBe(200)
      await setHits(60)
      expect((await get(path, '203.0.113.31')).status, path).toBe(429)
      await client.query('truncate rate_limit')
    }
  })

  test('their address is counted as well, and nobody else’s allowance', async () => {
    const { visitor } = await connect({ portal: behind, registry }, { orcid: admin })
    await client.query('truncate rate_limit')
    await start(behind, '203.0.113.40', visitor)
    await start(behind, '203.0.113.40', visitor)
    await start(behind, '203.0.113.41', visitor)
    expect((await buckets()).map(({ hits }) => hits)).toEqual([1, 2, 3])
  })
})

/** They neither write nor ask ORCID. */
const uncounted = [
  '/link-preview',
  '/logo',
  '/metrics',
  '/api/health/live',
  '/api/health/ready',
  '/staff/attempts/look-up',
  '/staff/import/template',
]

test('every route has a limit, but for those that only read', async () => {
  const nobody = '00000000-0000-4000-8000-000000000000'
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (_, name: string) => (name === 'orcid' ? admin : nobody))
  const unlimited: string[] = []
  const routes = Object.values(table).filter(
    ({ kind, at }) => kind === 'route' && !uncounted.includes(at.split('?')[0] ?? ''),
  )
  expect(routes.length).toBeGreaterThan(30)
  const send = (row: (typeof routes)[number]) => {
    const bearer = row.at.startsWith('/api/mail/') ? mailSettings.MAIL_WEBHOOK_SECRET : cronSecret
    const headers = { 'x-forwarded-for': '203.0.113.50', authorization: `Bearer ${bearer}` }
    const url = `${behind.url}${fill(row.at)}`
    const own = Object.entries(row.fields ?? {}).map(([name, value]): [string, string] => [name, fill(value)])
    return row.methods.includes('POST') ? new Visitor().post(url, own, headers) : new Visitor().get(url, headers)
  }
  for (const row of routes) await send(row)
  await setHits(1_000_000)
  await forEachOf(routes, async (row) => {
    const { status } = await send(row)
    if (status !== 429) unlimited.push(`${row.at}: ${status}`)
  })
  expect(unlimited).toEqual([])
})
