import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { portalUrl } from '@/scripts/portal'
import { freePort } from '@/scripts/ports'
import { type Balancer, startBalancer } from '@/tests/support/balancer'
import { createTestDatabase, type TestDatabase } from '@/tests/support/database'
import { connect, goToOrcid, until } from '@/tests/support/journey'
import { startPortal, type TestPortal } from '@/tests/support/portal'
import { startTestRegistry, type TestRegistry } from '@/tests/support/registry'
import { type Answer, Visitor } from '@/tests/support/visitor'

const people = [
  '0000-0099-9458-0735',
  '0000-0002-1825-0097',
  '0000-0099-4262-1291',
  '0000-0099-9722-0030',
  '0000-0099-6224-1544',
  '0000-0099-2040-5600',
  '0000-0099-0293-1375',
  '0000-0099-3236-405X',
  '0009-0099-8603-9540',
  '0000-0099-8145-4211',
  '0000-0099-5858-4712',
  '0000-0099-8656-9077',
]

let database: TestDatabase
let registry: TestRegistry
let replicas: TestPortal[]
let balancer: Balancer
let client: pg.Client
let place: { portal: TestPortal; registry: TestRegistry }

beforeAll(async () => {
  database = await createTestDatabase()
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
  registry = await startTestRegistry()
  const port = await freePort()
  const url = portalUrl(port)
  registry.admit(url)
  replicas = []
  for (let count = 0; count < 3; count++) {
    replicas.push(await startPortal({ databaseUrl: database.url, registry, env: { NEXTAUTH_URL: url } }))
  }
  balancer = await startBalancer(
    port,
    replicas.map((replica) => replica.port),
  )
  place = { portal: { ...(replicas[0] as TestPortal), url, port }, registry }
}, 180_000)

afterAll(async () => {
  await balancer.stop()
  await Promise.all(replicas.map((replica) => replica.stop()))
  await registry.close()
  await client.end()
  await database.drop()
})

const rows = async (sql: string) => (await client.query(sql)).rows
const liveTokens = async () => (await registry.state()).tokens.filter(({ live }) => live)

/** An attempt whose callback is opened again, as people do, when the browser shows that the connection broke. */
async function travel(orcid: string): Promise<string> {
  const visitor = new Visitor()
  const broken = (answer: Answer | null) => !answer || answer.status >= 500
  const callback = await goToOrcid(place, visitor, { orcid }).catch(() => null)
  if (!callback) return 'never sent'
  let answer = await visitor.get(callback).catch(() => null)
  for (let tries = 0; tries < 3 && broken(answer); tries++) {
    await sleep(500)
    answer = await visitor.get(callback).catch(() => null)
  }
  return new URL(answer?.location ?? '/nowhere', place.portal.url).pathname
}

test('one of three replicas killed under load loses nothing: what ORCID has live is what we hold', async () => {
  await registry.addFault({ on: 'token', fault: 'slow', delayMs: 1_500, times: 0 })
  const attempts = people.flatMap((orcid, index) =>
    [0, 1].map(async (round) => {
      await sleep(round * 1_500 + index * 40)
      return travel(orcid)
    }),
  )
  await until('exchanges are under way', async () => (await registry.state()).tokenRequests.length >= 6)
  await replicas[1]?.kill()
  const ends = await Promise.all(attempts)
  await registry.clearFaults()

  const undecided = `select 1 from authorization_attempt where state in ('exchanging', 'recovering')`
  await until('every exchange is decided', async () => (await rows(undecided)).length === 0, 120_000)
  const waiting = 'select 1 from revocation where confirmed_at is null'
  await until('everything is revoked that must be', async () => (await rows(waiting)).length === 0, 30_000)
  const held = await rows(
    `select r.orcid from "grant" g join researcher r on r.id = g.researcher_id where g.state = 'live'`,
  )
  const alive = (await liveTokens()).map(({ orcid }) => orcid)
  expect(alive.sort()).toEqual(held.map(({ orcid }) => orcid).sort())

  const lost = await rows(
    `select 1 from audit_event where action = 'attempt.ended' and detail->>'outcome' = 'not_saved'`,
  )
  expect(lost.length).toBeGreaterThan(0)
  const exchanges = (await registry.state()).tokenRequests.length
  console.info(
    `${balancer.name}: ${JSON.stringify(countOf(ends))}; ${exchanges} token requests, ${lost.length} recovered, ${alive.length} live`,
  )
}, 240_000)

test('the two that are left take everybody', async () => {
  const ends = await Promise.all(people.map((orcid) => connect(place, { orcid })))
  for (const { answer } of ends) expect(answer.location).toMatch(/\/connect\/(connected|updated|already-connected)$/)
})

function countOf(ends: string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const end of ends) counts[end] = (counts[end] ?? 0) + 1
  return counts
}
