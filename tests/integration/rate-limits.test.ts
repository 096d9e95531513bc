import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '@/tests/support/database'
import { connect } from '@/tests/support/journey'
import { startPortal, type TestPortal } from '@/tests/support/portal'
import { startTestRegistry, type TestRegistry } from '@/tests/support/registry'
import { startTcpProxy, type TcpProxy } from '@/tests/support/tcp-proxy'
import { type Answer, Visitor } from '@/tests/support/visitor'

const admin = '0000-0099-5475-2774'

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
  behind = await startPortal({
    databaseUrl: proxied,
    registry,
    env: { TRUSTED_PROXIES: '1', STAFF_ADMINS: admin, WORKER: 'none' },
  })
  alone = await startPortal({ databaseUrl: database.portalUrl, registry, env: { WORKER: 'none' } })
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
}, 120_000)

afterAll(async () => {
  await client.end()
  await behind.stop()
  await alone.stop()
  await proxy.close()
  await registry.close()
  await database.drop()
})

beforeEach(() => client.query('truncate rate_limit'))

const start = (portal: TestPortal, from: string) =>
  new Visitor().post(`${portal.url}/connect/start`, [], { 'x-forwarded-for': from })
const callback = (portal: TestPortal, from: string) =>
  new Visitor().get(`${portal.url}/api/auth/callback/orcid?code=abc&state=def`, { 'x-forwarded-for': from })

async function many(times: number, send: () => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = []
  while (answers.length < times) {
    answers.push(...(await Promise.all(Array.from({ length: Math.min(20, times - answers.length) }, send))))
  }
  return answers
}

/**
 * Asks until it is refused: gives how often it was admitted, and the page that refused. A portal that a busy machine
 * kept waiting for its database has counted a part in memory, and admits up to twice as much.
 */
async function untilRefused(send: () => Promise<Answer>, atOnce = 10): Promise<[number, Answer]> {
  let admitted = 0
  while (admitted < 1_000) {
    const answers = await many(atOnce, send)
    const page = answers.find(({ status }) => status === 429)
    admitted += answers.filter(({ status }) => status !== 429).length
    if (page) return [admitted, page]
  }
  throw new Error('Nothing was refused')
}

const statuses = (answers: Answer[]) => [...new Set(answers.map(({ status }) => status))]
const buckets = async () =>
  (await client.query('select bucket, hits, expires_at - now() as "left" from rate_limit')).rows

describe('of one address', () => {
  test('sixty starts and a hundred callbacks in a minute are admitted, what comes far above waits for the next one, and signing in is counted apart', async () => {
    expect(statuses(await many(60, () => start(behind, '203.0.113.7')))).toEqual([303])
    expect(statuses(await many(100, () => callback(behind, '203.0.113.7')))).toEqual([303])

    const [admitted, page] = await untilRefused(() => start(behind, '203.0.113.7'))
    expect(60 + admitted).toBeGreaterThanOrEqual(120)
    expect(Number(page?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(Number(page?.headers.get('retry-after'))).toBeLessThanOrEqual(60)
    expect(page?.body).toContain('Too many requests')
    expect(page?.body).toMatch(/Please try again in \d+ seconds?/)
    expect(page?.headers.getSetCookie()).toEqual([])

    expect((await start(behind, '203.0.113.8')).status).toBe(303)
    // Signing in is counted apart from connecting.
    const asWell = { 'x-forwarded-for': '203.0.113.7' }
    expect((await new Visitor().post(`${behind.url}/connect/start`, [['purpose', 'sign-in']], asWell)).status).toBe(303)

    await client.query(`update rate_limit set expires_at = now() - interval '1 second'`)
    expect((await start(behind, '203.0.113.7')).status).toBe(303)
  })

  test('what it writes in front of its own address gives it no second allowance', async () => {
    const [admitted] = await untilRefused(() => start(behind, `${Math.random()}, 203.0.113.9`))
    expect(admitted).toBeGreaterThanOrEqual(120)
  })

  test('a callback that has to wait presents its answer again by itself', async () => {
    const [admitted, page] = await untilRefused(() => callback(behind, '203.0.113.10'))
    expect(admitted).toBeGreaterThanOrEqual(300)
    expect([page.status, page.headers.get('refresh')]).toEqual([429, page.headers.get('retry-after')])
    expect(page.body).toContain('it continues with ORCID’s answer')
  })

  test('nothing readable is kept, and that for a minute', async () => {
    await start(behind, '203.0.113.12')
    const kept = await buckets()
    expect(kept).toHaveLength(1)
    expect(kept[0].bucket).toMatch(/^[0-9a-f]{64}$/)
    expect(kept[0].left.minutes ?? 0).toBeLessThanOrEqual(1)
    expect(behind.logs.join('\n')).not.toContain('203.0.113.12')
  })

  test('it is counted in memory while the database is away', async () => {
    proxy.down()
    const [admitted, page] = await untilRefused(() => start(behind, '203.0.113.13'))
    proxy.up()
    expect([admitted, page.status]).toEqual([120, 429])
  })
})

test('without a trusted proxy all callers share one generous allowance, whatever they write', async () => {
  let number = 0
  const answers = await many(200, () => start(alone, `198.51.100.${number++}`))
  expect(statuses(answers)).toEqual([303])
  expect(await buckets()).toHaveLength(1)
})

test('a person who exports again and again has to wait, whatever address they come from', async () => {
  const { visitor } = await connect({ portal: behind, registry }, { orcid: admin })
  const get = (path: string) =>
    visitor.get(`${behind.url}${path}`, { 'x-forwarded-for': `203.0.113.${Math.floor(Math.random() * 200)}` })
  for (const path of ['/staff/researchers/export?format=csv', '/me/data']) {
    const [admitted] = await untilRefused(() => get(path), 1)
    expect(admitted, path).toBeGreaterThanOrEqual(60)
  }
})
