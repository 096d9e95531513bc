import { existsSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { portalUrl } from '@/scripts/portal'
import { freePort } from '@/scripts/ports'
import { startBalancer, startReadyBalancer } from '@/tests/support/balancer'
import { createTestDatabase, type TestDatabase } from '@/tests/support/database'
import { connect, until } from '@/tests/support/journey'
import { startPortal, type TestPortal } from '@/tests/support/portal'
import { startTestRegistry, type TestRegistry } from '@/tests/support/registry'

const requests = 5_000
const people = ['0000-0099-9458-0735', '0000-0002-1825-0097', '0000-0099-4262-1291', '0000-0099-9722-0030']
const paths = ['/', '/sign-in', '/me', '/staff', '/api/health/live', '/connect/unavailable']

let database: TestDatabase
let registry: TestRegistry

beforeAll(async () => {
  database = await createTestDatabase()
  registry = await startTestRegistry()
})

afterAll(async () => {
  await registry.close()
  await database.drop()
})

process.env.NGINX_PATH ??= ['/usr/sbin/nginx'].find(existsSync)

test.each([
  { name: 'a balancer that follows readiness', start: startReadyBalancer },
  ...(process.env.NGINX_PATH ? [{ name: 'nginx as in deploy/nginx', start: startBalancer }] : []),
])(
  'three portals are replaced in turn behind $name: no request of 5,000 fails',
  async ({ start }) => {
    const port = await freePort()
    const url = portalUrl(port)
    registry.admit(url)
    const env = { NEXTAUTH_URL: url, DRAIN_SECONDS: '2' }
    const startOne = (own?: number) => startPortal({ databaseUrl: database.portalUrl, registry, port: own, env })
    const portals: TestPortal[] = []
    for (let count = 0; count < 3; count++) portals.push(await startOne())
    const balancer = await start(
      port,
      portals.map((portal) => portal.port),
    )
    const failed: string[] = []
    let sent = 0
    let isReplaced = false
    const visit = async () => {
      while (sent < requests || !isReplaced) {
        const path = paths[sent++ % paths.length] as string
        const status = await fetch(`${url}${path}`, { redirect: 'manual' }).then(
          async (answer) => {
            const body = await answer.text()
            return answer.status === 502 ? `502 ${body}` : answer.status
          },
          (error) => String(error.cause ?? error),
        )
        if (status !== 200 && status !== 303 && status !== 307) failed.push(`${path}: ${status}`)
      }
    }
    const load = Array.from({ length: 8 }, visit)
    const place = { portal: { ...(portals[0] as TestPortal), url, port }, registry }
    const ends: string[] = []
    for (const [index, portal] of portals.entries()) {
      const connecting = connect(place, { orcid: people[index] as string })
      const stopping = portal.stop(60_000)
      await until('it says that it closes', async () => {
        const answer = await fetch(`http://127.0.0.1:${portal.port}/api/health/ready`)
        return answer.status === 503 && (await answer.json()).reason === 'closing'
      })
      await stopping
      portals[index] = await startOne(portal.port)
      ends.push((await connecting).answer.location ?? 'nowhere')
    }
    isReplaced = true
    await Promise.all(load)
    await balancer.stop()
    await Promise.all(portals.map((portal) => portal.stop()))
    console.info(`${balancer.name}: ${sent} requests, ${failed.length} failed`)
    expect(sent).toBeGreaterThanOrEqual(requests)
    expect(failed).toEqual([])
    for (const end of ends) expect(end).toMatch(/\/connect\/(connected|updated|already-connected)$/)
  },
  900_000,
)
