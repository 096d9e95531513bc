import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { connect, goToOrcid, until } from '@/tests/support/journey'
import { type Stack, startStack } from '@/tests/support/portal'
import { Visitor } from '@/tests/support/visitor'

const ada = '0000-0099-9458-0735'
const josiah = '0000-0002-1825-0097'
const privateName = '0000-0099-9722-0030'
const everything = ['/activities/update', '/person/update', '/read-limited', 'openid']

let stack: Stack
let database: pg.Client

beforeAll(async () => {
  stack = await startStack({ env: { STAFF_ADMINS: josiah } })
  database = new pg.Client({ connectionString: stack.database.url })
  await database.connect()
  // The history refuses to be emptied; between two tests it has to be.
  await database.query('set session_replication_role = replica')
}, 120_000)

afterAll(async () => {
  await database.end()
  await stack.stop()
})

beforeEach(async () => {
  await stack.registry.clearFaults()
  await stack.registry.forget()
  await database.query(
    `truncate researcher, "grant", authorization_attempt, session, revocation, shown_text, audit_event`,
  )
})

async function rows<T extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<T[]> {
  return (await database.query<T>(sql, values)).rows
}

const liveTokens = async () => (await stack.registry.state()).tokens.filter(({ live }) => live)
const exchanges = async () => (await stack.registry.state()).tokenRequests.length
const pathOf = (location: string | null) => new URL(location ?? '', stack.portal.url).pathname
const noTokenLives = () => until('no token lives', async () => (await liveTokens()).length === 0)

describe('a trip that goes well', () => {
  test('ends connected and signed in, with the granted scopes saved and a token that lives', async () => {
    const { visitor, answer } = await connect(stack, { orcid: ada })
    expect(answer.status).toBe(303)
    expect(pathOf(answer.location)).toBe('/connect/connected')
    const page = await visitor.follow(answer)
    expect(page.body).toContain(`https://orcid.org/${ada}`)
    const me = await visitor.get(`${stack.portal.url}/me`)
    expect(me.status).toBe(200)
    const [researcher] = await rows(`select * from researcher`)
    expect(researcher).toMatchObject({
      orcid: ada,
      name: 'Ada Q. Example',
      state: 'connected',
      live_scopes: everything,
    })
    const [token] = await liveTokens()
    expect(token?.scopes.toSorted()).toEqual(everything)
  })

  test('keeps a private name out without failing', async () => {
    const { answer } = await connect(stack, { orcid: privateName })
    expect(pathOf(answer.location)).toBe('/connect/connected')
    expect(await rows(`select name from researcher`)).toEqual([{ name: null }])
  })

  test('accepts a lifetime that is text and fields that nobody announced', async () => {
    await stack.registry.addFault({ on: 'token', fault: 'expires_in_string' })
    expect(pathOf((await connect(stack, { orcid: ada })).answer.location)).toBe('/connect/connected')
    await stack.registry.addFault({ on: 'token', fault: 'extra_fields' })
    expect(pathOf((await connect(stack, { orcid: josiah })).answer.location)).toBe('/connect/connected')
  })

  test('signing in asks for identity alone and leads to the page of the person', async () => {
    const { visitor, answer } = await connect(stack, { orcid: ada, purpose: 'sign-in' })
    expect(pathOf(answer.location)).toBe('/me')
    expect((await visitor.follow(answer)).status).toBe(200)
    expect(await rows(`select state, live_scopes from researcher`)).toEqual([
      { state: 'identity_only', live_scopes: ['openid'] },
    ])
  })

  test('signing in leads staff to the staff pages', async () => {
    const { answer } = await connect(stack, { orcid: josiah, purpose: 'sign-in' })
    expect(pathOf(answer.location)).toBe('/staff')
  })
})

describe('connecting again', () => {
  test('with the same keeps the newest token alone alive', async () => {
    const { visitor } = await connect(stack, { orcid: ada })
    const { answer } = await connect(stack, { orcid: ada }, visitor)
    expect(pathOf(answer.location)).toBe('/connect/already-connected')
    await until('one token lives', async () => (await liveTokens()).length === 1)
    expect(await rows(`select state::text from "grant" order by granted_at`)).toEqual([
      { state: 'superseded' },
      { state: 'live' },
    ])
    expect(await rows(`select 1 from revocation where sealed_token is not null`)).toEqual([])
  })

  test('with more updates the permission', async () => {
    const { visitor } = await connect(stack, { orcid: ada, scopes: ['/read-limited'] })
    const { answer } = await connect(stack, { orcid: ada, scopes: ['/read-limited', '/person/update'] }, visitor)
    expect(pathOf(answer.location)).toBe('/connect/updated')
    await until('one token lives', async () => (await liveTokens()).length === 1)
  })

  test('with fewer leaves the wider permission standing beside', async () => {
    const { visitor } = await connect(stack, { orcid: ada })
    await connect(stack, { orcid: ada, scopes: ['/read-limited'] }, visitor)
    expect(await rows(`select live_scopes from researcher`)).toEqual([{ live_scopes: everything }])
    expect(await liveTokens()).toHaveLength(2)
  })

  test('and saying no keeps the earlier permission', async () => {
    const { visitor } = await connect(stack, { orcid: ada, scopes: ['/read-limited'] })
    const { answer } = await connect(stack, { orcid: ada, decision: 'deny' }, visitor)
    expect(pathOf(answer.location)).toBe('/connect/denied')
    expect(await rows(`select live_scopes from researcher`)).toEqual([{ live_scopes: ['/read-limited', 'openid'] }])
    expect(await liveTokens()).toHaveLength(1)
  })

  test('identity alone is superseded by identity alone and never supersedes a permission', async () => {
    const { visitor } = await connect(stack, { orcid: ada })
    await connect(stack, { orcid: ada, purpose: 'sign-in' }, visitor)
    await connect(stack, { orcid: ada, purpose: 'sign-in' }, visitor)
    await until('two tokens live', async () => (await liveTokens()).length === 2)
    expect(await rows(`select state from researcher`)).toEqual([{ state: 'connected' }])
  })
})

describe('no code is used twice', () => {
  test('twenty identical callbacks make one token request, and all end connected and signed in', async () => {
    const visitor = new Visitor()
    const callback = await goToOrcid(stack, visitor, { orcid: ada })
    const tabs = Array.from({ length: 20 }, () => visitor.clone())
    const answers = await Promise.all(tabs.map((tab) => tab.get(callback)))
    expect(await exchanges()).toBe(1)
    expect(answers.map(({ location }) => pathOf(location))).toEqual(Array(20).fill('/connect/connected'))
    const pages = await Promise.all(tabs.map((tab) => tab.get(`${stack.portal.url}/me`)))
    expect(pages.map(({ status }) => status)).toEqual(Array(20).fill(200))
    expect(await liveTokens()).toHaveLength(1)
  })

  test('a replay after the end is told so and makes no exchange', async () => {
    const visitor = new Visitor()
    const callback = await goToOrcid(stack, visitor, { orcid: ada })
    await visitor.get(callback)
    const replay = await visitor.get(callback)
    expect(pathOf(replay.location)).toBe('/connect/already-used')
    expect(await exchanges()).toBe(1)
    expect(await liveTokens()).toHaveLength(1)
  })

  test.each([
    ['from a browser without the cookie', (callback: string) => ({ visitor: new Visitor(), callback })],
    [
      'with a tampered state',
      (callback: string, visitor: Visitor) => ({ visitor, callback: callback.replace(/state=[^&]{4}/, 'state=AAAA') }),
    ],
  ])('a callback %s makes no exchange and changes nothing', async (_what, change) => {
    const visitor = new Visitor()
    const callback = await goToOrcid(stack, visitor, { orcid: ada })
    const foreign = change(callback, visitor)
    expect(pathOf((await foreign.visitor.get(foreign.callback)).location)).toBe('/connect/expired')
    expect(await exchanges()).toBe(0)
    expect(pathOf((await visitor.get(callback)).location)).toBe('/connect/connected')
  })

  test('of two tabs the one that started last comes through, and the other makes no exchange', async () => {
    const visitor = new Visitor()
    const first = await goToOrcid(stack, visitor, { orcid: ada })
    const second = await goToOrcid(stack, visitor, { orcid: ada })
    expect(pathOf((await visitor.get(first)).location)).toBe('/connect/expired')
    expect(await exchanges()).toBe(0)
    expect(pathOf((await visitor.get(second)).location)).toBe('/connect/connected')
  })

  test('a HEAD request of a link scanner uses up nothing', async () => {
    const visitor = new Visitor()
    const callback = await goToOrcid(stack, visitor, { orcid: ada })
    const jar = [...(visitor.cookies.get('localhost') ?? [])].map(([name, value]) => `${name}=${value}`).join('; ')
    const head = await fetch(callback, { method: 'HEAD', redirect: 'manual', headers: { cookie: jar } })
    expect(head.status).toBe(405)
    expect(pathOf((await visitor.get(callback)).location)).toBe('/connect/connected')
  })
})

describe('what ORCID may send instead', () => {
  test.each([
    ['wrong_nonce', '/connect/not-saved'],
    ['wrong_sub', '/connect/not-saved'],
    ['no_id_token', '/connect/not-saved'],
  ] as const)(
    'an answer that cannot be trusted (%s) is not recorded, and its token is revoked',
    async (fault, page) => {
      await stack.registry.addFault({ on: 'token', fault })
      const { visitor, answer } = await connect(stack, { orcid: ada })
      expect(pathOf(answer.location)).toBe(page)
      expect((await visitor.get(`${stack.portal.url}/me`)).status).toBe(307)
      expect(await rows(`select 1 from researcher`)).toEqual([])
      await noTokenLives()
      expect(await exchanges()).toBe(1)
    },
  )

  test('an answer torn after the token is not recorded, and the token is revoked', async () => {
    await stack.registry.addFault({ on: 'token', fault: 'torn_json', afterBytes: 120 })
    expect(pathOf((await connect(stack, { orcid: ada })).answer.location)).toBe('/connect/not-saved')
    await noTokenLives()
  })

  test.each(['html_500', 'unavailable_503', 'too_many_429'] as const)(
    '%s ends at the page that says ORCID is unavailable',
    async (fault) => {
      await stack.registry.addFault({ on: 'token', fault })
      const { answer } = await connect(stack, { orcid: ada })
      expect(answer.location).toMatch(/^\/connect\/orcid-unavailable\?ref=[0-9A-Z]{4}-[0-9A-Z]{4}$/)
      expect(await rows(`select 1 from "grant"`)).toEqual([])
    },
  )

  test('fewer scopes than asked are saved as granted, and the page says so', async () => {
    await stack.registry.addFault({ on: 'token', fault: 'fewer_scopes' })
    const { visitor, answer } = await connect(stack, { orcid: ada })
    expect(pathOf(answer.location)).toBe('/connect/fewer')
    expect((await visitor.follow(answer)).status).toBe(200)
    const [token] = await liveTokens()
    expect(await rows(`select scopes from "grant"`)).toEqual([{ scopes: token?.scopes.toSorted() }])
  })

  test.each([
    ['nothing', '/connect/nothing-came-back'],
    ['invalid_scope', '/connect/nothing-came-back'],
    ['server_error', '/connect/orcid-unavailable'],
  ] as const)('%s instead of a code leads to a page of its own', async (fault, page) => {
    await stack.registry.addFault({ on: 'authorize', fault, times: 0 })
    const visitor = new Visitor()
    const callback = await goToOrcid(stack, visitor, { orcid: ada })
    const answer = await visitor.get(callback.split('#')[0] ?? '')
    expect(pathOf(answer.location)).toBe(page)
    expect((await visitor.follow(answer)).status).toBe(200)
    expect(await exchanges()).toBe(0)
  })
})

describe('a different person', () => {
  test('coming back is kept, the old session ends, and the page names both', async () => {
    const { visitor } = await connect(stack, { orcid: ada })
    const before = visitor.clone()
    visitor.cookies.delete('127.0.0.1')
    const { answer } = await connect(stack, { orcid: josiah }, visitor)
    expect(pathOf(answer.location)).toBe('/connect/different-id')
    const page = await visitor.follow(answer)
    expect(page.body).toContain(ada)
    expect(page.body).toContain(josiah)
    expect((await before.get(`${stack.portal.url}/me`)).status).toBe(307)
    expect(await liveTokens()).toHaveLength(2)
  })

  test('"Not me" takes back what was given, signs out, and asks ORCID to sign in anew', async () => {
    const { visitor } = await connect(stack, { orcid: ada })
    const answer = await visitor.post(`${stack.portal.url}/connect/not-me`)
    expect(answer.status).toBe(303)
    expect(new URL(answer.location ?? '').searchParams.get('prompt')).toBe('login')
    expect((await visitor.get(`${stack.portal.url}/me`)).status).toBe(307)
    await noTokenLives()
  })
})

describe('withdrawing', () => {
  test('ends everything here at once and every token at ORCID', async () => {
    const { visitor } = await connect(stack, { orcid: ada, scopes: ['/read-limited'] })
    await connect(stack, { orcid: ada, purpose: 'sign-in' }, visitor)
    const answer = await visitor.post(`${stack.portal.url}/me/withdrawal`)
    expect(pathOf(answer.location)).toBe('/me/withdrawn')
    expect(await rows(`select state, live_scopes from researcher`)).toEqual([{ state: 'withdrawn', live_scopes: [] }])
    expect(
      await rows(`select 1 from "grant" where sealed_access_token is not null or sealed_response is not null`),
    ).toEqual([])
    await noTokenLives()
    await until(
      'the ciphertext is destroyed',
      async () => (await rows(`select 1 from revocation where sealed_token is not null`)).length === 0,
    )
  })

  test('works while ORCID is down, and reaches ORCID within 15 s of its return', async () => {
    const { visitor } = await connect(stack, { orcid: ada })
    await stack.registry.addFault({ on: 'revoke', fault: 'unavailable_503', times: 0 })
    await visitor.post(`${stack.portal.url}/me/withdrawal`)
    expect(await rows(`select state from researcher`)).toEqual([{ state: 'withdrawn' }])
    await until(
      'it was tried twice',
      async () =>
        (await rows(`select 1 from revocation where tries >= 2 and last_outcome = 'unavailable'`)).length === 1,
    )
    expect(await liveTokens()).toHaveLength(1)
    await stack.registry.clearFaults()
    await until('no token lives', async () => (await liveTokens()).length === 0, 15_000)
  })
})

describe('what must not be found', () => {
  test('no token, code or secret is in the database, the logs, or any answer', async () => {
    const visitor = new Visitor()
    const callback = await goToOrcid(stack, visitor, { orcid: josiah })
    const code = new URL(callback).searchParams.get('code') ?? ''
    visitor.received.length = 0
    await visitor.follow(await visitor.get(callback))
    for (const path of [
      '/',
      '/me',
      '/me/data',
      '/staff',
      '/staff/researchers',
      `/staff/researchers/${josiah}`,
      '/staff/researchers/export?format=json',
    ]) {
      expect((await visitor.get(`${stack.portal.url}${path}`)).status, path).toBe(200)
    }
    const [token] = await liveTokens()
    const secrets = [token?.accessToken, token?.refreshToken, stack.registry.clientSecret].map(String)
    expect(secrets.every((secret) => secret.length > 30)).toBe(true)
    const tables = await rows<{ name: string }>(
      `select quote_ident(tablename) as name from pg_tables where schemaname in ('public', 'graphile_worker')`,
    )
    let dump = ''
    for (const { name } of tables) {
      const [found] = await rows<{ schema: string }>(
        `select schemaname as schema from pg_tables where quote_ident(tablename) = $1`,
        [name],
      )
      dump += JSON.stringify(await rows(`select t::text from ${found?.schema}.${name} t`))
    }
    for (const [where, text] of Object.entries({
      dump,
      logs: stack.portal.logs.join('\n'),
      answers: visitor.received.join('\n'),
    })) {
      expect(text.length, where).toBeGreaterThan(0)
      for (const secret of secrets) expect(text.includes(secret), `a secret in the ${where}`).toBe(false)
    }
    expect(dump).not.toContain(`"${code}"`)
    expect(stack.portal.logs.join('\n')).not.toMatch(new RegExp(`code["=: ]+${code}`))
  })
})
