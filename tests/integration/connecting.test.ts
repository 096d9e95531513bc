import { describe, expect, test } from 'vitest'
import { connect, tryToConnect, until } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'
import { Visitor } from '@/tests/support/visitor'

const ada = '0000-0099-9458-0735'
const josiah = '0000-0002-1825-0097'
const privateName = '0000-0099-9722-0030'
const everything = ['/activities/update', '/person/update', '/read-limited', 'openid']

const fixture = stackPerFile({ STAFF_ADMINS: josiah })

describe('an attempt that goes well', () => {
  test('ends connected and signed in, with the granted scopes saved and a token that lives', async () => {
    const { visitor, answer } = await connect(fixture.stack, { orcid: ada })
    expect(answer.status).toBe(303)
    expect(fixture.pathOf(answer.location)).toBe('/connect/connected')
    const page = await visitor.follow(answer)
    expect(page.body).toContain(`https://orcid.org/${ada}`)
    const me = await visitor.get(`${fixture.stack.portal.url}/me`)
    expect(me.status).toBe(200)
    const [researcher] = await fixture.rows(`select * from researcher`)
    expect(researcher).toMatchObject({
      orcid: ada,
      name: 'Ada Q. Example',
      state: 'connected',
      live_scopes: everything,
    })
    const [token] = await fixture.liveTokens()
    expect(token?.scopes.toSorted()).toEqual(everything)
  })

  test('keeps a private name out without failing', async () => {
    const { answer } = await connect(fixture.stack, { orcid: privateName })
    expect(fixture.pathOf(answer.location)).toBe('/connect/connected')
    expect(await fixture.rows(`select name from researcher`)).toEqual([{ name: null }])
  })

  test('accepts a lifetime that is text and fields that nobody announced', async () => {
    await fixture.stack.registry.addFault({ on: 'token', fault: 'expires_in_string' })
    expect(fixture.pathOf((await connect(fixture.stack, { orcid: ada })).answer.location)).toBe('/connect/connected')
    await fixture.stack.registry.addFault({ on: 'token', fault: 'extra_fields' })
    expect(fixture.pathOf((await connect(fixture.stack, { orcid: josiah })).answer.location)).toBe('/connect/connected')
  })

  test('signing in asks for identity alone and leads to the page of the person', async () => {
    const { visitor, answer } = await connect(fixture.stack, { orcid: ada, purpose: 'sign-in' })
    expect(fixture.pathOf(answer.location)).toBe('/me')
    expect((await visitor.follow(answer)).status).toBe(200)
    expect(await fixture.rows(`select state, live_scopes from researcher`)).toEqual([
      { state: 'identity_only', live_scopes: ['openid'] },
    ])
  })

  test('signing in leads staff to the staff pages', async () => {
    const { answer } = await connect(fixture.stack, { orcid: josiah, purpose: 'sign-in' })
    expect(fixture.pathOf(answer.location)).toBe('/staff')
  })
})

describe('what is asked of ORCID', () => {
  test('is what the person was shown, in their language, with the words kept', async () => {
    const visitor = new Visitor()
    const start = await visitor.post(`${fixture.stack.portal.url}/connect/start`, [['scope', '/read-limited']])
    const asked = Object.fromEntries(new URL(start.location ?? '').searchParams)
    expect(asked).toEqual({
      client_id: fixture.stack.registry.clientId,
      response_type: 'code',
      redirect_uri: `${fixture.stack.portal.url}/api/auth/callback/orcid`,
      scope: '/read-limited openid',
      lang: 'en',
      state: expect.stringMatching(/^.{20,}$/),
      nonce: expect.stringMatching(/^.{20,}$/),
    })
    const [attempt] = await fixture.rows(
      `select scopes_asked, content from authorization_attempt join shown_text on hash = shown_text_hash`,
    )
    expect(attempt?.scopes_asked).toEqual(['/read-limited', 'openid'])
    expect(attempt?.content.permissions.map((shown: { scope: string }) => shown.scope).toSorted()).toEqual([
      '/read-limited',
      'openid',
    ])
  })

  test('is never more than the institution asks for, whatever a form says', async () => {
    const answer = await new Visitor().post(`${fixture.stack.portal.url}/connect/start`, [
      ['scope', '/email/read-private'],
    ])
    expect([answer.status, answer.location]).toEqual([400, null])
  })
})

describe('connecting again', () => {
  test('with the same keeps the newest token alone alive', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    const { answer } = await connect(fixture.stack, { orcid: ada }, visitor)
    expect(fixture.pathOf(answer.location)).toBe('/connect/already-connected')
    await until('one token lives', async () => (await fixture.liveTokens()).length === 1)
    expect(await fixture.rows(`select state::text from "grant" order by granted_at`)).toEqual([
      { state: 'superseded' },
      { state: 'live' },
    ])
    const kept = `select 1 from revocation where sealed_token is not null`
    await until('the revoked token is forgotten', async () => (await fixture.rows(kept)).length === 0)
  })

  test('with more updates the permission', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada, scopes: ['/read-limited'] })
    const { answer } = await connect(
      fixture.stack,
      { orcid: ada, scopes: ['/read-limited', '/person/update'] },
      visitor,
    )
    expect(fixture.pathOf(answer.location)).toBe('/connect/updated')
    await until('one token lives', async () => (await fixture.liveTokens()).length === 1)
  })

  test('with fewer leaves the wider permission standing beside', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    await connect(fixture.stack, { orcid: ada, scopes: ['/read-limited'] }, visitor)
    expect(await fixture.rows(`select live_scopes from researcher`)).toEqual([{ live_scopes: everything }])
    expect(await fixture.liveTokens()).toHaveLength(2)
  })

  test('and saying no keeps the earlier permission', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada, scopes: ['/read-limited'] })
    const { answer } = await tryToConnect(fixture.stack, { orcid: ada, decision: 'deny' }, visitor)
    expect(fixture.pathOf(answer.location)).toBe('/connect/denied')
    expect(await fixture.rows(`select live_scopes from researcher`)).toEqual([
      { live_scopes: ['/read-limited', 'openid'] },
    ])
    expect(await fixture.liveTokens()).toHaveLength(1)
  })

  test('identity alone is superseded by identity alone and never supersedes a permission', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    await connect(fixture.stack, { orcid: ada, purpose: 'sign-in' }, visitor)
    await connect(fixture.stack, { orcid: ada, purpose: 'sign-in' }, visitor)
    await until('two tokens live', async () => (await fixture.liveTokens()).length === 2)
    expect(await fixture.rows(`select state from researcher`)).toEqual([{ state: 'connected' }])
  })
})

describe('a different person', () => {
  test('coming back is kept, the old session ends, and the page names both', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    const before = visitor.clone()
    visitor.cookies.delete('127.0.0.1')
    const { answer } = await connect(fixture.stack, { orcid: josiah }, visitor)
    expect(fixture.pathOf(answer.location)).toBe('/connect/different-id')
    const page = await visitor.follow(answer)
    expect(page.body).toContain(ada)
    expect(page.body).toContain(josiah)
    expect((await before.get(`${fixture.stack.portal.url}/me`)).status).toBe(307)
    expect(await fixture.liveTokens()).toHaveLength(2)
  })
})

describe('withdrawing', () => {
  test('ends everything here at once and every token at ORCID', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada, scopes: ['/read-limited'] })
    await connect(fixture.stack, { orcid: ada, purpose: 'sign-in' }, visitor)
    const answer = await visitor.post(`${fixture.stack.portal.url}/me/withdrawal`)
    expect(fixture.pathOf(answer.location)).toBe('/me/withdrawn')
    expect(await fixture.rows(`select state, live_scopes from researcher`)).toEqual([
      { state: 'withdrawn', live_scopes: [] },
    ])
    expect(
      await fixture.rows(`select 1 from "grant" where sealed_access_token is not null or sealed_response is not null`),
    ).toEqual([])
    await fixture.noTokenLives()
    await until(
      'the ciphertext is destroyed',
      async () => (await fixture.rows(`select 1 from revocation where sealed_token is not null`)).length === 0,
    )
  })

  test('works while ORCID is down, and reaches ORCID within 15 s of its return', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    await fixture.stack.registry.addFault({ on: 'revoke', fault: 'unavailable_503', times: 0 })
    await visitor.post(`${fixture.stack.portal.url}/me/withdrawal`)
    expect(await fixture.rows(`select state from researcher`)).toEqual([{ state: 'withdrawn' }])
    await until(
      'it was tried twice',
      async () =>
        (await fixture.rows(`select 1 from revocation where tries >= 2 and last_outcome = 'unavailable'`)).length === 1,
    )
    expect(await fixture.liveTokens()).toHaveLength(1)
    await fixture.stack.registry.clearFaults()
    await until('no token lives', async () => (await fixture.liveTokens()).length === 0, 15_000)
  })
})
