import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { migrate } from '@/scripts/migrations'
import { type EmbeddedPostgres, startPostgres } from '@/scripts/postgres'
import { sharedTemporaryDirectory } from '@/scripts/postgres-system'
import { connect } from '@/tests/support/journey'
import { startPortal, type TestPortal } from '@/tests/support/portal'
import { startTestRegistry, type TestRegistry } from '@/tests/support/registry'
import { Visitor } from '@/tests/support/visitor'

const visitorsMax = 50
const awayMs = 10_000
const pauseMs = 500
const people = ['0000-0099-9458-0735', '0000-0002-1825-0097', '0000-0099-4262-1291', '0000-0099-9722-0030']

type Answer = { at: number; tookMs: number; what: string; status: number; location: string | null }

let directory: string
let server: EmbeddedPostgres
let registry: TestRegistry
let portal: TestPortal

beforeAll(async () => {
  directory = mkdtempSync(join(sharedTemporaryDirectory(), 'concord-restart-'))
  server = await startPostgres({ directory, durable: false })
  await migrate(server.url)
  registry = await startTestRegistry()
  portal = await startPortal({ databaseUrl: server.url, registry })
})

afterAll(async () => {
  await portal.stop()
  await registry.close()
  await server.stop()
  rmSync(directory, { recursive: true, force: true })
})

/** Goes round and round: the front page, the button, and their own page where they are signed in. */
async function wander(visitor: Visitor, answers: Answer[], isOver: () => boolean): Promise<void> {
  const steps = {
    front: () => visitor.get(`${portal.url}/`),
    button: () => visitor.post(`${portal.url}/connect/start`),
    me: () => visitor.get(`${portal.url}/me`),
    health: () => visitor.get(`${portal.url}/api/health/live`),
  }
  while (!isOver()) {
    for (const [what, step] of Object.entries(steps)) {
      const at = performance.now()
      const answer = await step().catch(() => ({ status: 0, location: null }))
      answers.push({ at, tookMs: performance.now() - at, what, status: answer.status, location: answer.location })
      await sleep(pauseMs)
    }
  }
}

const leadsToOrcid = ({ what, location }: Answer) => what === 'button' && location?.startsWith(registry.url)
const isOwnPage = ({ what, status }: Answer) => what === 'me' && status === 200

test('PostgreSQL stopped and started under fifty visitors: no crash, no error page, good answers within 5 s', async () => {
  const signedIn = await Promise.all(
    people.map(async (orcid) => (await connect({ portal, registry }, { orcid })).visitor),
  )
  const visitors = Array.from(
    { length: visitorsMax },
    (_, index) => signedIn[index % people.length]?.clone() ?? new Visitor(),
  )
  const answers: Answer[] = []
  let over = false
  const crowd = Promise.all(visitors.map((visitor) => wander(visitor, answers, () => over)))
  await sleep(3_000)
  const stoppedAt = performance.now()
  await server.stop()
  await sleep(awayMs)
  const away = { from: performance.now() - awayMs, to: performance.now() }
  server = await startPostgres({ directory, port: server.port, durable: false })
  const backAt = performance.now()
  await sleep(8_000)
  over = true
  await crowd

  const during = answers.filter(({ at, tookMs }) => at > away.from && at + tookMs < away.to)
  expect(during.filter(({ what }) => what === 'front' || what === 'health').map(({ status }) => status)).not.toContain(
    503,
  )
  expect(
    new Set(answers.filter(({ what }) => what === 'front' || what === 'health').map(({ status }) => status)),
  ).toEqual(new Set([200]))
  const failed = answers.filter(({ status }) => status === 0 || status >= 500)
  expect(failed.map(({ what, status }) => `${what} ${status}`)).toEqual([])
  const turnedAway = during.filter(({ what }) => what === 'button' || what === 'me')
  expect(new Set(turnedAway.map(({ location }) => location))).toEqual(new Set(['/connect/unavailable']))

  const good = answers.filter((answer) => leadsToOrcid(answer) || isOwnPage(answer))
  const bad = answers.filter(
    (answer) => ['button', 'me'].includes(answer.what) && !leadsToOrcid(answer) && !isOwnPage(answer),
  )
  const lastBad = Math.max(...bad.map(({ at }) => at))
  const firstGood = Math.min(...good.filter(({ at }) => at > away.to).map(({ at }) => at))
  console.info(
    `${answers.length} answers, ${turnedAway.length} turned away; away ${((backAt - stoppedAt) / 1000).toFixed(1)} s; first good ${(firstGood - backAt).toFixed(0)} ms and last bad ${(lastBad - backAt).toFixed(0)} ms after it was back`,
  )
  // On a machine that is busy with other things everything is late: what needs no database says by how much.
  const others = answers.filter(({ at, what }) => what === 'health' && at > away.to)
  const slownessMs = Math.max(...others.map(({ tookMs }) => tookMs))
  expect(lastBad - backAt).toBeLessThan(5_000 + slownessMs)
  expect(good.filter(({ at }) => at > lastBad).length).toBeGreaterThan(visitorsMax / 2)

  const page = await visitors[0]?.get(`${portal.url}/connect/unavailable`)
  expect(page?.status).toBe(200)
  expect(page?.body).toContain('href="/"')
})
