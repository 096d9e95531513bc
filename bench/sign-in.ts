import { join } from 'node:path'
import { buildPortalWithPages, buildStockSignIn } from '@/bench/builds'
import { type InstantOrcid, startInstantOrcid } from '@/bench/instant-orcid'
import { type Figure, median } from '@/bench/timing'
import { freePort } from '@/scripts/ports'
import { bareEnv, startProcess } from '@/scripts/processes'
import { createTestDatabase } from '@/tests/support/database'
import { until } from '@/tests/support/journey'
import { startPortal } from '@/tests/support/portal'
import { Visitor } from '@/tests/support/visitor'

/** (e) what a callback costs beside that of next-auth alone with a session in a cookie; ORCID's own time is taken off. */
export async function measureCallbacks(attempts: number): Promise<Figure[]> {
  const orcid = await startInstantOrcid()
  const database = await createTestDatabase()
  const portal = await startPortal({
    databaseUrl: database.portalUrl,
    registry: orcid,
    standalone: buildPortalWithPages(),
    env: { TRUSTED_PROXIES: '1' },
  })
  const stock = await startStock(orcid)
  try {
    const ours: number[] = []
    const theirs: number[] = []
    for (let attempt = 0; attempt < attempts; attempt++) {
      // Limits count by address; each attempt comes from its own.
      const from = { 'x-forwarded-for': `198.18.${attempt >> 8}.${attempt & 255}` }
      ours.push(
        await travel(
          orcid,
          (visitor) => visitor.post(`${portal.url}/connect/start`, [['purpose', 'connect']], from),
          from,
        ),
      )
      theirs.push(await travel(orcid, (visitor) => pressStockButton(stock.url, visitor)))
    }
    const [own, other] = [median(ours), median(theirs)]
    const note = `${attempts} attempts; ORCID's time taken off`
    return [
      { what: 'callback beside next-auth alone, ms', value: own, against: other, ratio: own / other, atMost: 3, note },
    ]
  } finally {
    await stock.stop()
    await portal.stop()
    await database.drop()
    await orcid.close()
  }
}

type Answer = Awaited<ReturnType<Visitor['get']>>

/** One attempt by somebody new; gives what the callback alone took. */
async function travel(
  orcid: InstantOrcid,
  press: (visitor: Visitor) => Promise<Answer>,
  headers: Record<string, string> = {},
): Promise<number> {
  const visitor = new Visitor()
  const start = await press(visitor)
  const back = await visitor.get(start.location ?? '')
  orcid.takeBusyMs()
  const startedAt = performance.now()
  const { status, location } = await visitor.get(back.location ?? '', headers)
  const tookMs = performance.now() - startedAt - orcid.takeBusyMs()
  if (status !== 302 && status !== 303) throw new Error(`The callback answered ${status}`)
  if (location?.includes('error') || /not-saved|nothing|unavailable/.test(location ?? '')) {
    throw new Error(`The callback led to ${location}`)
  }
  return tookMs
}

async function pressStockButton(url: string, visitor: Visitor): Promise<Answer> {
  const { body } = await visitor.get(`${url}/api/auth/csrf`)
  const { csrfToken } = JSON.parse(body) as { csrfToken: string }
  return visitor.post(`${url}/api/auth/signin/orcid`, [['csrfToken', csrfToken]])
}

async function startStock(orcid: InstantOrcid) {
  const standalone = buildStockSignIn()
  const port = await freePort()
  const url = `http://localhost:${port}`
  const env = {
    ...bareEnv(),
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    PORT: String(port),
    HOSTNAME: '127.0.0.1',
    NEXTAUTH_URL: url,
    NEXTAUTH_SECRET: 'of a portal without a database',
    ORCID_ISSUER: orcid.url,
    ORCID_CLIENT_ID: orcid.clientId,
    ORCID_CLIENT_SECRET: orcid.clientSecret,
  }
  const server = startProcess({ name: 'next-auth alone', args: [join(standalone, 'server.js')], env, cwd: standalone })
  await until('next-auth alone is ready', () =>
    fetch(url).then(
      ({ ok }) => ok,
      () => false,
    ),
  )
  return { url, stop: () => server.stop() }
}
