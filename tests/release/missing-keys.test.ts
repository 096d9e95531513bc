import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { KeyRing } from '@/lib/crypto/sealed'
import { createTestDatabase, emptyTables, type TestDatabase } from '@/tests/support/database'
import { connect, until } from '@/tests/support/journey'
import { runKeys } from '@/tests/support/keys-command'
import { startPortal, type TestPortal } from '@/tests/support/portal'
import { startTestRegistry, type TestRegistry } from '@/tests/support/registry'
import { makeSealingKey, sealInstallation } from '@/tests/support/sealed-grants'
import type { Visitor } from '@/tests/support/visitor'

const grace = '0000-0099-5475-2774'
const [ada, josiah, ellen, mary] = [
  '0000-0099-9458-0735',
  '0000-0002-1825-0097',
  '0000-0099-4262-1291',
  '0000-0099-9722-0030',
] as const
const people = [ada, josiah, ellen, mary]
const sure: [string, string] = ['sure', 'yes']
const metricsToken = Buffer.from('what the monitor says at the door').toString('base64url')

const [older, newer] = [makeSealingKey('k1'), makeSealingKey('k2')]
const [k1, k2] = [older.text, newer.text]

let database: TestDatabase
let registry: TestRegistry
let client: pg.Client
let running: TestPortal[] = []

beforeAll(async () => {
  database = await createTestDatabase()
  registry = await startTestRegistry()
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
})

afterEach(async () => {
  for (const portal of [...running]) await stop(portal)
})

afterAll(async () => {
  await registry.close()
  await client.end()
  await database.drop()
})

beforeEach(async () => {
  await registry.forget()
  await emptyTables(client)
  await client.query('delete from installation')
  await client.query('delete from replica')
  // The proof that the keys fit is under k1.
  await sealInstallation(client, new KeyRing([older]))
})

const rows = async (sql: string) => (await client.query(sql)).rows
const liveTokens = async () => (await registry.state()).tokens.filter(({ live }) => live)
const noTokenLives = () => until('no token lives', async () => (await liveTokens()).length === 0)
const place = (portal: TestPortal) => ({ portal, registry })
const job = (name: string) => client.query('select graphile_worker.add_job($1)', [name])

async function start(tokenKeys: string, env: Record<string, string> = {}): Promise<TestPortal> {
  const settings = { TOKEN_KEYS: tokenKeys, STAFF_ADMINS: grace, METRICS_TOKEN: metricsToken, ...env }
  const portal = await startPortal({ databaseUrl: database.portalUrl, registry, env: settings })
  running.push(portal)
  return portal
}

async function stop(portal: TestPortal): Promise<void> {
  running = running.filter((one) => one !== portal)
  await portal.stop()
}

/** People who connect while tokens are sealed under k2, at a portal that is gone afterwards. */
async function connectUnderK2(orcids: readonly string[], then?: (visitor: Visitor, url: string) => Promise<unknown>) {
  const portal = await start(`${k2},${k1}`, { WORKER: 'none' })
  const visitors: Visitor[] = []
  for (const orcid of orcids) {
    const { visitor } = await connect(place(portal), { orcid })
    await then?.(visitor, portal.url)
    visitors.push(visitor)
  }
  await stop(portal)
  return visitors
}

describe('while a key is missing', () => {
  test('revocations that need it do not hold up others, and staff read which key it is', async () => {
    await connectUnderK2(people, (visitor, url) => visitor.post(`${url}/me/withdrawal`))
    const portal = await start(k1)
    await job('revoke')
    const { visitor } = await connect(place(portal), { orcid: grace })
    await visitor.post(`${portal.url}/me/withdrawal`)
    await until('the fifth is revoked', async () => (await liveTokens()).every(({ orcid }) => orcid !== grace))
    expect(await liveTokens()).toHaveLength(people.length)
    const waiting = `select last_outcome from revocation where confirmed_at is null and last_outcome = 'key_missing'`
    await until('all four were tried', async () => (await rows(waiting)).length === people.length)
    expect((await visitor.get(`${portal.url}/staff/figures`)).body).toContain(
      'Sealed with the key k2, which is missing',
    )

    await stop(portal)
    await start(`${k1},${k2}`)
    await job('revoke')
    await noTokenLives()
  })

  test('withdrawing and erasing end everything here at once, and the tokens die when the key is back', async () => {
    const [one, two] = await connectUnderK2([ada, josiah])
    const portal = await start(k1)
    await one?.post(`${portal.url}/me/withdrawal`)
    await two?.post(`${portal.url}/me/erasure`, [sure])
    expect(await rows('select orcid, state::text from researcher')).toEqual([{ orcid: ada, state: 'withdrawn' }])
    expect(
      await rows(
        'select state::text, coalesce(sealed_access_token, sealed_refresh_token, sealed_response) as held from "grant"',
      ),
    ).toEqual([{ state: 'withdrawn_here', held: null }])
    expect(await rows('select 1 from revocation where confirmed_at is null')).toHaveLength(2)
    expect(await liveTokens()).toHaveLength(2)

    await stop(portal)
    await start(`${k1},${k2}`)
    await job('revoke')
    await noTokenLives()
    await until('the ciphertexts are destroyed', async () => {
      const kept = 'select 1 from revocation where coalesce(sealed_token, sealed_grant_id::text) is not null'
      return (await rows(kept)).length === 0
    })
  })

  test('connecting again replaces a permission whose token does not open', async () => {
    const [visitor] = await connectUnderK2([ada])
    const portal = await start(k1)
    const { answer } = await connect(place(portal), { orcid: ada }, visitor)
    expect(answer.location).toContain('/connect/already-connected')
    const states = await rows('select state::text from "grant" order by granted_at')
    expect(states.map(({ state }) => state)).toEqual(['superseded', 'live'])
  })
})

test('a rotation reseals tokens that wait for their revocation, and they are revoked with the new key alone', async () => {
  const portal = await start(k1, { WORKER: 'none' })
  const { visitor } = await connect(place(portal), { orcid: ada })
  await visitor.post(`${portal.url}/me/withdrawal`)
  await stop(portal)
  const settings = { databaseUrl: database.portalUrl, registry }
  expect(await runKeys('rotate', { ...settings, tokenKeys: `${k2},${k1}` })).toMatchObject({ ended: 'exit code 0' })
  expect(await runKeys('verify', { ...settings, tokenKeys: k2 })).toMatchObject({ ended: 'exit code 0' })
  await start(k2)
  await noTokenLives()
})

const ready = async ({ url }: TestPortal) => {
  const answer = await fetch(`${url}/api/health/ready`)
  return [answer.status, await answer.json()]
}
const isReady = [200, { status: 'ready' }]
const lacks = (...keys: string[]) => [503, { status: 'not ready', reason: 'keys_missing', keys }]

describe('replicas', () => {
  test('one that lacks a key that another has is not ready, and says which', async () => {
    const lacking = await start(k1)
    expect(await ready(lacking)).toEqual(isReady)
    const other = await start(`${k1},${k2}`)
    expect(await ready(other)).toEqual(isReady)
    expect(await ready(lacking)).toEqual(lacks('k2'))
    await stop(other)
    await until('the other has said that it ends', async () => (await rows('select 1 from replica')).length === 1)
    expect(await ready(lacking)).toEqual(isReady)
  })

  test('one that was killed counts for no more than a minute', async () => {
    const lacking = await start(k1)
    const other = await start(`${k1},${k2}`)
    running = [lacking]
    await other.kill()
    expect(await ready(lacking)).toEqual(lacks('k2'))
    await client.query(`update replica set seen_at = now() - interval '61 seconds' where 'k2' = any (keys)`)
    expect(await ready(lacking)).toEqual(isReady)
  })

  test('after a rotation one with the new key alone is ready beside those that still have the old one', async () => {
    const both = await start(`${k2},${k1}`)
    await connect(place(both), { orcid: ada })
    const settings = { databaseUrl: database.portalUrl, registry, tokenKeys: `${k2},${k1}` }
    await job('count-sealed-rows')
    await until('k1 was counted', async () => (await rows(`select 1 from sealed_key where key_id = 'k1'`)).length === 1)
    expect(await runKeys('rotate', settings)).toMatchObject({ ended: 'exit code 0' })
    expect(await ready(await start(k2))).toEqual(isReady)
    expect(await ready(both)).toEqual(isReady)
  })

  test('a key that nobody has makes nobody unready: the log, the monitor and the staff say so', async () => {
    await connectUnderK2([ada, josiah])
    const portal = await start(k1)
    await job('count-sealed-rows')
    await until('the log says so', async () => portal.logs.some((line) => line.includes('no running process has')))
    expect(await ready(portal)).toEqual(isReady)
    const metrics = await fetch(`${portal.url}/metrics`, { headers: { authorization: `Bearer ${metricsToken}` } })
    expect(await metrics.text()).toContain('concord_sealed_rows_without_key{key="k2"} 2\n')
    const { visitor } = await connect(place(portal), { orcid: grace, purpose: 'sign-in' })
    const { body } = await visitor.get(`${portal.url}/staff`)
    expect(body.replace(/<[^>]+>/g, '')).toMatch(/2 tokens are sealed with a key that no running process has: k2/)
  })
})
