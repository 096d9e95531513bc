import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import * as openid from 'openid-client'
import { beforeEach, describe, expect, test } from 'vitest'
import { delegationExample } from '@/lib/api/event-examples'
import { db } from '@/lib/db'
import { exchangeByReceiver } from '@/lib/orcid/token-exchange'
import { RECEIVERS } from '@/registry/receivers'
import { makeStaffActor } from '@/tests/support/actors'
import { makeAsker, type Told } from '@/tests/support/api'
import { dumpDatabase, findSecrets } from '@/tests/support/canaries'
import { workInside } from '@/tests/support/inside'
import { connect } from '@/tests/support/journey'
import { numbers } from '@/tests/support/people'
import { stackPerFile } from '@/tests/support/stack-per-file'
import { addSystem, tell } from '@/tests/support/systems'
import { Visitor } from '@/tests/support/visitor'

const ada = '0000-0099-9458-0735'
const josiah = '0000-0002-1825-0097'
const fixture = stackPerFile({ WORKER: 'none' })
workInside(fixture)

const [receiver, unable] = RECEIVERS as [(typeof RECEIVERS)[0], (typeof RECEIVERS)[0]]
const ask = makeAsker((path, init) => fetch(`${fixture.stack.portal.url}${path}`, init))
const codeOf = ({ status, json }: Told) => [status, json?.code]

let system: Awaited<ReturnType<typeof addSystem>>
let visitor: Visitor
let person: { id: string; researcherId: string }

async function personOf(orcid: string) {
  const { id, researcherId } = await db().person.findFirstOrThrow({ where: { orcid } })
  return { id, researcherId: researcherId ?? '' }
}

beforeEach(async () => {
  const { registry } = fixture.stack
  await registry.setClient(registry.clientId, { exchanges: ['id_token'], whitelist: [] })
  const data = { orcid: numbers.c, role: 'admin', origin: 'test' } as const
  const { id: staffId } = await db().staffMember.upsert({ where: { orcid: numbers.c }, create: data, update: {} })
  visitor = (await connect(fixture.stack, { orcid: ada })).visitor
  person = await personOf(ada)
  const scopes = (await db().researcher.findUniqueOrThrow({ where: { orcid: ada } })).liveScopes
  system = await addSystem(makeStaffActor({ staffId, role: 'admin' }), {
    name: 'Repository',
    operator: 'member',
    processorName: 'Repository of Example',
    receiver: receiver.id,
    rights: ['token:delegate'],
    scopes: scopes.filter((scope) => scope !== 'openid'),
  })
  await tell(system.id, [person.researcherId])
})

const release = (body: object = { person_id: person.id }, key: string = crypto.randomUUID()) =>
  ask(system.key, '/delegations', { method: 'POST', body, headers: { 'Idempotency-Key': key } })

/** As a program of the other member does, which is not ours. */
async function exchange(idToken: string, { id, secret } = receiver, more: Record<string, string> = {}) {
  const { url } = fixture.stack.registry
  const configuration = new openid.Configuration(
    { issuer: url, token_endpoint: `${url}/oauth/token` },
    id,
    undefined,
    openid.ClientSecretPost(secret),
  )
  openid.allowInsecureRequests(configuration)
  const { grant_type, ...types } = exchangeByReceiver
  return openid.genericGrantRequest(configuration, grant_type, { subject_token: idToken, ...types, ...more })
}
const callApi = (token: string, path: string, init: RequestInit = {}) =>
  fetch(`${fixture.stack.registry.url}/v3.0/${path}`, {
    ...init,
    headers: { Authorization: `Bearer ${token}`, Accept: 'application/json', 'Content-Type': 'application/json' },
  })
const position = {
  'role-title': 'Lecturer',
  organization: {
    name: 'University of Example',
    address: { city: 'Example', country: 'CA' },
    'disambiguated-organization': {
      'disambiguated-organization-identifier': 'https://ror.org/01bj3aw27',
      'disambiguation-source': 'ROR',
    },
  },
}
const withdraw = () => visitor.post(`${fixture.stack.portal.url}/me/withdrawal`)
const read = async (path: string) => (await visitor.get(`${fixture.stack.portal.url}${path}`)).body
const events = () =>
  fixture.rows(
    `select action, actor_kind::text as by, detail->>'because' as because from audit_event
     where action like 'delegation.%' order by id`,
  )
const refusedBecause = (promise: Promise<unknown>) =>
  promise.then(
    () => 'not refused',
    (error) => error.cause?.error_description ?? error.error_description ?? String(error),
  )

describe('a release', () => {
  test('lets the other member read and write with a token of its own, until the person withdraws', async () => {
    const told = await release({ orcid: `https://orcid.org/${ada}` })
    expect(told.status).toBe(201)
    expect(told.headers.get('cache-control')).toBe('no-store')
    expect(told.json).toMatchObject({ person_id: person.id, receiver: receiver.id })
    const tokens = await exchange(told.json.id_token)
    expect(tokens).toMatchObject({ orcid: ada, expires_in: 3599 })
    expect((await callApi(tokens.access_token, `${ada}/record`)).status).toBe(200)
    const written = await callApi(tokens.access_token, `${ada}/employment`, {
      method: 'POST',
      body: JSON.stringify(position),
    })
    expect(written.status).toBe(201)
    const item = await (
      await callApi(tokens.access_token, new URL(written.headers.get('location') ?? '').pathname.slice('/v3.0/'.length))
    ).json()
    expect(item.source).toMatchObject({
      'source-client-id': { path: receiver.id },
      'assertion-origin-client-id': { path: fixture.stack.registry.clientId },
    })
    // Nobody else’s record, and nothing that was not asked for.
    expect((await callApi(tokens.access_token, `${josiah}/record`)).status).toBe(401)
    expect((await exchange(told.json.id_token, receiver, { scope: '/read-limited' })).scope).toBe('/read-limited')

    expect((await withdraw()).status).toBe(303)
    expect(codeOf(await release())).toEqual([404, 'not_found'])
    expect((await db().delegation.findFirstOrThrow()).endedAt).not.toBeNull()
    const revoke = { client_id: fixture.stack.registry.clientId, client_secret: fixture.stack.registry.clientSecret }
    for (const { accessToken, onBehalfOf } of await fixture.liveTokens()) {
      if (onBehalfOf) continue
      await fetch(`${fixture.stack.registry.url}/oauth/revoke`, {
        method: 'POST',
        body: new URLSearchParams({ ...revoke, token: accessToken }),
      })
    }
    expect(await refusedBecause(exchange(told.json.id_token))).toMatch(/no active tokens/)
    expect(await events()).toEqual([{ action: 'delegation.released', by: 'api', because: null }])
  })

  test('and its exchange work by the program on the page for developers, as it is', async () => {
    const ours = { CONCORD_URL: fixture.stack.portal.url, CONCORD_KEY: system.key, ORCID_ID: ada }
    const theirs = { MEMBER_CLIENT_ID: receiver.id, MEMBER_CLIENT_SECRET: receiver.secret }
    const env = { ...process.env, ...ours, ...theirs }
    const ran = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', delegationExample.code], {
      env,
    })
    expect(ran.stdout).toMatch(new RegExp(`^${ada} .*/read-limited.* 3599\n$`))
  })

  test('is a new id_token each time, is given once for a key, and is listed without it', async () => {
    const [one, other] = [await release(undefined, 'first'), await release()]
    expect(one.json.id_token).not.toBe(other.json.id_token)
    expect(codeOf(await release(undefined, 'first'))).toEqual([409, 'already_released'])
    const { id_token: _, expires_at: _at, exchange: _how, ...shown } = one.json
    const list = await ask(system.key, '/delegations')
    expect(list.json.items).toHaveLength(2)
    expect(list.json.items).toContainEqual({ ...shown, ended_at: null })
    expect(list.text).not.toContain('id_token')
  })

  test('is in no table, log or page', async () => {
    const { json } = await release()
    const { access_token: exchanged } = await exchange(json.id_token)
    const page = await read('/me/systems')
    expect(page).toContain('It was let once')
    const data = await read('/me/data')
    expect(JSON.parse(data).delegations).toMatchObject([{ receiver: receiver.id, system: { name: 'Repository' } }])
    const places = {
      ...(await dumpDatabase(fixture.stack.database.url)),
      log: [fixture.stack.portal.logs].flat().join('\n'),
      page,
      data,
      events: await read('/me'),
    }
    expect(findSecrets({ idToken: json.id_token, signature: json.id_token.split('.')[2], exchanged }, places)).toEqual(
      [],
    )
  })

  test('is of people who let the system, and who were told 14 days ago', async () => {
    await connect(fixture.stack, { orcid: josiah })
    const other = await personOf(josiah)
    const nobody = await release({ person_id: system.id })
    const { instance: _, ...unseen } = nobody.json
    expect((await release({ person_id: other.id })).json).toEqual(unseen)
    await tell(system.id, [other.researcherId], 13)
    expect(codeOf(await release({ person_id: other.id }))).toEqual([404, 'not_found'])
    await db().systemStop.create({ data: { systemId: system.id, researcherId: person.researcherId, kind: 'stopped' } })
    expect(codeOf(await release())).toEqual([404, 'not_found'])
    expect((await ask(system.key, '/delegations')).json.items).toEqual([])
    expect((await fixture.stack.registry.state()).tokenRequests.map(({ grantType }) => grantType)).not.toContain(
      exchangeByReceiver.grant_type,
    )
  })

  test('is refused where the person allows more than the system may have', async () => {
    await fixture.rows(`update system_term set scopes = '{/read-limited}'`)
    expect(codeOf(await release())).toEqual([409, 'allows_more'])
  })

  test('waits until ORCID has confirmed that a token which allows more is revoked', async () => {
    await fixture.rows(`
      with attempt as (
        insert into authorization_attempt
          (reference, purpose, state, registry, client_id, redirect_uri, locale, secret_hash, state_hash, expires_at)
        values ('TEST-WAIT', 'connect', 'ended', 'local', 'APP-TEST', '', 'en', 'a', 'b', now()) returning id),
      former as (
        insert into "grant" (researcher_id, attempt_id, registry, client_id, state, scopes, access_token_hash, granted_at,
          expires_at, ended_at)
        select g.researcher_id, attempt.id, 'local', 'APP-TEST', 'withdrawn_here', '{/webhook}', 'another', now(),
          now(), now() from "grant" g, attempt where g.state = 'live' limit 1 returning id)
      insert into revocation (grant_id, registry, client_id, reason, next_try_at)
      select id, 'local', 'APP-TEST', 'withdrawn', now() + interval '1 day' from former`)
    expect(codeOf(await release())).toEqual([409, 'allows_more'])
    await fixture.rows('update revocation set confirmed_at = now()')
    expect(await release()).toMatchObject({ status: 201 })
  })

  test('needs a body with one person and the right', async () => {
    for (const body of [{}, { person_id: person.id, orcid: ada }, { orcid: 'x' }]) {
      expect(codeOf(await release(body))).toEqual([400, 'invalid_request'])
    }
    await fixture.rows(`update system_term set rights = '{people:read}'`)
    expect(codeOf(await release())).toEqual([403, 'missing_right'])
  })
})

describe('where ORCID', () => {
  const { grant_type: grantType } = exchangeByReceiver

  test('does not offer it to our client, the API says so', async () => {
    const { registry } = fixture.stack
    await registry.setClient(registry.clientId, { exchanges: [] })
    expect(codeOf(await release())).toEqual([409, 'delegation_unavailable'])
    expect(await events()).toEqual([{ action: 'delegation.refused', by: 'api', because: 'not_offered' }])
    expect(await db().delegation.count()).toBe(0)
  })

  test('gives an id_token of another person or one that has expired, nothing is released', async () => {
    const { registry } = fixture.stack
    await registry.addFault({ on: 'token', fault: 'wrong_sub' })
    expect(codeOf(await release())).toEqual([409, 'refused_by_orcid'])
    await registry.addFault({ on: 'token', fault: 'expired_id_token' })
    expect(codeOf(await release())).toEqual([503, 'orcid_unavailable'])
    expect(await db().delegation.count()).toBe(0)
    expect((await events()).map(({ because }) => because)).toEqual(['wrong_record', 'not_valid'])
    // Nobody withdrew.
    expect(await db().grant.count({ where: { state: 'live' } })).toBe(1)
  })

  test('does not answer, nothing is released and the same key can be used again', async () => {
    const { registry } = fixture.stack
    for (const fault of ['lost', 'unavailable_503', 'foreign'] as const) {
      await registry.addFault({ on: 'token', fault })
      const told = await release(undefined, 'again')
      expect(codeOf(told)).toEqual([503, 'orcid_unavailable'])
      expect(told.headers.get('retry-after')).toBe('60')
    }
    expect((await release(undefined, 'again')).status).toBe(201)
  })

  test('says that our token is revoked, a check is asked and nothing is concluded', async () => {
    const { registry } = fixture.stack
    const citizen = new Visitor()
    await citizen.post(`${registry.url}/signin`, [['orcid', ada]])
    await citizen.post(`${registry.url}/trusted-parties`, [['client_id', registry.clientId]])
    expect(codeOf(await release())).toEqual([409, 'refused_by_orcid'])
    const grant = await db().grant.findFirstOrThrow({ where: { state: 'live' } })
    const [job] = await fixture.rows(`select count(*)::int as n from graphile_worker.jobs where key = $1`, [
      `grant.check:${grant.id}`,
    ])
    expect(job.n).toBe(1)
  })

  test('lets a member exchange, it needs the right to, and to be on our list', async () => {
    const { registry } = fixture.stack
    const { json } = await release()
    expect(await refusedBecause(exchange(json.id_token, unable))).toBe(`Client does not have ${grantType} enabled`)
    await registry.setClient(registry.clientId, { whitelist: [unable.id] })
    expect(await refusedBecause(exchange(json.id_token))).toBe(
      `Client ${receiver.id} cannot act on behalf of client ${registry.clientId}`,
    )
  })
})

describe('the person', () => {
  test('reads what the system can do before anything is released, and what a stop cannot do', async () => {
    const before = await read('/me/systems')
    expect(before).toContain('can ask ORCID for a key of its own')
    expect(before).toContain('It has not been let yet.')
    await release()
    const path = `/me/systems/one?system=${system.id}`
    expect(await read('/me/systems')).toContain(path)
    const page = await read(path)
    expect(page).toContain('ORCID cannot stop Repository of Example alone')
    expect(page).toContain('href="/me/withdraw"')
    await visitor.post(`${fixture.stack.portal.url}/me/systems/stop`, [
      ['system', system.id],
      ['kind', 'stopped'],
    ])
    expect(codeOf(await release())).toEqual([404, 'not_found'])
    expect(await read('/me/systems')).toContain(path)
  })

  test('who allows us again is told that ORCID may let it go on, which it does', async () => {
    const { json } = await release()
    await withdraw()
    await connect(fixture.stack, { orcid: ada }, visitor)
    expect(await read('/me/systems')).toContain('ORCID may let Repository of Example use what it got before')
    expect((await exchange(json.id_token)).access_token).toBeTruthy()
  })
})
