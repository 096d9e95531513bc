import { describe, expect, test } from 'vitest'
import { connect, goToOrcid } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'
import { Visitor } from '@/tests/support/visitor'

const ada = '0000-0099-9458-0735'
const josiah = '0000-0002-1825-0097'

const place = stackPerFile({ STAFF_ADMINS: josiah })

describe('no code is used twice', () => {
  test('twenty identical callbacks make one token request, and all end connected and signed in', async () => {
    const visitor = new Visitor()
    const callback = await goToOrcid(place.stack, visitor, { orcid: ada })
    const tabs = Array.from({ length: 20 }, () => visitor.clone())
    const answers = await Promise.all(tabs.map((tab) => tab.get(callback)))
    expect(await place.exchanges()).toBe(1)
    expect(answers.map(({ location }) => place.pathOf(location))).toEqual(Array(20).fill('/connect/connected'))
    const pages = await Promise.all(tabs.map((tab) => tab.get(`${place.stack.portal.url}/me`)))
    expect(pages.map(({ status }) => status)).toEqual(Array(20).fill(200))
    expect(await place.liveTokens()).toHaveLength(1)
  })

  test('a replay after the end is told so and makes no exchange', async () => {
    const visitor = new Visitor()
    const callback = await goToOrcid(place.stack, visitor, { orcid: ada })
    await visitor.get(callback)
    const replay = await visitor.get(callback)
    expect(place.pathOf(replay.location)).toBe('/connect/already-used')
    expect(await place.exchanges()).toBe(1)
    expect(await place.liveTokens()).toHaveLength(1)
  })

  test.each([
    ['from a browser without the cookie', (callback: string) => ({ visitor: new Visitor(), callback })],
    [
      'with a tampered state',
      (callback: string, visitor: Visitor) => ({ visitor, callback: callback.replace(/state=[^&]{4}/, 'state=AAAA') }),
    ],
  ])('a callback %s makes no exchange and changes nothing', async (_what, change) => {
    const visitor = new Visitor()
    const callback = await goToOrcid(place.stack, visitor, { orcid: ada })
    const foreign = change(callback, visitor)
    expect(place.pathOf((await foreign.visitor.get(foreign.callback)).location)).toBe('/connect/expired')
    expect(await place.exchanges()).toBe(0)
    expect(place.pathOf((await visitor.get(callback)).location)).toBe('/connect/connected')
  })

  test('of two tabs the one that started last comes through, and the other makes no exchange', async () => {
    const visitor = new Visitor()
    const first = await goToOrcid(place.stack, visitor, { orcid: ada })
    const second = await goToOrcid(place.stack, visitor, { orcid: ada })
    expect(place.pathOf((await visitor.get(first)).location)).toBe('/connect/expired')
    expect(await place.exchanges()).toBe(0)
    expect(place.pathOf((await visitor.get(second)).location)).toBe('/connect/connected')
  })

  test('a HEAD request of a link scanner uses up nothing', async () => {
    const visitor = new Visitor()
    const callback = await goToOrcid(place.stack, visitor, { orcid: ada })
    const jar = [...(visitor.cookies.get('localhost') ?? [])].map(([name, value]) => `${name}=${value}`).join('; ')
    const head = await fetch(callback, { method: 'HEAD', redirect: 'manual', headers: { cookie: jar } })
    expect(head.status).toBe(405)
    expect(place.pathOf((await visitor.get(callback)).location)).toBe('/connect/connected')
  })
})

describe('what ORCID may send instead', () => {
  test("a code that was injected from somebody else's trip is not recorded, and its token is revoked", async () => {
    const [attacker, victim] = [new Visitor(), new Visitor()]
    const stolen = new URL(await goToOrcid(place.stack, attacker, { orcid: ada }))
    const own = new URL(await goToOrcid(place.stack, victim, { orcid: josiah }))
    own.searchParams.set('code', stolen.searchParams.get('code') ?? '')
    expect(place.pathOf((await victim.get(own.href)).location)).toBe('/connect/not-saved')
    expect(await place.rows(`select 1 from researcher`)).toEqual([])
    await place.noTokenLives()
  })

  test.each([
    ['wrong_nonce', '/connect/not-saved'],
    ['wrong_sub', '/connect/not-saved'],
    ['no_id_token', '/connect/not-saved'],
  ] as const)(
    'an answer that cannot be trusted (%s) is not recorded, and its token is revoked',
    async (fault, page) => {
      await place.stack.registry.addFault({ on: 'token', fault })
      const { visitor, answer } = await connect(place.stack, { orcid: ada })
      expect(place.pathOf(answer.location)).toBe(page)
      expect((await visitor.get(`${place.stack.portal.url}/me`)).status).toBe(307)
      expect(await place.rows(`select 1 from researcher`)).toEqual([])
      await place.noTokenLives()
      expect(await place.exchanges()).toBe(1)
    },
  )

  test('an answer torn after the token is not recorded, and the token is revoked', async () => {
    await place.stack.registry.addFault({ on: 'token', fault: 'torn_json', afterBytes: 120 })
    expect(place.pathOf((await connect(place.stack, { orcid: ada })).answer.location)).toBe('/connect/not-saved')
    await place.noTokenLives()
  })

  test.each(['html_500', 'unavailable_503', 'too_many_429'] as const)(
    '%s ends at the page that says ORCID is unavailable',
    async (fault) => {
      await place.stack.registry.addFault({ on: 'token', fault })
      const { answer } = await connect(place.stack, { orcid: ada })
      expect(answer.location).toMatch(/^\/connect\/orcid-unavailable\?ref=[0-9A-Z]{4}-[0-9A-Z]{4}$/)
      expect(await place.rows(`select 1 from "grant"`)).toEqual([])
    },
  )

  test('fewer scopes than asked are saved as granted, and the page says so', async () => {
    await place.stack.registry.addFault({ on: 'token', fault: 'fewer_scopes' })
    const { visitor, answer } = await connect(place.stack, { orcid: ada })
    expect(place.pathOf(answer.location)).toBe('/connect/fewer')
    expect((await visitor.follow(answer)).status).toBe(200)
    const [token] = await place.liveTokens()
    expect(await place.rows(`select scopes from "grant"`)).toEqual([{ scopes: token?.scopes.toSorted() }])
  })

  test.each([
    ['nothing', '/connect/nothing-came-back'],
    ['invalid_scope', '/connect/nothing-came-back'],
    ['server_error', '/connect/orcid-unavailable'],
  ] as const)('%s instead of a code leads to a page of its own', async (fault, page) => {
    await place.stack.registry.addFault({ on: 'authorize', fault, times: 0 })
    const visitor = new Visitor()
    const callback = await goToOrcid(place.stack, visitor, { orcid: ada })
    const answer = await visitor.get(callback.split('#')[0] ?? '')
    expect(place.pathOf(answer.location)).toBe(page)
    expect((await visitor.follow(answer)).status).toBe(200)
    expect(await place.exchanges()).toBe(0)
  })
})
