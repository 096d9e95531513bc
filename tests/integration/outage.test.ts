import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { onDatabase } from '@/scripts/workspace-database'
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
type Place = {
  portal: TestPortal
  registry: TestRegistry
  proxy: TcpProxy
  database: TestDatabase
}

async function makePlace(): Promise<Place> {
  const database = await createTestDatabase()
  const registry = await startTestRegistry()
  const target = new URL(database.url)
  const proxy = await startTcpProxy(Number(target.port))
  const proxied = Object.assign(new URL(database.portalUrl), { port: String(proxy.port), hostname: '127.0.0.1' }).href
  const portal = await startPortal({ databaseUrl: proxied, registry })
  return { portal, registry, proxy, database }
}

async function closePlace({ portal, registry, proxy, database }: Place) {
  await portal.stop()
  await proxy.close()
  await registry.close()
  await database.drop()
}

const pathOf = (location: string | null) => new URL(location ?? '', 'http://portal').pathname
const liveTokens = async ({ registry }: Place) => (await registry.state()).tokens.filter(({ live }) => live)
const tokenRequests = async ({ registry }: Place) => (await registry.state()).tokenRequests

/** Those that no test has just now; who comes when there is none waits for the next that is given back. */
let free: Place[]
const waiting: ((place: Place) => void)[] = []

beforeAll(async () => {
  free = await Promise.all([makePlace(), makePlace()])
}, 120_000)
afterAll(() => Promise.all(free.map(closePlace)))

/** A test in a place of its own, beside another: most of them wait. */
function inOwnPlace(title: string, run: (place: Place) => Promise<void>): void {
  const inPlace = async () => {
    const place = free.pop() ?? (await new Promise<Place>((resolve) => waiting.push(resolve)))
    try {
      await run(place)
    } finally {
      await tidy(place)
      const next = waiting.shift()
      if (next) next(place)
      else free.push(place)
    }
  }
  test.concurrent(title, inPlace, 240_000)
}

async function tidy({ proxy, registry, database, portal }: Place): Promise<void> {
  proxy.up()
  const isReady = async () => (await fetch(`${portal.url}/api/health/ready`)).ok
  await until('the database is back', isReady)
  await registry.clearFaults()
  await registry.forget()
  await onDatabase(database.url, emptyTables)
}

/** A callback whose token is issued, and not yet answered, when the database goes away. */
async function loseDatabaseWhileExchanging(place: Place): Promise<{ answer: Promise<Answer> }> {
  const visitor = new Visitor()
  await place.registry.addFault({ on: 'token', fault: 'slow', delayMs: 1_500 })
  const answer = visitor.get(await goToOrcid(place, visitor, { orcid }))
  await until('the exchange has begun', async () => (await tokenRequests(place)).length === 1)
  place.proxy.down()
  return { answer }
}

describe('while the database is away', () => {
  inOwnPlace(
    'nobody is sent to ORCID in a thousand tries, pages that need no database are served, and readiness says why',
    async (place) => {
      const visitor = new Visitor()
      place.proxy.down()
      const locations = new Set<string | null>()
      for (let round = 0; round < 20; round++) {
        const starts = Array.from({ length: 50 }, () => visitor.post(`${place.portal.url}/connect/start`))
        for (const { location } of await Promise.all(starts)) locations.add(location)
      }
      expect([...locations]).toEqual(['/connect/unavailable'])
      for (const path of ['/', '/connect', '/sign-in', '/connect/unavailable', '/api/health/live']) {
        expect((await visitor.get(`${place.portal.url}${path}`)).status, path).toBe(200)
      }
      const ready = await visitor.get(`${place.portal.url}/api/health/ready`)
      expect([ready.status, JSON.parse(ready.body)]).toEqual([503, { status: 'not ready', reason: 'database_away' }])
      place.proxy.up()
      await until(
        'it is ready',
        async () => (await visitor.get(`${place.portal.url}/api/health/ready`)).status === 200,
        5_000,
      )
    },
  )

  inOwnPlace('a callback exchanges nothing, keeps its cookies, and completes when it is repeated', async (place) => {
    const visitor = new Visitor()
    const callback = await goToOrcid(place, visitor, { orcid })
    place.proxy.down()
    const waiting = await visitor.get(callback)
    expect(waiting.status).toBe(503)
    expect(waiting.headers.get('refresh')).toBe('5')
    expect(waiting.headers.getSetCookie()).toEqual([])
    expect(await tokenRequests(place)).toEqual([])
    place.proxy.up()
    expect(pathOf((await visitor.get(callback)).location)).toBe('/connect/connected')
    expect(await liveTokens(place)).toHaveLength(1)
  })

  inOwnPlace('a token that was issued is saved when the database is back in time', async (place) => {
    const { answer } = await loseDatabaseWhileExchanging(place)
    await new Promise((resolve) => setTimeout(resolve, 5_000))
    place.proxy.up()
    expect(pathOf((await answer).location)).toBe('/connect/connected')
    expect(await liveTokens(place)).toHaveLength(1)
  })

  inOwnPlace('a token that was issued is revoked at ORCID when the database stays away', async (place) => {
    const { answer } = await loseDatabaseWhileExchanging(place)
    expect(pathOf((await answer).location)).toBe('/connect/not-saved')
    expect(await tokenRequests(place)).toHaveLength(1)
    expect(await liveTokens(place)).toHaveLength(0)
    place.proxy.up()
  })
})

inOwnPlace('the jobs are done again in a minute after the database was cut off again and again', async (place) => {
  const { visitor } = await connect(place, { orcid })
  for (let round = 0; round < 40; round++) {
    place.proxy.down()
    await new Promise((resolve) => setTimeout(resolve, 20 + round * 17))
    place.proxy.up()
    await new Promise((resolve) => setTimeout(resolve, 5 + ((round * 37) % 400)))
  }
  await until('the withdrawal is taken', async () => {
    const { location } = await visitor.post(`${place.portal.url}/me/withdrawal`)
    return pathOf(location) === '/me/withdrawn'
  })
  await until('the token is disabled at ORCID', async () => (await liveTokens(place)).length === 0, 60_000)
})
