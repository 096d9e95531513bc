import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dumpDatabase, findSecrets, receivedBy } from '@/tests/support/canaries'
import { createTestDatabase, type TestDatabase } from '@/tests/support/database'
import { type EchoingOrcid, echoes, startEchoingOrcid } from '@/tests/support/echoing-orcid'
import { connect, goToOrcid, until } from '@/tests/support/journey'
import { startPortal, type TestPortal, testSecrets } from '@/tests/support/portal'
import { startTestRegistry, type TestRegistry } from '@/tests/support/registry'
import { startTcpProxy, type TcpProxy } from '@/tests/support/tcp-proxy'
import { Visitor } from '@/tests/support/visitor'

const josiah = '0000-0002-1825-0097'
const faults = ['html_500', 'torn_json', 'cut', 'extra_fields', 'wrong_sub', 'wrong_nonce', 'no_id_token'] as const
const pages = [
  '/',
  '/me',
  '/me/data',
  '/me/withdraw',
  '/me/erase',
  '/me/erase/confirm',
  '/staff',
  '/staff/figures',
  '/staff/attention',
  '/staff/team',
  '/staff/sessions',
  '/staff/researchers',
  `/staff/researchers/${josiah}`,
  '/staff/researchers/export?format=json',
  '/staff/researchers/export?format=csv',
]

let database: TestDatabase
let registry: TestRegistry
let proxy: TcpProxy
let portal: TestPortal
let orcid: EchoingOrcid
let echoed: TestPortal
const visitors: Visitor[] = []

beforeAll(async () => {
  database = await createTestDatabase()
  registry = await startTestRegistry()
  proxy = await startTcpProxy(Number(new URL(database.url).port))
  const databaseUrl = Object.assign(new URL(database.portalUrl), {
    port: String(proxy.port),
    hostname: '127.0.0.1',
  }).href
  const env = { STAFF_ADMINS: josiah }
  portal = await startPortal({ databaseUrl, registry, env })
  orcid = await startEchoingOrcid()
  // The same database and keys, and an ORCID that repeats what it hears.
  echoed = await startPortal({
    databaseUrl,
    registry: { ...registry, url: orcid.url },
    env: { ...env, WORKER: 'none' },
  })
})

afterAll(async () => {
  await echoed?.stop()
  await portal?.stop()
  await orcid?.close()
  await proxy?.close()
  await registry?.close()
  await database?.drop()
})

/** A browser of which the answers of the portal, and of nobody else, are searched. */
function newVisitor(): Visitor {
  const visitor = new Visitor()
  visitors.push(visitor)
  return visitor
}

/** Goes to ORCID and comes back. What came before is forgotten: codes come from there. Gives the code. */
async function returnFrom(visitor: Visitor, person: string): Promise<string> {
  const callback = await goToOrcid({ portal, registry }, visitor, { orcid: person })
  visitor.received.length = 0
  await visitor.follow(await visitor.get(callback))
  return new URL(callback).searchParams.get('code') ?? ''
}

/** As somebody comes back to the second portal, with a code that only this test knows. */
async function returnToEchoed(code: string): Promise<number> {
  const visitor = newVisitor()
  const start = await visitor.post(`${echoed.url}/connect/start`)
  const state = new URL(start.location ?? '').searchParams.get('state') ?? ''
  visitor.received.length = 0
  const query = new URLSearchParams({ code, state })
  return (await visitor.follow(await visitor.get(`${echoed.url}/api/auth/callback/orcid?${query}`))).status
}

describe('tokens, codes, the client secret, sealing keys and the session secret', () => {
  const codes: string[] = []

  async function goEveryWay() {
    const visitor = newVisitor()
    codes.push(await returnFrom(visitor, josiah))
    for (const path of pages) expect((await visitor.get(`${portal.url}${path}`)).status, path).toBe(200)
    for (const fault of faults) {
      await registry.addFault({ on: 'token', fault })
      codes.push(await returnFrom(newVisitor(), '0000-0099-9458-0735'))
    }
    await registry.addFault({ on: 'revoke', fault: 'html_500' })
    await visitor.post(`${portal.url}/me/withdrawal`)
    for (const path of ['/me', '/me/data', '/staff']) await visitor.get(`${portal.url}${path}`)
  }

  async function meetOrcidThatQuotesThem() {
    for (const echo of echoes) {
      orcid.answer(echo)
      const code = `canary-code-${echo}-${Date.now()}`
      codes.push(code)
      expect(await returnToEchoed(code), echo).toBe(200)
      expect(
        orcid.requests.some((request) => request.includes(code)),
        echo,
      ).toBe(true)
    }
  }

  async function loseDatabase() {
    const visitor = newVisitor()
    const { visitor: signedIn } = await connect({ portal, registry }, { orcid: josiah })
    signedIn.received.length = 0
    visitors.push(signedIn)
    const callback = await goToOrcid({ portal, registry }, visitor, { orcid: '0000-0099-4262-1291' })
    visitor.received.length = 0
    proxy.down()
    expect((await visitor.get(callback)).status).toBe(503)
    for (const path of [...pages, '/api/health/ready']) await signedIn.get(`${portal.url}${path}`)
    await signedIn.post(`${portal.url}/me/withdrawal`)
    proxy.up()
    await until('it is ready', async () => (await visitor.get(`${portal.url}/api/health/ready`)).status === 200)
    await visitor.follow(await visitor.get(callback))
    codes.push(new URL(callback).searchParams.get('code') ?? '')
  }

  beforeAll(async () => {
    await goEveryWay()
    await meetOrcidThatQuotesThem()
    await loseDatabase()
  })

  test('are found in no body, header, log line, export, row, or byte of the database, whatever people and ORCID do', async () => {
    const { tokens } = await registry.state()
    expect(tokens.length).toBeGreaterThan(4)
    const [, key = ''] = testSecrets.tokenKeys.split(':')
    const secrets: Record<string, string> = {
      'the client secret': registry.clientSecret,
      'the session secret': testSecrets.sessionSecret,
      'the sealing key': key,
      'the sealing key as bytes': Buffer.from(key, 'base64').toString('latin1'),
      'the echoed token': orcid.token,
      ...Object.fromEntries(
        tokens.flatMap(({ accessToken, refreshToken }, n) => [
          [`access token ${n}`, accessToken],
          [`refresh token ${n}`, String(refreshToken)],
        ]),
      ),
    }
    expect(Object.values(secrets).every((secret) => secret.length > 20)).toBe(true)
    expect(codes.every((code) => code.length > 5)).toBe(true)
    const answers = receivedBy(visitors)
    const logs = [...portal.logs, ...echoed.logs].join('\n')
    const stored = await dumpDatabase(database.url)
    expect([answers.includes(josiah), logs.includes('callback'), stored['the dump']?.includes(josiah)]).toEqual([
      true,
      true,
      true,
    ])
    expect(stored['the files']).toContain(josiah)
    const places = { 'an answer': answers, 'a log line': logs, ...stored }
    expect(findSecrets(secrets, places)).toEqual([])
    const named = Object.fromEntries(codes.map((code, n) => [`code ${n}`, code]))
    // Six characters may be met by chance among the random ones of a ciphertext: there, whole words are looked for.
    const words = Object.fromEntries(
      Object.entries(places).map(([place, text]) => [place, new Set(text.split(/[^\w-]+/))]),
    )
    expect(
      Object.entries(words).flatMap(([place, known]) =>
        Object.entries(named).flatMap(([name, code]) => (known.has(code) ? [`${name} is in ${place}`] : [])),
      ),
    ).toEqual([])
  })

  test('would be found: in a row that was deleted, in base64, in a log line', async () => {
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    await client.query(`CREATE TABLE leaked AS SELECT 'a-canary-of-forty-characters-and-some-more' AS it`)
    await client.query('DELETE FROM leaked')
    await client.end()
    const found = await dumpDatabase(database.url)
    const secret = { it: 'a-canary-of-forty-characters-and-some-more' }
    expect(findSecrets(secret, found)).toEqual(['it is in the files'])
    const coated = `x${Buffer.from(`{"t":"${secret.it}"}`).toString('base64')}`
    expect(findSecrets(secret, { 'a log line': coated })).toEqual(['it is in a log line'])
  })
})
