import { afterEach, describe, expect, test } from 'vitest'
import { arrivals, beSentByOrcid, connect, goToOrcid, isArrival, tryToConnect } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'
import { Visitor } from '@/tests/support/visitor'

const ada = '0000-0099-9458-0735'
const josiah = '0000-0002-1825-0097'
const everything = ['/activities/update', '/person/update', '/read-limited', 'openid']

const fixture = stackPerFile({ STAFF_ADMINS: josiah })

describe('no code is used twice', () => {
  test('twenty identical callbacks make one token request, and all end connected and signed in', async () => {
    const visitor = new Visitor()
    const callback = await goToOrcid(fixture.stack, visitor, { orcid: ada })
    const tabs = Array.from({ length: 20 }, () => visitor.clone())
    const answers = await Promise.all(tabs.map((tab) => tab.get(callback)))
    expect(await fixture.exchanges()).toBe(1)
    expect(answers.map(({ location }) => fixture.pathOf(location))).toEqual(Array(20).fill('/connect/connected'))
    const pages = await Promise.all(tabs.map((tab) => tab.get(`${fixture.stack.portal.url}/me`)))
    expect(pages.map(({ status }) => status)).toEqual(Array(20).fill(200))
    expect(await fixture.liveTokens()).toHaveLength(1)
  })

  test('a replay after the end is told so and makes no exchange', async () => {
    const visitor = new Visitor()
    const callback = await goToOrcid(fixture.stack, visitor, { orcid: ada })
    await visitor.get(callback)
    const replay = await visitor.get(callback)
    expect(fixture.pathOf(replay.location)).toBe('/connect/already-used')
    expect(await fixture.exchanges()).toBe(1)
    expect(await fixture.liveTokens()).toHaveLength(1)
  })

  test.each([
    [
      'from a browser without the cookie',
      '/connect/other-browser',
      (callback: string) => ({ visitor: new Visitor(), callback }),
    ],
    [
      'with a tampered state',
      '/connect/expired',
      (callback: string, visitor: Visitor) => ({ visitor, callback: callback.replace(/state=[^&]{4}/, 'state=AAAA') }),
    ],
  ])('a callback %s makes no exchange, changes nothing and is told so', async (_what, page, change) => {
    const visitor = new Visitor()
    const callback = await goToOrcid(fixture.stack, visitor, { orcid: ada })
    const foreign = change(callback, visitor)
    expect(fixture.pathOf((await foreign.visitor.get(foreign.callback)).location)).toBe(page)
    expect(await fixture.exchanges()).toBe(0)
    expect(fixture.pathOf((await visitor.get(callback)).location)).toBe('/connect/connected')
  })

  test('of two tabs the one that started last comes through, and the other makes no exchange', async () => {
    const visitor = new Visitor()
    const first = await goToOrcid(fixture.stack, visitor, { orcid: ada })
    const second = await goToOrcid(fixture.stack, visitor, { orcid: ada })
    expect(fixture.pathOf((await visitor.get(first)).location)).toBe('/connect/expired')
    expect(await fixture.exchanges()).toBe(0)
    expect(fixture.pathOf((await visitor.get(second)).location)).toBe('/connect/connected')
  })

  test('a HEAD request of a link scanner uses up nothing', async () => {
    const visitor = new Visitor()
    const callback = await goToOrcid(fixture.stack, visitor, { orcid: ada })
    const jar = [...(visitor.cookies.get('localhost') ?? [])].map(([name, value]) => `${name}=${value}`).join('; ')
    const head = await fetch(callback, { method: 'HEAD', redirect: 'manual', headers: { cookie: jar } })
    expect(head.status).toBe(405)
    expect(fixture.pathOf((await visitor.get(callback)).location)).toBe('/connect/connected')
  })
})

describe('a callback that is fetched before somebody visits it', () => {
  test.each([
    ['sec-purpose', 'prefetch;prerender'],
    ['purpose', 'prefetch'],
    ['x-purpose', 'preview'],
    ['x-moz', 'prefetch'],
  ])('as its %s says, does nothing, and the visit ends connected', async (header, purpose) => {
    const visitor = new Visitor()
    const callback = await goToOrcid(fixture.stack, visitor, { orcid: ada })
    const early = await visitor.get(callback, { [header]: purpose })
    expect([early.status, early.headers.get('cache-control'), await fixture.exchanges()]).toEqual([503, 'no-store', 0])
    expect(fixture.pathOf((await visitor.get(callback)).location)).toBe('/connect/connected')
    expect(await fixture.liveTokens()).toHaveLength(1)
  })

  test('leaves the outcome to a visit that waits for it', async () => {
    const visitor = new Visitor()
    const callback = await goToOrcid(fixture.stack, visitor, { orcid: ada })
    await visitor.clone().get(callback)
    const early = await visitor.get(`${fixture.stack.portal.url}/connect/in-progress/check`, {
      'sec-purpose': 'prefetch',
    })
    expect(early.status).toBe(503)
    const look = await visitor.get(`${fixture.stack.portal.url}/connect/in-progress/check`)
    expect(fixture.pathOf(look.location)).toBe('/connect/connected')
  })
})

describe('people whom ORCID sends by itself', () => {
  test.each(arrivals)('to %s are told so, and connect with one button and no further question', async (path) => {
    const visitor = new Visitor()
    const arrival = await beSentByOrcid(fixture.stack, visitor, { orcid: ada, scopes: everything, path })
    const code = new URL(arrival).searchParams.get('code') ?? ''
    const answer = await visitor.get(arrival)
    expect([answer.status, answer.headers.get('referrer-policy')]).toEqual([303, 'no-referrer'])
    expect(answer.location).toMatch(/^\/connect\/sent-by-orcid\?ref=[0-9A-Z]{4}-[0-9A-Z]{4}$/)
    const page = await visitor.follow(answer)
    expect(page.body).toContain('ORCID sent you to us')
    expect(page.body).toMatch(/<form[^>]* action="\/connect\/start"/)
    expect([page.body.includes(code), fixture.stack.portal.logs.join('').includes(code)]).toEqual([false, false])
    expect([await fixture.exchanges(), await fixture.rows('select 1 from authorization_attempt')]).toEqual([0, []])

    const start = await visitor.post(`${fixture.stack.portal.url}/connect/start`)
    const back = await visitor.follow(start, isArrival)
    expect(fixture.pathOf((await visitor.get(back.location ?? '')).location)).toBe('/connect/connected')
    expect(await fixture.exchanges()).toBe(1)
  })

  test('in the middle of a visit that began here leave that visit going', async () => {
    const visitor = new Visitor()
    const own = await goToOrcid(fixture.stack, visitor, { orcid: ada })
    const [path] = arrivals
    const arrival = await beSentByOrcid(fixture.stack, visitor, { orcid: ada, scopes: ['openid'], path })
    expect(fixture.pathOf((await visitor.get(arrival)).location)).toBe('/connect/sent-by-orcid')
    expect(fixture.pathOf((await visitor.get(own)).location)).toBe('/connect/connected')
  })

  test.each([
    ['error=access_denied', '/connect/denied'],
    ['error=server_error', '/connect/orcid-unavailable'],
    ['error=interaction_required', '/connect/orcid-refused'],
    ['iss=https://orcid.org', '/connect/nothing-came-back'],
    ['code=AbC123&state=', '/connect/sent-by-orcid'],
    ['code=AbC123&iss=https://orcid.org', '/connect/sent-by-orcid'],
  ])('with %s find a page with a reference, an address to write to, and a way on', async (query, path) => {
    const visitor = new Visitor()
    const answer = await visitor.get(`${fixture.stack.portal.url}/api/auth/callback/orcid?${query}`)
    expect(fixture.pathOf(answer.location)).toBe(path)
    const page = await visitor.follow(answer)
    expect([page.status, page.body]).toEqual([200, expect.stringMatching(/<code[^>]*>[0-9A-Z]{4}-[0-9A-Z]{4}</)])
    expect(page.body).toMatch(/href="mailto:/)
    // Without what is sent for script, which repeats the page.
    expect(page.body.replace(/<script.*?<\/script>/gs, '').match(/class="btn btn-primary/g)).toHaveLength(1)
  })
})

describe('who comes back too late', () => {
  afterEach(() => fixture.stack.registry.configure({ codeLifetimeS: 600 }))

  test('after the attempt was ended is told so, with the cookie and without it', async () => {
    const visitor = new Visitor()
    const callback = await goToOrcid(fixture.stack, visitor, { orcid: ada })
    await fixture.rows(`update authorization_attempt set state = 'ended', outcome = 'expired', ended_at = now()`)
    expect(fixture.pathOf((await new Visitor().get(callback)).location)).toBe('/connect/expired')
    expect(fixture.pathOf((await visitor.get(callback)).location)).toBe('/connect/expired')
  })

  test.each([
    ['connecting', { scopes: ['/read-limited'] }, '/read-limited openid', '/connect/connected'],
    ['signing in', { purpose: 'sign-in' as const }, 'openid', '/me'],
  ])(
    'with a code that ORCID no longer takes ends %s by asking for the same once more',
    async (_what, wish, asked, end) => {
      const visitor = new Visitor()
      const callback = await goToOrcid(fixture.stack, visitor, { orcid: ada, ...wish })
      await fixture.stack.registry.configure({ codeLifetimeS: 0 })
      const answer = await visitor.get(callback)
      expect(answer.location).toMatch(/^\/connect\/code-expired\?ref=[0-9A-Z]{4}-[0-9A-Z]{4}$/)
      expect((await visitor.follow(answer)).body).toContain('name="purpose" value="again"')
      expect(await fixture.rows(`select state::text, outcome::text from authorization_attempt`)).toEqual([
        { state: 'ended', outcome: 'code_expired' },
      ])
      expect(fixture.pathOf((await visitor.get(callback)).location)).toBe('/connect/code-expired')
      expect(await fixture.exchanges()).toBe(1)

      await fixture.stack.registry.configure({ codeLifetimeS: 600 })
      const start = await visitor.post(`${fixture.stack.portal.url}/connect/start`, [['purpose', 'again']])
      expect(new URL(start.location ?? '').searchParams.get('scope')).toBe(asked)
      const back = await visitor.follow(start, isArrival)
      expect(fixture.pathOf((await visitor.get(back.location ?? '')).location)).toBe(end)
      expect(await fixture.liveTokens()).toHaveLength(1)
    },
  )

  test('and has no attempt to repeat is led to the front page', async () => {
    const answer = await new Visitor().post(`${fixture.stack.portal.url}/connect/start`, [['purpose', 'again']])
    expect([answer.status, answer.location]).toEqual([303, '/'])
    expect(await fixture.rows('select 1 from authorization_attempt')).toEqual([])
  })
})

describe('what ORCID may send instead', () => {
  test("a code that was injected from somebody else's attempt is not recorded, and its token is revoked", async () => {
    const [attacker, victim] = [new Visitor(), new Visitor()]
    const stolen = new URL(await goToOrcid(fixture.stack, attacker, { orcid: ada }))
    const own = new URL(await goToOrcid(fixture.stack, victim, { orcid: josiah }))
    own.searchParams.set('code', stolen.searchParams.get('code') ?? '')
    expect(fixture.pathOf((await victim.get(own.href)).location)).toBe('/connect/not-saved')
    expect(await fixture.rows(`select 1 from researcher`)).toEqual([])
    await fixture.noTokenLives()
  })

  test.each([
    ['wrong_nonce', '/connect/not-saved'],
    ['wrong_sub', '/connect/not-saved'],
    ['no_id_token', '/connect/not-saved'],
  ] as const)(
    'an answer that cannot be trusted (%s) is not recorded, and its token is revoked',
    async (fault, page) => {
      await fixture.stack.registry.addFault({ on: 'token', fault })
      const { visitor, answer } = await tryToConnect(fixture.stack, { orcid: ada })
      expect(fixture.pathOf(answer.location)).toBe(page)
      expect((await visitor.get(`${fixture.stack.portal.url}/me`)).status).toBe(307)
      expect(await fixture.rows(`select 1 from researcher`)).toEqual([])
      await fixture.noTokenLives()
      expect(await fixture.exchanges()).toBe(1)
    },
  )

  test('an answer torn after the token is not recorded, and the token is revoked', async () => {
    await fixture.stack.registry.addFault({ on: 'token', fault: 'torn_json', afterBytes: 120 })
    expect(fixture.pathOf((await tryToConnect(fixture.stack, { orcid: ada })).answer.location)).toBe(
      '/connect/not-saved',
    )
    await fixture.noTokenLives()
  })

  test.each(['html_500', 'unavailable_503', 'too_many_429'] as const)(
    '%s ends at the page that says ORCID is unavailable',
    async (fault) => {
      await fixture.stack.registry.addFault({ on: 'token', fault })
      const { answer } = await tryToConnect(fixture.stack, { orcid: ada })
      expect(answer.location).toMatch(/^\/connect\/orcid-unavailable\?ref=[0-9A-Z]{4}-[0-9A-Z]{4}$/)
      expect(await fixture.rows(`select 1 from "grant"`)).toEqual([])
    },
  )

  test('fewer scopes than asked are saved as granted, and the page says so', async () => {
    await fixture.stack.registry.addFault({ on: 'token', fault: 'fewer_scopes' })
    const { visitor, answer } = await connect(fixture.stack, { orcid: ada })
    expect(fixture.pathOf(answer.location)).toBe('/connect/fewer')
    expect((await visitor.follow(answer)).status).toBe(200)
    const [token] = await fixture.liveTokens()
    expect(await fixture.rows(`select scopes from "grant"`)).toEqual([{ scopes: token?.scopes.toSorted() }])
  })

  test.each([
    ['nothing', '/connect/nothing-came-back'],
    ['invalid_scope', '/connect/nothing-came-back'],
    ['server_error', '/connect/orcid-unavailable'],
  ] as const)('%s instead of a code leads to a page of its own', async (fault, page) => {
    await fixture.stack.registry.addFault({ on: 'authorize', fault, times: 0 })
    const visitor = new Visitor()
    const callback = await goToOrcid(fixture.stack, visitor, { orcid: ada })
    const answer = await visitor.get(callback.split('#')[0] ?? '')
    expect(fixture.pathOf(answer.location)).toBe(page)
    expect((await visitor.follow(answer)).status).toBe(200)
    expect(await fixture.exchanges()).toBe(0)
  })
})
