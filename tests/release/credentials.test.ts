import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '@/scripts/ports'
import { createTestDatabase, type TestDatabase } from '@/tests/support/database'
import { connect, goToOrcid, until } from '@/tests/support/journey'
import { startPortal, type TestPortal, testSecrets } from '@/tests/support/portal'
import { startTestRegistry, type TestRegistry } from '@/tests/support/registry'
import { Visitor } from '@/tests/support/visitor'

const [ada, josiah, noor, petra] = [
  '0000-0099-9458-0735',
  '0000-0002-1825-0097',
  '0000-0099-4262-1291',
  '0000-0099-9722-0030',
]
const [xaver, nina, marta] = ['0000-0099-3236-405X', '0009-0099-8603-9540', '0000-0099-9540-6130']
const otherSecret = 'a0a2c9de-11cf-4c0e-8d1c-62b0d1f6a4f3'
const successor = { id: 'APP-TESTCONCORD00002', secret: '0d5a9f04-7a83-4a3c-bd0e-0b3a0e9d1a55' }

let database: TestDatabase
let registry: TestRegistry
let client: pg.Client
let portal: TestPortal | undefined
let configured: string | undefined
let port: number
/** Who is connected, or at ORCID with a way back, before anything is changed. */
const connected = { ada: new Visitor(), petra: new Visitor(), marta: new Visitor() }
const tokenOf = { petra: '', marta: '' }
const away = { josiah: new Visitor(), xaver: new Visitor(), nina: new Visitor() }
const wayBack = { josiah: '', xaver: '', nina: '' }

beforeAll(async () => {
  database = await createTestDatabase()
  registry = await startTestRegistry({ otherSecrets: [otherSecret], successor })
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
  port = await freePort()
  const old = await restart({})
  await connect(old, { orcid: ada }, connected.ada)
  await connect(old, { orcid: petra }, connected.petra)
  tokenOf.petra = await newestToken()
  await connect(old, { orcid: marta }, connected.marta)
  tokenOf.marta = await newestToken()
  wayBack.josiah = await goToOrcid(old, away.josiah, { orcid: josiah })
  wayBack.xaver = await goToOrcid(old, away.xaver, { orcid: xaver })
  wayBack.nina = await goToOrcid(old, away.nina, { orcid: nina })
})

afterAll(async () => {
  await portal?.stop()
  await client.end()
  await registry.close()
  await database.drop()
})

/** The portal with another configuration, at the same address; the one that runs where it has this configuration. */
async function restart(env: Record<string, string>) {
  if (!portal || configured !== JSON.stringify(env)) {
    await portal?.kill()
    portal = await startPortal({ databaseUrl: database.portalUrl, registry, port, env })
    configured = JSON.stringify(env)
  }
  return { portal, registry }
}

const statusOfMe = async (visitor: Visitor) => (await visitor.get(`http://localhost:${port}/me`)).status
const isLive = async (token: string) =>
  (await registry.state()).tokens.some(({ accessToken, live }) => accessToken === token && live)
const newestToken = async () => (await registry.state()).tokens.at(-1)?.accessToken ?? ''
const pathOf = (location: string | null) => new URL(location ?? '', `http://localhost:${port}`).pathname

describe('a change of the session secret', () => {
  const NEXTAUTH_SECRET = randomBytes(32).toString('base64url')

  test('signs nobody out, and whoever is at ORCID just then comes back signed in', async () => {
    await restart({ NEXTAUTH_SECRET, NEXTAUTH_SECRET_PREVIOUS: testSecrets.sessionSecret })
    expect(await statusOfMe(connected.ada)).toBe(200)
    expect(pathOf((await away.josiah.get(wayBack.josiah)).location)).toBe('/connect/connected')
    expect(await statusOfMe(away.josiah)).toBe(200)
  })

  test('is over when the previous secret is taken away: what the new one made stays, what the old one made ends', async () => {
    await restart({ NEXTAUTH_SECRET })
    expect(await statusOfMe(away.josiah)).toBe(200)
    expect(await statusOfMe(connected.ada)).toBe(307)
  })
})

describe('a change of the credentials at ORCID', () => {
  const retired = () => ({
    ORCID_CLIENT_ID: successor.id,
    ORCID_CLIENT_SECRET: successor.secret,
    ORCID_RETIRED_CLIENTS: `${registry.clientId}:${otherSecret}`,
  })
  const withoutRetired = () => ({ ...retired(), ORCID_RETIRED_CLIENTS: '' })
  const holder = new Visitor()
  let token = ''

  test('a new secret beside the old one connects, and revokes what the old one was given', async () => {
    const fresh = await restart({ ORCID_CLIENT_SECRET: otherSecret })
    expect(pathOf((await connect(fresh, { orcid: noor }, holder)).answer.location)).toBe('/connect/connected')
    token = await newestToken()
    await connected.petra.post(`${fresh.portal.url}/me/withdrawal`)
    await until('the token is dead', async () => !(await isLive(tokenOf.petra)))
  })

  test('an attempt that began with a client id that is gone is not exchanged, and its code stays unused', async () => {
    const before = (await registry.state()).tokenRequests.length
    await restart(withoutRetired())
    expect(pathOf((await away.nina.get(wayBack.nina)).location)).toBe('/connect/expired')
    expect((await registry.state()).tokenRequests).toHaveLength(before)
  })

  test('a token of the retired client waits while its secret is missing, and dies by that secret and no other', async () => {
    const without = await restart(withoutRetired())
    expect(await statusOfMe(holder)).toBe(200)
    await holder.post(`${without.portal.url}/me/withdrawal`)
    await until('it waits for the client', async () => {
      const { rows } = await client.query(`select 1 from revocation where last_outcome = 'client_unknown'`)
      return rows.length > 0
    })
    expect(await isLive(token)).toBe(true)
    await restart(retired())
    await until('the token is dead', async () => !(await isLive(token)), 60_000)
    const asked = (await registry.state()).revokeRequests.filter((request) => request.token === token)
    expect(new Set(asked.map(({ clientId }) => clientId))).toEqual(new Set([registry.clientId]))
  })

  test('an attempt that began with the old client id is completed by it, and is revoked by it too', async () => {
    const changed = await restart(retired())
    expect(pathOf((await away.xaver.get(wayBack.xaver)).location)).toBe('/connect/connected')
    const saved = await newestToken()
    expect((await registry.state()).tokens.at(-1)?.clientId).toBe(registry.clientId)
    await away.xaver.post(`${changed.portal.url}/me/withdrawal`)
    await until('the token is dead', async () => !(await isLive(saved)))
  })

  test('with the new client id people grant again, and the new grant takes the place of the old one', async () => {
    const changed = await restart(retired())
    await connect(changed, { orcid: marta }, connected.marta)
    await until('the old token is dead', async () => !(await isLive(tokenOf.marta)))
    expect((await registry.state()).tokens.filter(({ live, orcid }) => live && orcid === marta)).toEqual([
      expect.objectContaining({ clientId: successor.id }),
    ])
  })
})
