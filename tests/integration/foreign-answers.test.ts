import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { freePort } from '@/scripts/ports'
import { createTestDatabase, emptyTables, type TestDatabase } from '@/tests/support/database'
import { blockPage, type Gateway, startGateway } from '@/tests/support/gateway'
import { connect, tryToConnect, until } from '@/tests/support/journey'
import { startPortal, type TestPortal } from '@/tests/support/portal'
import { startTestRegistry, type TestRegistry } from '@/tests/support/registry'

const ada = '0000-0099-9458-0735'
const admin = '0000-0099-5475-2774'
const metricsToken = Buffer.from('what the monitor says at the door').toString('base64url')

let database: TestDatabase
let gateway: Gateway
let registry: TestRegistry
let portal: TestPortal
let client: pg.Client

beforeAll(async () => {
  const port = await freePort()
  ;[database, gateway] = await Promise.all([createTestDatabase(), startGateway(port)])
  registry = await startTestRegistry({ port, issuer: gateway.url })
  const env = { STAFF_ADMINS: admin, METRICS_TOKEN: metricsToken }
  portal = await startPortal({ databaseUrl: database.portalUrl, registry, env })
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
})

afterAll(async () => {
  await client.end()
  await portal.stop()
  await Promise.all([registry.close(), gateway.close()])
  await database.drop()
})

beforeEach(async () => {
  gateway.open()
  await registry.forget()
  await emptyTables(client)
})

const rows = async (sql: string) => (await client.query(sql)).rows
const journey = (choice: Parameters<typeof connect>[1]) => tryToConnect({ portal, registry }, choice)
/** What the last test had blocked may be asked again only after a while. */
const signInAsAdmin = () =>
  until('the administrator is signed in', async () => {
    const { visitor } = await connect({ portal, registry }, { orcid: admin, purpose: 'sign-in' }).catch(() => ({
      visitor: null,
    }))
    return visitor
  })
const liveTokens = async () => (await registry.state()).tokens.filter(({ live }) => live).length
const attempts = () =>
  rows(`select state, outcome, sealed_code is not null as has_code, recovery_tries as tries
    from authorization_attempt where purpose = 'connect' order by started_at`)
const block = (path: string, status: number, letThrough = false) =>
  gateway.answer(path, { ...blockPage(status), letThrough })

/** As if so long had gone by since the code was presented, and the next try were due. */
async function recoverAfter(hours: number) {
  await rows(`update authorization_attempt set next_recovery_at = null,
    claimed_at = now() - interval '61 seconds' - interval '${hours} hours' where claimed_at is not null and ended_at is null`)
  await rows(`select graphile_worker.add_job('recover', '{}'::json)`)
}
const tried = (times: number) =>
  until(`recovery has tried ${times} times`, async () => {
    const jobs = await rows(`select 1 from graphile_worker.jobs where locked_at is not null`)
    return jobs.length === 0 && (await attempts()).every(({ tries }) => tries >= times)
  })

/** A token that ORCID has issued and whose answer a filtering proxy has replaced by a page of its own. */
async function loseExchange() {
  block('/oauth/token', 403, true)
  const { answer } = await journey({ orcid: ada })
  return new URL(answer.location ?? '', portal.url).pathname
}

describe('a page of a filtering proxy in place of ORCID’s answer', () => {
  test('to an exchange is no refusal: the person reads that ORCID did not answer, and the token is ended', async () => {
    expect(await loseExchange()).toBe('/connect/orcid-unavailable')
    expect(await liveTokens()).toBe(1)
    expect(await attempts()).toMatchObject([{ state: 'exchanging', outcome: 'orcid_unavailable', has_code: true }])
    expect((await registry.state()).tokenRequests).toHaveLength(1)
    gateway.open()
    await recoverAfter(0)
    await until('the token is dead', async () => (await liveTokens()) === 0)
    await until('it has ended', async () => (await attempts())[0]?.state === 'ended')
    expect(await attempts()).toMatchObject([{ outcome: 'orcid_unavailable', has_code: false }])
  })

  test('to recovery ends nothing: the attempt keeps its code and is tried again later', async () => {
    await loseExchange()
    block('/oauth/token', 400)
    await recoverAfter(0)
    await tried(1)
    expect(await attempts()).toMatchObject([{ state: 'recovering', has_code: true }])
    expect(await rows(`select 1 from authorization_attempt where next_recovery_at > now()`)).toHaveLength(1)
    expect(await liveTokens()).toBe(1)
    gateway.open()
    await recoverAfter(0)
    await until('the token is dead', async () => (await liveTokens()) === 0)
  })

  test('to a revocation confirms nothing: the token stays sealed, and is revoked later', async () => {
    const { visitor } = await journey({ orcid: ada })
    gateway.answer('/oauth/revoke', { status: 200, text: 'OK', letThrough: false })
    await visitor.post(`${portal.url}/me/withdrawal`)
    await until('it was tried', async () => (await rows('select 1 from revocation where tries > 0')).length > 0)
    expect(await rows('select sealed_token is not null as sealed, confirmed_at, last_outcome from revocation')).toEqual(
      [{ sealed: true, confirmed_at: null, last_outcome: 'unavailable' }],
    )
    expect(await liveTokens()).toBe(1)
    gateway.open()
    await until('it is confirmed', async () => (await rows('select 1 from revocation where sealed_token is null'))[0])
    expect(await liveTokens()).toBe(0)
  })

  test('to a revocation that was carried out confirms nothing either: it is sent again until ORCID says so', async () => {
    const { visitor } = await journey({ orcid: ada })
    gateway.answer('/oauth/revoke', { status: 200, text: 'OK', letThrough: true })
    await visitor.post(`${portal.url}/me/withdrawal`)
    await until('it was tried', async () => (await rows('select 1 from revocation where tries > 0')).length > 0)
    expect(await rows('select confirmed_at, last_outcome from revocation')).toEqual([
      { confirmed_at: null, last_outcome: 'unavailable' },
    ])
    expect(await liveTokens()).toBe(0)
    gateway.open()
    await until('it is confirmed', async () => (await rows('select 1 from revocation where sealed_token is null'))[0])
  })
})

describe('recovery', () => {
  test('gives up 25 hours after the claim, destroys the code, and tells staff and the log', async () => {
    await loseExchange()
    block('/oauth/token', 403)
    await recoverAfter(24)
    await tried(1)
    expect(await attempts()).toMatchObject([{ state: 'recovering', has_code: true }])
    await recoverAfter(25)
    await until('it is given up', async () => (await attempts())[0]?.state === 'ended')
    expect(await attempts()).toMatchObject([{ outcome: 'answer_lost', has_code: false }])
    expect(await rows(`select detail from audit_event where action = 'attempt.ended'`)).toEqual([
      { detail: { outcome: 'answer_lost' } },
    ])
    const warned = /"level":"?(error|50)"?.*an unknown token may be live/
    // A portal logs it after it has committed it.
    await until('the log says so', async () => warned.test(portal.logs.join('\n')))
    gateway.open()
    const visitor = await signInAsAdmin()
    const overview = (await visitor.get(`${portal.url}/staff`)).body
    expect(overview).toContain('for which ORCID may have issued a token')
    expect(overview).toMatch(/href="\/staff\/attempts\?outcome=answer-lost&amp;from=/)
  })

  test('treats each attempt alone: one that cannot be opened does not keep another from its turn', async () => {
    await loseExchange()
    await rows(`update authorization_attempt set sealed_code = 'c1.k9.AAAA.AAAA' where state = 'exchanging'`)
    await loseExchange()
    gateway.open()
    await recoverAfter(0)
    await until('the other has ended', async () => (await attempts())[1]?.state === 'ended')
    await tried(1)
    expect(await attempts()).toMatchObject([{ state: 'recovering', has_code: true }, { has_code: false }])
  })

  test('waits longer after each try, half an hour at most', async () => {
    await loseExchange()
    block('/oauth/token', 403)
    const waits: number[] = []
    for (const tries of [0, 3, 40]) {
      await rows(`update authorization_attempt set recovery_tries = ${tries} where purpose = 'connect'`)
      await recoverAfter(0)
      await tried(tries + 1)
      const [row] = await rows(
        `select extract(epoch from next_recovery_at - now())::int as s from authorization_attempt`,
      )
      waits.push(row?.s)
    }
    // Up to a quarter less by jitter, and the seconds since the try.
    const near = (s: number) => [15, 120, 1_800].find((most) => s <= most && s > most * 0.75 - 12)
    expect(waits.map(near)).toEqual([15, 120, 1_800])
  })
})

describe('what answers in ORCID’s name', () => {
  test('is told to staff and to the monitor, and not with what is secret', async () => {
    const visitor = await signInAsAdmin()
    gateway.answer('/oauth/token', {
      ...blockPage(403),
      text: `<html><title>Blocked: ${registry.clientSecret} for ${ada}</title></html>`,
      letThrough: false,
    })
    await journey({ orcid: ada })
    await journey({ orcid: ada })
    await until(
      'both are written down',
      async () => (await rows(`select 1 from foreign_answer where count >= 2 and title like 'Blocked%'`))[0],
    )
    const [row] = await rows('select endpoint, status, content_type, server, title from foreign_answer')
    expect(row).toEqual({
      endpoint: 'token',
      status: 403,
      content_type: 'text/html; charset=utf-8',
      server: 'Gate',
      title: 'Blocked: […] for […]',
    })
    const overview = (await visitor.get(`${portal.url}/staff`)).body
    expect(overview).toContain('in ORCID’s name came from another server')
    const attention = (await visitor.get(`${portal.url}/staff/attention`)).body
    expect(attention).toContain('403, text/html; charset=utf-8, Gate, “Blocked: […] for […]”')
    const headers = { authorization: `Bearer ${metricsToken}` }
    const metrics = await (await fetch(`${portal.url}/metrics`, { headers })).text()
    expect(metrics).toMatch(/concord_foreign_answers_total\{endpoint="token",status="403"\} \d+/)
    gateway.open()
    // An answer of the last second may be written only now.
    await until('a day later, nobody is told', async () => {
      await rows(`update foreign_answer set count = 1000, last_seen_at = now() - interval '25 hours'`)
      return !(await visitor.get(`${portal.url}/staff`)).body.includes('in ORCID’s name came from another server')
    })
    block('/oauth/token', 403)
    await journey({ orcid: ada })
    // Answers of one second are written together, so that there may be more than one.
    await until('it is counted anew', async () => (await rows('select 1 from foreign_answer where count < 1000'))[0])
  })
})
