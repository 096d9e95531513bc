import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '@/tests/support/database'
import { connect, goToOrcid, until } from '@/tests/support/journey'
import { startPortal, type TestPortal } from '@/tests/support/portal'
import { startTestRegistry, type TestRegistry } from '@/tests/support/registry'
import { startTcpProxy, type TcpProxy } from '@/tests/support/tcp-proxy'
import { Visitor } from '@/tests/support/visitor'

const people = [
  '0000-0099-9458-0735',
  '0000-0002-1825-0097',
  '0000-0099-4262-1291',
  '0000-0099-9722-0030',
  '0000-0099-5475-2774',
]

/** Each test has a registry, a database behind a proxy and a portal of its own, so that they may run side by side. */
type Place = {
  portal: TestPortal
  registry: TestRegistry
  proxy: TcpProxy
  database: TestDatabase
  client: pg.Client
  proxied: string
}

async function makePlace(): Promise<Place> {
  const database = await createTestDatabase()
  const registry = await startTestRegistry()
  const target = new URL(database.url)
  const proxy = await startTcpProxy(Number(target.port))
  const proxied = Object.assign(new URL(database.portalUrl), { port: String(proxy.port), hostname: '127.0.0.1' }).href
  const portal = await startPortal({ databaseUrl: proxied, registry })
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  return { portal, registry, proxy, database, client, proxied }
}

async function closePlace({ portal, registry, proxy, database, client }: Place) {
  await client.end()
  await portal.stop()
  await proxy.close()
  await registry.close()
  await database.drop()
}

const pathOf = (location: string | null) => new URL(location ?? '', 'http://portal').pathname
const liveTokens = async ({ registry }: Place) => (await registry.state()).tokens.filter(({ live }) => live)
const attempts = async ({ client }: Place) =>
  (await client.query('select state::text, outcome::text from authorization_attempt')).rows

describe('while the database is away', () => {
  let place: Place
  beforeAll(async () => {
    place = await makePlace()
  }, 120_000)
  afterAll(() => closePlace(place))

  test('nobody is sent to ORCID in a thousand tries, pages that need no database are served, and readiness says why', async () => {
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
  })

  test('a callback exchanges nothing, keeps its cookies, and completes when it is repeated', async () => {
    const visitor = new Visitor()
    const callback = await goToOrcid(place, visitor, { orcid: people[0] ?? '' })
    place.proxy.down()
    const waiting = await visitor.get(callback)
    expect(waiting.status).toBe(503)
    expect(waiting.headers.get('refresh')).toBe('5')
    expect(waiting.headers.getSetCookie()).toEqual([])
    expect((await place.registry.state()).tokenRequests).toEqual([])
    place.proxy.up()
    expect(pathOf((await visitor.get(callback)).location)).toBe('/connect/connected')
    expect(await liveTokens(place)).toHaveLength(1)
  })

  test('a token that was issued is saved when the database is back in time', async () => {
    const visitor = new Visitor()
    await place.registry.addFault({ on: 'token', fault: 'slow', delayMs: 1_500 })
    const callback = await goToOrcid(place, visitor, { orcid: people[1] ?? '' })
    const answer = visitor.get(callback)
    await until('the exchange has begun', async () => (await place.registry.state()).tokenRequests.length === 2)
    place.proxy.down()
    await new Promise((resolve) => setTimeout(resolve, 5_000))
    place.proxy.up()
    expect(pathOf((await answer).location)).toBe('/connect/connected')
    expect(await liveTokens(place)).toHaveLength(2)
  }, 60_000)

  test('a token that was issued is revoked at ORCID when the database stays away', async () => {
    const visitor = new Visitor()
    await place.registry.addFault({ on: 'token', fault: 'slow', delayMs: 1_500 })
    const callback = await goToOrcid(place, visitor, { orcid: people[2] ?? '' })
    const answer = visitor.get(callback)
    await until('the exchange has begun', async () => (await place.registry.state()).tokenRequests.length === 3)
    place.proxy.down()
    expect(pathOf((await answer).location)).toBe('/connect/not-saved')
    expect(await liveTokens(place)).toHaveLength(2)
    place.proxy.up()
  }, 60_000)
})

describe('an exchange that was lost', () => {
  test.concurrent('to a cut answer leaves no live token 90 s after the claim', async () => {
    const place = await makePlace()
    await place.registry.addFault({ on: 'token', fault: 'cut', afterBytes: 20 })
    const { answer } = await connect(place, { orcid: people[0] ?? '' })
    expect(pathOf(answer.location)).toBe('/connect/orcid-unavailable')
    expect(await liveTokens(place)).toHaveLength(1)
    await until('no token lives', async () => (await liveTokens(place)).length === 0, 90_000)
    await until('the attempt has ended', async () => (await attempts(place))[0]?.state === 'ended')
    expect(await attempts(place)).toEqual([{ state: 'ended', outcome: 'orcid_unavailable' }])
    await closePlace(place)
  }, 150_000)

  test.concurrent('to a killed portal leaves no live token 90 s after the claim, once a portal runs again', async () => {
    const place = await makePlace()
    await place.registry.addFault({ on: 'token', fault: 'slow', delayMs: 3_000 })
    const visitor = new Visitor()
    const callback = await goToOrcid(place, visitor, { orcid: people[0] ?? '' })
    const lost = visitor.get(callback).catch(() => null)
    await until('the exchange has begun', async () => (await place.registry.state()).tokenRequests.length === 1)
    await place.portal.kill()
    await lost
    place.portal = await startPortal({ databaseUrl: place.proxied, registry: place.registry, port: place.portal.port })
    await until('no token lives', async () => (await liveTokens(place)).length === 0, 90_000)
    await until('the attempt has ended', async () => (await attempts(place))[0]?.state === 'ended')
    expect((await place.registry.state()).tokenRequests.length).toBe(2)
    await closePlace(place)
  }, 150_000)
})

test('the jobs are done again in a minute after the database was cut off again and again', async () => {
  const place = await makePlace()
  const { visitor } = await connect(place, { orcid: people[0] ?? '' })
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
  await closePlace(place)
}, 150_000)
