import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ADA, CALLBACK, control, MEMBER, PUBLIC, setUpRegistry } from './trial'
import { authorizeUrl, exchange, getTokens, locationOf, Visitor } from './visitor'

const trial = setUpRegistry()

async function signedIn(orcid = ADA): Promise<Visitor> {
  const visitor = new Visitor()
  const page = await visitor.go(`${trial.url}/signin`)
  await visitor.press(trial.url, await page.text(), 'orcid', orcid)
  return visitor
}

const pageText = async (url: string, visitor = new Visitor()) => (await visitor.go(url)).text()

describe('a faulty request', () => {
  test.each([
    [{ client_id: null }, 'Please specify a client id'],
    [{ client_id: 'APP-NOBODY' }, 'Client not found: APP-NOBODY'],
    [{ redirect_uri: null }, 'Please specify a redirect URL'],
    [{ redirect_uri: 'https://evil.example/cb' }, 'Redirect URI doesn&#39;t match your registered redirect URIs.'],
    [{ scope: null }, 'Please specify the desired scopes'],
    [{ response_type: null }, 'Please specify a response type'],
  ])('%j ends on an error page with status 200, never at the client', async (parameters, text) => {
    const answer = await new Visitor().go(authorizeUrl(trial, parameters))
    expect(answer.status).toBe(200)
    expect(await answer.text()).toContain(text)
  })

  test.each([
    [{ scope: 'openid /unknown' }, 'invalid_scope'],
    [{ scope: '/read-public' }, 'invalid_scope'],
    [{ scope: '/webhook' }, 'invalid_scope'],
    [{ scope: '/email/read-private' }, 'invalid_scope'],
    [{ scope: '/read-limited', client_id: PUBLIC.id }, 'invalid_scope'],
    [{ response_type: 'token' }, 'unsupported_response_type'],
  ])('%j goes back in the fragment, without state and description', async (parameters, error) => {
    const answer = await new Visitor().go(authorizeUrl(trial, parameters))
    expect(answer.headers.get('Location')).toBe(`${CALLBACK}#error=${error}`)
  })
})

test('the code comes back with the state as it was, and an existing query is kept', async () => {
  const state = 'a+b c/&=?ü'
  const landed = await new Visitor().authorize(authorizeUrl(trial, { state, redirect_uri: `${CALLBACK}?campaign=1` }))
  expect(landed.origin + landed.pathname).toBe(CALLBACK)
  expect(landed.searchParams.get('campaign')).toBe('1')
  expect(landed.searchParams.get('code')).toMatch(/^[0-9A-Za-z]{6}$/)
  expect(landed.searchParams.get('state')).toBe(state)
})

test('a denial comes back in the query with the state', async () => {
  const landed = await new Visitor().authorize(authorizeUrl(trial), ADA, 'deny')
  expect(landed.href).toBe(`${CALLBACK}?error=access_denied&error_description=User%20denies%20access&state=a%20state`)
})

test('without a session the sign-in page lists the people as buttons', async () => {
  const html = await pageText(authorizeUrl(trial))
  expect(html).toContain(`<button type="submit" name="orcid" value="${ADA}">`)
  expect(html).not.toContain('name="decision"')
})

test('prefilled people come first, the iD before the address, and nobody when nobody fits', async () => {
  const carberry = '0000-0002-1825-0097'
  const first = (html: string) => /name="orcid" value="([^"]+)"/.exec(html)?.[1]
  expect(first(await pageText(authorizeUrl(trial, { orcid: carberry, email: 'ada.example@example.org' })))).toBe(
    carberry,
  )
  expect(first(await pageText(authorizeUrl(trial, { email: 'Ada.Example@example.org' })))).toBe(ADA)
  expect(await pageText(authorizeUrl(trial, { email: 'x@y.z', show_login: 'false', lang: 'de' }))).toContain('Sign in')
})

test('the consent page names the client and each permission by ORCID’s label once', async () => {
  const html = await pageText(authorizeUrl(trial, { scope: 'openid /authenticate /read-limited' }), await signedIn())
  expect(html).toContain('University of Trial')
  expect(html.match(/<span>Get your ORCID iD<\/span>/g)).toHaveLength(1)
  expect(html).toContain('Read your information with visibility set to Trusted parties')
  expect(html).toMatch(/value="authorize">Authorize access<\/button>.*value="deny">Deny access<\/button>/s)
})

test('OpenID’s habitual scopes, PKCE and unknown parameters are ignored', async () => {
  const tokens = await getTokens(trial, ADA, {
    scope: 'openid profile email address phone offline_access',
    code_challenge: 'x',
    code_challenge_method: 'S256',
    invented: 'y',
  })
  expect(tokens.scope).toBe('openid')
})

test('consent is skipped for exactly the scopes of a live token, and asked for fewer and for more', async () => {
  await getTokens(trial)
  const visitor = await signedIn()
  const again = await visitor.go(authorizeUrl(trial, { scope: '/activities/update openid /read-limited' }))
  expect(locationOf(again, trial.url).searchParams.get('code')).toMatch(/^\w{6}$/)
  for (const scope of ['openid /read-limited', 'openid /read-limited /activities/update /person/update']) {
    expect(await pageText(authorizeUrl(trial, { scope }), visitor)).toContain('name="decision"')
  }
})

test('consent stands although its code was never exchanged or came too late, and is gone once the person removes access', async () => {
  const visitor = await signedIn()
  await visitor.authorize(authorizeUrl(trial))
  const late = await visitor.authorize(authorizeUrl(trial))
  trial.passS(601)
  expect((await exchange(trial, late.searchParams.get('code'))).status).toBe(400)
  const again = await visitor.go(authorizeUrl(trial))
  expect(locationOf(again, trial.url).searchParams.get('code')).toMatch(/^\w{6}$/)
  await visitor.go(`${trial.url}/trusted-parties`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: MEMBER.id }),
  })
  expect(await pageText(authorizeUrl(trial), visitor)).toContain('name="decision"')
})

describe('with the interstitial switched on', () => {
  beforeEach(() => control(trial, 'PUT', 'settings', { interstitial: true }))
  afterEach(() => control(trial, 'PUT', 'settings', { interstitial: false, codeLifetimeS: 600 }))

  test('consent leads to a page that holds the way back, with a code that grows old while the person reads', async () => {
    const visitor = await signedIn()
    const page = await pressAuthorize(visitor)
    expect(page).toContain('Share your e-mail domain?')
    const back = new URL(/<a class="primary" href="([^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? '')
    expect([back.origin + back.pathname, back.searchParams.get('state')]).toEqual([CALLBACK, 'a state'])
    trial.passS(601)
    const answer = await exchange(trial, back.searchParams.get('code'))
    expect(await answer.json()).toMatchObject({ error: 'invalid_grant' })
  })

  test('who consented before is asked nothing, and a lifetime that was set is kept to', async () => {
    const visitor = await signedIn()
    await pressAuthorize(visitor)
    await control(trial, 'PUT', 'settings', { codeLifetimeS: 5 })
    const code = async () => locationOf(await visitor.go(authorizeUrl(trial)), trial.url).searchParams.get('code')
    const [early, late] = [await code(), await code()]
    trial.passS(4)
    expect((await exchange(trial, early)).status).toBe(200)
    trial.passS(2)
    expect((await exchange(trial, late)).status).toBe(400)
  })

  async function pressAuthorize(visitor: Visitor): Promise<string> {
    const html = await pageText(authorizeUrl(trial), visitor)
    return (await visitor.press(authorizeUrl(trial), html, 'decision', 'authorize')).text()
  }
})

test('prompt=login asks for the sign-in again, once, and only with openid', async () => {
  const visitor = await signedIn()
  expect(await pageText(authorizeUrl(trial, { prompt: 'login' }), visitor)).toContain('name="orcid"')
  const landed = await visitor.authorize(authorizeUrl(trial, { prompt: 'login' }))
  expect(landed.searchParams.get('code')).toBeTruthy()
  const without = await pageText(authorizeUrl(trial, { prompt: 'login', scope: '/read-limited' }), visitor)
  expect(without).toContain('name="decision"')
})

test('prompt=none without a session gives a bare #login_required, or the page for lost ways', async () => {
  const location = async (parameters: Record<string, string>) =>
    (await new Visitor().go(authorizeUrl(trial, { prompt: 'none', ...parameters }))).headers.get('Location')
  expect(await location({})).toBe(`${CALLBACK}#login_required`)
  expect(await location({ client_id: 'APP-NOBODY' })).toBe('/404')
  expect(await location({ redirect_uri: 'https://evil.example/' })).toBe('/404')
})

test('prompt=none with a session shows the consent page, or gives a code when all is granted already', async () => {
  const visitor = await signedIn()
  expect(await pageText(authorizeUrl(trial, { prompt: 'none' }), visitor)).toContain('name="decision"')
  await getTokens(trial)
  const answer = await visitor.go(authorizeUrl(trial, { prompt: 'none' }))
  expect(locationOf(answer, trial.url).searchParams.get('code')).toBeTruthy()
})

test('a decision without a session, as a foreign page would post it, decides nothing', async () => {
  const answer = await new Visitor().go(authorizeUrl(trial), {
    method: 'POST',
    body: new URLSearchParams({ decision: 'authorize' }),
  })
  expect(answer.status).toBe(200)
  expect(await answer.text()).toContain('name="orcid"')
})

test('the session cookie is closed to scripts and stays away from foreign posts', async () => {
  const answer = await fetch(`${trial.url}/signin`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ orcid: ADA }),
  })
  expect(answer.headers.get('Set-Cookie')).toMatch(/HttpOnly; SameSite=Lax$/)
})

test('signing out returns to the request, as nobody', async () => {
  const visitor = await signedIn()
  const url = authorizeUrl(trial)
  const answer = await visitor.go(url.replace('/oauth/authorize', '/signout'))
  expect(await pageText(locationOf(answer, trial.url).href, visitor)).toContain('name="orcid"')
})

test.each([
  ['0000-0099-8193-0361', 'This account is locked'],
  ['0000-0099-9909-5149', 'This account is deactivated'],
])('%s cannot sign in and reads: %s', async (orcid, text) => {
  const visitor = await signedIn(orcid)
  const answer = await visitor.press(trial.url, await pageText(authorizeUrl(trial)), 'orcid', orcid)
  expect(await answer.text()).toContain(text)
  expect(await pageText(authorizeUrl(trial), visitor)).toContain('name="orcid"')
})

test('a merged record explains itself and continues as the primary one', async () => {
  const visitor = new Visitor()
  const url = authorizeUrl(trial)
  const merged = await visitor.press(url, await pageText(url), 'orcid', '0000-0099-5895-2546')
  const html = await merged.text()
  expect(html).toContain('This record was merged')
  const next = await visitor.press(url, html, 'orcid', '0000-0099-9540-6130')
  expect(await pageText(locationOf(next, url).href, visitor)).toContain('Marta Twice')
})

test('a name that looks like markup stays text', async () => {
  const html = await pageText(authorizeUrl(trial))
  expect(html).toContain('&lt;b&gt;&amp; Sons&lt;/b&gt;')
  expect(html).not.toContain('<b>')
})
