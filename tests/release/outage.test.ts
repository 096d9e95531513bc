import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { onDatabase } from '@/scripts/on-database'
import { createTestDatabase, emptyTables, type TestDatabase } from '@/tests/support/database'
import { connect, goToOrcid, until } from '@/tests/support/journey'
import { startPortal, type TestPortal } from '@/tests/support/portal'
import { startTestRegistry, type TestRegistry } from '@/tests/support/registry'
import { startTcpProxy, type TcpProxy } from '@/tests/support/tcp-proxy'
import { type Answer, Visitor } from '@/tests/support/visitor'

const orcid = '0000-0002-1825-0097'

/**
 * A registry, a database behind a proxy and a portal that one test at a time has for itself; there are two, so that tests
 * may wait side by side. What becomes of exchanges that a crash or a cut answer has lost is tried by the fault schedules
 * (docs/faults.md).
 */
type Fixture = {
  portal: TestPortal
  registry: TestRegistry
  proxy: TcpProxy
  database: TestDatabase
}

async function makeFixture(): Promise<Fixture> {
  const database = await createTestDatabase()
  const registry = await startTestRegistry()
  const target = new URL(database.url)
  const proxy = await startTcpProxy(Number(target.port))
  const proxied = Object.assign(new URL(database.portalUrl), { port: String(proxy.port), hostname: '127.0.0.1' }).href
  const portal = await startPortal({ databaseUrl: proxied, registry })
  return { portal, registry, proxy, database }
}

async function closeFixture({ portal, registry, proxy, database }: Fixture) {
  await portal.stop()
  await proxy.close()
  await registry.close()
  await database.drop()
}

const pathOf = (location: string | null) => new URL(location ?? '', 'http://portal').pathname
const liveTokens = async ({ registry }: Fixture) => (await registry.state()).tokens.filter(({ live }) => live)
const tokenRequests = async ({ registry }: Fixture) => (await registry.state()).tokenRequests

/** Those that no test has just now; who comes when there is none waits for the next that is given back. */
let free: Fixture[]
const waiting: ((fixture: Fixture) => void)[] = []

beforeAll(async () => {
  free = await Promise.all([makeFixture(), makeFixture()])
})
afterAll(() => Promise.all(free.map(closeFixture)))

/** A test in a place of its own, beside another: most of them wait. */
function inOwnFixture(title: string, run: (fixture: Fixture) => Promise<void>): void {
  const inFixture = async () => {
    const fixture = free.pop() ?? (await new Promise<Fixture>((resolve) => waiting.push(resolve)))
    try {
      await run(fixture)
    } finally {
      await tidy(fixture)
      const next = waiting.shift()
      if (next) next(fixture)
      else free.push(fixture)
    }
  }
  test.concurrent(title, inFixture, 240_000)
}

async function tidy({ proxy, registry, database, portal }: Fixture): Promise<void> {
  proxy.up()
  const isReady = async () => (await fetch(`${portal.url}/api/health/ready`)).ok
  await until('the database is back', isReady)
  await registry.clearFaults()
  await registry.forget()
  await onDatabase(database.url, emptyTables)
}

/** A callback whose token is issued, and not yet answered, when the database goes away. */
async function loseDatabaseWhileExchanging(fixture: Fixture): Promise<{ answer: Promise<Answer> }> {
  const visitor = new Visitor()
  await fixture.registry.addFault({ on: 'token', fault: 'slow', delayMs: 1_500 })
  const answer = visitor.get(await goToOrcid(fixture, visitor, { orcid }))
  await until('the exchange has begun', async () => (await tokenRequests(fixture)).length === 1)
  fixture.proxy.down()
  return { answer }
}

describe('while the database is away', () => {
  inOwnFixture(
    'nobody is sent to ORCID in a thousand tries, pages that need no database are served, and readiness says why',
    async (fixture) => {
      const visitor = new Visitor()
      fixture.proxy.down()
      const locations = new Set<string | null>()
      for (let round = 0; round < 20; round++) {
        const starts = Array.from({ length: 50 }, () => visitor.post(`${fixture.portal.url}/connect/start`))
        for (const { location } of await Promise.all(starts)) locations.add(location)
      }
      expect([...locations]).toEqual(['/connect/unavailable'])
      for (const path of ['/', '/connect', '/sign-in', '/connect/unavailable', '/api/health/live']) {
        expect((await visitor.get(`${fixture.portal.url}${path}`)).status, path).toBe(200)
      }
      const ready = await visitor.get(`${fixture.portal.url}/api/health/ready`)
      expect([ready.status, JSON.parse(ready.body)]).toEqual([503, { status: 'not ready', reason: 'database_away' }])
      fixture.proxy.up()
      await until(
        'it is ready',
        async () => (await visitor.get(`${fixture.portal.url}/api/health/ready`)).status === 200,
        5_000,
      )
    },
  )

  inOwnFixture(
    'a callback exchanges nothing, keeps its cookies, and completes when it is repeated',
    async (fixture) => {
      const visitor = new Visitor()
      const callback = await goToOrcid(fixture, visitor, { orcid })
      fixture.proxy.down()
      const waiting = await visitor.get(callback)
      expect(waiting.status).toBe(503)
      expect(waiting.headers.get('refresh')).toBe('5')
      expect(waiting.headers.getSetCookie()).toEqual([])
      expect(await tokenRequests(fixture)).toEqual([])
      fixture.proxy.up()
      expect(pathOf((await visitor.get(callback)).location)).toBe('/connect/connected')
      expect(await liveTokens(fixture)).toHaveLength(1)
    },
  )

  inOwnFixture('a token that was issued is saved when the database is back in time', async (fixture) => {
    const { answer } = await loseDatabaseWhileExchanging(fixture)
    await new Promise((resolve) => setTimeout(resolve, 5_000))
    fixture.proxy.up()
    expect(pathOf((await answer).location)).toBe('/connect/connected')
    expect(await liveTokens(fixture)).toHaveLength(1)
  })

  inOwnFixture('a token that was issued is revoked at ORCID when the database stays away', async (fixture) => {
    const { answer } = await loseDatabaseWhileExchanging(fixture)
    expect(pathOf((await answer).location)).toBe('/connect/not-saved')
    expect(await tokenRequests(fixture)).toHaveLength(1)
    expect(await liveTokens(fixture)).toHaveLength(0)
    fixture.proxy.up()
  })
})

inOwnFixture('the jobs are done again in a minute after the database was cut off again and again', async (fixture) => {
  const { visitor } = await connect(fixture, { orcid })
  for (let round = 0; round < 40; round++) {
    fixture.proxy.down()
    await new Promise((resolve) => setTimeout(resolve, 20 + round * 17))
    fixture.proxy.up()
    await new Promise((resolve) => setTimeout(resolve, 5 + ((round * 37) % 400)))
  }
  await until('the withdrawal is taken', async () => {
    const { location } = await visitor.post(`${fixture.portal.url}/me/withdrawal`)
    return pathOf(location) === '/me/withdrawn'
  })
  await until('the token is disabled at ORCID', async () => (await liveTokens(fixture)).length === 0, 60_000)
})
