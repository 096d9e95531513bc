import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { goToOrcid } from '@/tests/support/journey'
import { startPortal } from '@/tests/support/portal'
import { rawRequest } from '@/tests/support/raw-request'
import { stackPerFile } from '@/tests/support/stack-per-file'
import { Visitor } from '@/tests/support/visitor'

const ada = '0000-0099-9458-0735'

const fixture = stackPerFile()
const portal = () => fixture.stack.portal

const ask = (method: string, path: string, headers: Record<string, string>) =>
  rawRequest(portal().url, method, path, headers)
const countAttempts = async () => (await fixture.rows('select 1 from authorization_attempt')).length

const foreignNames = ['127.0.0.1', 'www.localhost', 'old-name.example', 'localhost.', '[::1]', 'evil.example']

describe('under another host name than that of NEXTAUTH_URL', () => {
  test.each(foreignNames)('%s, a page is asked for again under ours, with its query', async (name) => {
    const paths = [
      '/',
      '/me',
      '/staff/researchers?q=Ada+Example&page=2',
      '/no-such-page',
      '/connect/denied?ref=ABCD-2345',
    ]
    for (const method of ['GET', 'HEAD']) {
      for (const path of paths) {
        for (const host of [name, `${name}:${portal().port}`, `${name.toUpperCase()}:80`]) {
          const { status, headers } = await ask(method, path, { host })
          expect([host, status, headers.location]).toEqual([host, 307, `${portal().url}${path}`])
          expect(headers['cache-control']).toContain('no-store')
          expect(headers['set-cookie']).toBeUndefined()
        }
      }
    }
  })

  test('our own name is ours in every spelling in which a browser sends the same cookies', async () => {
    for (const host of ['localhost', 'LOCALHOST', `Localhost:${portal().port}`, 'localhost:443']) {
      expect([host, (await ask('GET', '/', { host })).status]).toEqual([host, 200])
    }
  })

  test('no part of the name gets into the answer, whatever it is', async () => {
    for (const host of ['evil.example', 'evil.example/x', 'evil.example#', 'a@evil.example', 'evil.example:80:80']) {
      for (const path of ['/', '//evil.example/', '/\\evil.example', '/%2f%2fevil.example', '/.//evil.example']) {
        const { headers } = await ask('GET', path, { host })
        const origin = headers.location ? new URL(headers.location, portal().url).origin : portal().url
        expect([host, path, origin]).toEqual([host, path, portal().url])
      }
    }
  })

  test('a form does nothing and leads back to its page under our name', async () => {
    const host = `127.0.0.1:${portal().port}`
    const post = (referer?: string) =>
      ask('POST', '/connect/start', {
        host,
        origin: `http://${host}`,
        'sec-fetch-site': 'same-origin',
        ...(referer ? { referer } : {}),
      })
    const cases = [
      [`http://${host}/connect?from=mail`, '/connect?from=mail'],
      [`http://${host}//evil.example/x`, '/'],
      ['https://evil.example/me', '/'],
      ['no address', '/'],
      [undefined, '/'],
    ]
    for (const [referer, path] of cases) {
      const { status, headers } = await post(referer)
      expect([referer, status, headers.location]).toEqual([referer, 303, `${portal().url}${path}`])
      expect(headers['set-cookie']).toBeUndefined()
    }
    expect(await countAttempts()).toBe(0)
  })

  test('what machines and pages fetch is served', async () => {
    const file = `/_next/static/chunks/${readdirSync('.next/standalone/.next/static/chunks').find((name) => name.endsWith('.js'))}`
    for (const path of ['/api/health/live', '/api/health/ready', '/metrics', '/api/jobs', '/id-icon.svg', file]) {
      const own = await ask('GET', path, { host: `localhost:${portal().port}` })
      const foreign = await ask('GET', path, { host: 'concord-7f9c:3000' })
      expect([path, foreign.status]).toEqual([path, own.status])
    }
  })

  test('a whole attempt that begins there ends connected', async () => {
    const visitor = new Visitor()
    const front = await visitor.follow(await visitor.get(`http://127.0.0.1:${portal().port}/`))
    expect([front.status, front.url]).toEqual([200, `${portal().url}/`])
    const callback = await goToOrcid(fixture.stack, visitor, { orcid: ada })
    expect((await visitor.get(callback)).location).toBe('/connect/connected')
  })

  test('the answer of ORCID is taken along, and its code is not logged', async () => {
    const visitor = new Visitor()
    const callback = new URL(await goToOrcid(fixture.stack, visitor, { orcid: ada }))
    const elsewhere = new URL(callback)
    elsewhere.hostname = '127.0.0.1'
    const led = await visitor.get(elsewhere.href)
    expect([led.status, led.location]).toEqual([307, callback.href])
    expect(led.headers.get('referrer-policy')).toBe('no-referrer')
    expect((await visitor.get(led.location ?? '')).location).toBe('/connect/connected')
    const code = callback.searchParams.get('code') ?? 'none'
    expect(portal().logs.filter((line) => line.includes(code))).toEqual([])
  })
})

test('behind proxies of ours, the name that they pass on counts, and without them it is anybody’s', async () => {
  const direct = await ask('GET', '/', { host: 'localhost', 'x-forwarded-host': 'evil.example' })
  expect(direct.status).toBe(200)
  const { database, registry } = fixture.stack
  const behind = await startPortal({
    databaseUrl: database.portalUrl,
    registry,
    env: { NEXTAUTH_URL: 'https://portal.example', TRUSTED_PROXIES: '1' },
  })
  const answer = async (headers: Record<string, string>) => {
    const { status, headers: got } = await rawRequest(behind.url, 'GET', '/me?a=b', headers)
    return [status, got.location]
  }
  const ours = 'https://portal.example/me?a=b'
  const signIn = [307, '/sign-in?to=%2Fme%3Fa%3Db']
  expect(await answer({ host: 'portal.example' })).toEqual(signIn)
  expect(await answer({ host: 'concord:3000', 'x-forwarded-host': 'portal.example' })).toEqual(signIn)
  expect(await answer({ host: 'concord:3000', 'x-forwarded-host': 'evil.example, portal.example' })).toEqual(signIn)
  expect(await answer({ host: 'portal.example', 'x-forwarded-host': 'www.portal.example' })).toEqual([307, ours])
  expect(await answer({ host: 'www.portal.example' })).toEqual([307, ours])
  await behind.stop()
})

describe('a form', () => {
  const start = (headers: Record<string, string>) =>
    ask('POST', '/connect/start', { host: new URL(portal().url).host, ...headers })

  test('is ours by our own Origin, whatever else the browser says or does not say', async () => {
    for (const site of [undefined, 'same-site', 'cross-site', 'none']) {
      const headers = { origin: portal().url, ...(site ? { 'sec-fetch-site': site } : {}) }
      expect([site, (await start(headers)).status]).toEqual([site, 303])
    }
    expect((await start({ 'sec-fetch-site': 'same-origin' })).status).toBe(303)
    expect((await start({ 'sec-fetch-site': 'same-origin', origin: 'null' })).status).toBe(303)
  })

  test('of another site is refused in words, with the way back to its page, and changes nothing', async () => {
    const refused: Record<string, string>[] = [
      {},
      { origin: 'null' },
      { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      { origin: `${portal().url}.evil.example` },
      { 'sec-fetch-site': 'same-site' },
    ]
    for (const headers of refused) {
      const referer = `${portal().url}/connect?from=mail`
      const { status, headers: got, body } = await start({ ...headers, referer })
      expect([headers, status, got['content-type']]).toEqual([headers, 403, 'text/html; charset=utf-8'])
      expect(body).toContain('Nothing was changed.')
      expect(body).toContain('<a href="/connect?from=mail">Back to the page</a>')
      expect(body).not.toContain('<script')
      expect(got['content-security-policy']).toContain("frame-ancestors 'none'")
      expect(got['x-request-id']).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/)
    }
    const outside = await start({ origin: 'https://evil.example', referer: 'https://evil.example/me' })
    expect(outside.body).toContain('<a href="/">To the front page</a>')
    const spanish = await start({ 'accept-language': 'es' })
    expect(spanish.body).toContain('No se ha cambiado nada.')
    expect(await countAttempts()).toBe(0)
  })
})

describe('cookies of a whole campus', () => {
  const campus = (kilobytes: number) =>
    Array.from({ length: kilobytes }, (_, n) => `campus-${n}=${'c'.repeat(1_010)}`).join('; ')
  const host = () => new URL(portal().url).host

  test('of 17 kB stand in nobody’s way', async () => {
    const cookie = campus(17)
    expect((await ask('GET', '/', { host: host(), cookie })).status).toBe(200)
    const start = await ask('POST', '/connect/start', { host: host(), origin: portal().url, cookie })
    expect([start.status, start.headers.location?.split('?')[0]]).toEqual([
      303,
      `${fixture.stack.registry.url}/oauth/authorize`,
    ])
  })

  test.each([80, 400])('of %i kB are too many, which is said in words', async (kilobytes) => {
    const { status, body, headers } = await ask('GET', '/', { host: host(), cookie: campus(kilobytes) })
    expect(status).toBe(431)
    expect(headers['content-type']).toBe('text/html; charset=utf-8')
    expect(body).toContain('Your browser sent too many cookies')
    expect(body).toContain('Su navegador envió demasiadas cookies')
  })
})
