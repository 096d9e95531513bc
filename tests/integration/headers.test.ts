import { readdirSync } from 'node:fs'
import { METHODS } from 'node:http'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect } from '@/tests/support/journey'
import { type Stack, startPortal, startStack } from '@/tests/support/portal'
import { writeToSocket } from '@/tests/support/raw-socket'
import { inChunks, sendPieces } from '@/tests/support/unmeasured-forms'
import { Visitor } from '@/tests/support/visitor'

const admin = '0000-0099-5475-2774'

let stack: Stack
let visitor: Visitor

beforeAll(async () => {
  stack = await startStack({ env: { STAFF_ADMINS: admin } })
  visitor = (await connect(stack, { orcid: admin })).visitor
})
afterAll(() => stack.stop())

const chunk = readdirSync('.next/standalone/.next/static/chunks').find((name) => name.endsWith('.js'))
const files = [`/_next/static/chunks/${chunk}`, '/id-icon.svg', '/link-preview', '/logo']

/** Every kind of answer there is, by what has to come back. */
const kinds: [path: string, status: number][] = [
  ['/', 200],
  ['/me', 200],
  ['/me/data', 200],
  ['/staff', 200],
  ['/staff/team', 200],
  ['/staff/researchers/export?format=csv', 200],
  ['/staff/researchers/export?format=pdf', 400],
  ['/no-such-page', 404],
  ['/connect/no-such-outcome', 404],
  ['/staff/researchers/nobody', 404],
  ['/api/nothing', 404],
  ['/api/health/live', 200],
  ['/api/health/ready', 200],
  ['/connect/start', 405],
  ['/api/auth/callback/orcid', 303],
  ['/connect/from-orcid?code=AbC123', 303],
  ['/connect/in-progress/check', 303],
  [`/?q=${'x'.repeat(9_000)}`, 414],
  ['/_next/image?url=%2Fid-icon.svg&w=64&q=75', 404],
  ['/_next/static/chunks/none.js', 404],
  ['/me?_rsc=abc', 200],
  ['/me/', 308],
  ['/_next/data/build/me.json', 404],
  ['/_next/', 308],
  ...files.map((file): [string, number] => [file, 200]),
]

function expectProtection(path: string, headers: Headers) {
  const policy = headers.get('content-security-policy') ?? ''
  const directive = (name: string) => policy.match(new RegExp(`(?:^|; )${name} ([^;]*)`))?.[1]
  if (path === '/logo') {
    expect(policy).toBe("default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox")
  } else {
    expect(directive('script-src'), path).toMatch(/^'self' 'nonce-[\w+/=]{24}' 'strict-dynamic'$/)
    expect(directive('default-src'), path).toBe("'self'")
    expect(directive('object-src'), path).toBe("'none'")
    expect(directive('base-uri'), path).toBe("'none'")
    expect(directive('frame-ancestors'), path).toBe("'none'")
    expect(directive('form-action'), path).toBe(`'self' ${stack.registry.url}`)
  }
  const expected = {
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': /^\/(api\/auth\/callback|connect\/from-orcid)/.test(path) ? 'no-referrer' : 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'x-powered-by': null,
    server: null,
  }
  const found = Object.fromEntries(Object.keys(expected).map((name) => [name, headers.get(name)]))
  expect({ path, ...found }).toEqual({ path, ...expected })
  expect(headers.get('x-request-id'), path).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/)
}

/** What is answered before `proxy.ts` needs no nonce. */
function expectBareProtection(what: string, headers: Headers) {
  expect(headers.get('content-security-policy'), what).toMatch(/^default-src 'none';.* frame-ancestors 'none'$/)
  expect(headers.get('x-content-type-options'), what).toBe('nosniff')
  expect(headers.get('x-frame-options'), what).toBe('DENY')
  expect(headers.get('referrer-policy'), what).toBe('no-referrer')
  expect(headers.get('permissions-policy'), what).toBe('camera=(), geolocation=(), microphone=()')
  expect(headers.get('cross-origin-opener-policy'), what).toBe('same-origin')
  expect(headers.get('cross-origin-resource-policy'), what).toBe('same-origin')
  expect(headers.get('cache-control'), what).toBe('no-store')
}

/** What Next.js or Node.js answers by itself. */
const bare: [line: string, status: number][] = [
  ['GET //me', 308],
  ['GET //evil.example/me', 308],
  ['GET /\\evil.example', 308],
  ['GET /me//data', 308],
  ['GET /staff/team//', 308],
  [`GET /${'x'.repeat(17_000)}`, 414],
  [`GET /${'x'.repeat(70_000)}`, 431],
  ['TRACE /', 405],
  ['TRACE /me', 405],
  ['CONNECT localhost:443', 405],
  ['FOO /', 405],
  ['get-all /me', 405],
  ['\u0016\u0003', 400],
  ['OPTIONS *', 400],
  ['GET *', 400],
  ['GET http://evil.example/me/', 400],
]

test('what never reaches proxy.ts carries them too, and leads nowhere else', async () => {
  for (const [line, status] of bare) {
    const answer = await writeToSocket(stack.portal.url, `${line} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    expect([line.slice(0, 40), answer.status]).toEqual([line.slice(0, 40), status])
    expectBareProtection(line.slice(0, 40), answer.headers)
    const location = answer.headers.get('location')
    if (location !== null) expect(new URL(location, stack.portal.url).origin, line).toBe(stack.portal.url)
    if (status === 405) expect(answer.headers.get('allow')).toBe('GET, HEAD, OPTIONS, POST')
  }
})

test('an offer to change to another protocol is not taken, and the request is answered', async () => {
  for (const protocol of ['h2c', 'websocket']) {
    const request = `GET /api/health/live HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n\r\n`
    expect([protocol, (await writeToSocket(stack.portal.url, request)).status]).toEqual([protocol, 200])
  }
})

test('every answer carries the headers that protect it: pages, files, redirects, refusals and errors', async () => {
  for (const [path, status] of kinds) {
    const answer = await visitor.get(`${stack.portal.url}${path}`)
    expect([path, answer.status]).toEqual([path, status])
    expectProtection(path, answer.headers)
  }
})

test('the callback of somebody who is on an attempt does so too, by whatever method, and takes no reference from them', async () => {
  const url = `${stack.portal.url}/api/auth/callback/orcid`
  const ask = async (method: string, query = '', more: Record<string, string> = {}) => {
    const headers = { cookie: 'concord.attempt=none', 'x-request-id': 'ABCD-2345', ...more }
    const answer = await fetch(`${url}${query}`, { method, headers, redirect: 'manual' })
    expectProtection('/api/auth/callback', answer.headers)
    expect(answer.headers.get('x-request-id')).not.toBe('ABCD-2345')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    return answer.status
  }
  const own = { 'sec-fetch-site': 'same-origin' }
  expect(await ask('GET')).toBe(303)
  expect(await ask('GET', `?q=${'x'.repeat(9_000)}`)).toBe(414)
  expect(await ask('OPTIONS')).toBe(204)
  expect(await ask('HEAD')).toBe(405)
  expect(await ask('POST')).toBe(403)
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
    expect([method, await ask(method, '', own)]).toEqual([method, 405])
})

test('to a stranger the same, where they are sent away', async () => {
  for (const path of ['/me', '/me/data', '/staff', '/staff/researchers/export?format=csv']) {
    const answer = await new Visitor().get(`${stack.portal.url}${path}`)
    expect([path, answer.status, answer.location]).toEqual([path, 307, `/sign-in?${new URLSearchParams({ to: path })}`])
    expectProtection(path, answer.headers)
    expect(answer.headers.get('cache-control'), path).toContain('no-store')
  }
})

test('nothing is kept by a browser or a proxy but the files of the build and the logo', async () => {
  for (const [path, status] of kinds) {
    const { headers } = await visitor.get(`${stack.portal.url}${path}`)
    const kept = files.includes(path) && status === 200
    expect([path, headers.get('cache-control')?.includes('no-store') ?? false]).toEqual([path, !kept])
  }
})

test('a nonce is used for one answer', async () => {
  const nonces = await Promise.all(
    Array.from({ length: 10 }, async () => {
      const { headers, body } = await visitor.get(stack.portal.url)
      const nonce = headers.get('content-security-policy')?.match(/'nonce-([^']+)'/)?.[1] ?? ''
      expect(body).toContain(`nonce="${nonce}"`)
      return nonce
    }),
  )
  expect(new Set(nonces).size).toBe(10)
})

describe('behind https', () => {
  test('every answer asks for https from then on, and cookies are bound to the host', async () => {
    const portal = await startPortal({
      databaseUrl: stack.database.portalUrl,
      registry: stack.registry,
      env: { NEXTAUTH_URL: 'https://portal.example' },
    })
    for (const path of ['/', '/no-such-page', '/me', '/api/health/live', '/connect/start', ...files]) {
      const { headers } = await new Visitor().get(`${portal.url}${path}`, { host: 'portal.example' })
      expect(headers.get('strict-transport-security'), path).toBe('max-age=63072000; includeSubDomains')
      if (path !== '/logo') expect(headers.get('content-security-policy'), path).toContain('upgrade-insecure-requests')
    }
    const bareAnswer = await writeToSocket(portal.url, 'GET //me HTTP/1.1\r\nHost: portal.example\r\n\r\n')
    expect(bareAnswer.headers.get('strict-transport-security')).toBe('max-age=63072000; includeSubDomains')
    const asked = { host: 'portal.example', origin: 'https://portal.example' }
    const start = await new Visitor().post(`${portal.url}/connect/start`, [], asked)
    expect(start.status).toBe(303)
    for (const cookie of start.headers.getSetCookie()) {
      expect(cookie).toMatch(/^__Host-concord\.\w+=/)
      for (const part of ['Path=/', 'HttpOnly', 'Secure']) expect(cookie).toContain(part)
      expect(cookie).toMatch(/SameSite=lax/i)
    }
    await portal.stop()
  })
})

describe('what no page of ours sends', () => {
  const start = () => new URL(`${stack.portal.url}/connect/start`)

  test('is refused in other methods', async () => {
    const others = METHODS.filter((method) => !['GET', 'HEAD', 'OPTIONS', 'POST', 'CONNECT', 'TRACE'].includes(method))
    for (const method of others) {
      const answer = await writeToSocket(stack.portal.url, `${method} /me HTTP/1.1\r\nHost: localhost\r\n\r\n`)
      expect([method, answer.status]).toEqual([method, 405])
      expectProtection('/me', answer.headers)
    }
  })

  test('is refused when it is too large, and says so', async () => {
    const answer = await visitor.post(start().href, [['scope', 'x'.repeat(70_000)]])
    expect(answer.status).toBe(413)
    expect(answer.body).toContain('That was too much data for our forms')
    expectBareProtection('/connect/start', answer.headers)
  })

  test('is refused when it turns out too large on the way, with a page', async () => {
    for (const kilobytes of [100, 400]) {
      const { status, body } = await sendPieces(start(), kilobytes)
      expect(status).toBe(413)
      expect(body).toContain('That was too much data for our forms')
    }
  })

  test('is refused with 413 when a body in chunks goes beyond the limit and never ends', async () => {
    const { status, headers, body } = await writeToSocket(start().href, inChunks('/connect/start', 70_000))
    expect(status).toBe(413)
    expect(body).toContain('That was too much data for our forms')
    expectBareProtection('/connect/start', headers)
    const upload = await writeToSocket(start().href, inChunks('/staff/import/upload', 20_300_000))
    expect([upload.status, upload.headers.get('location')]).toEqual([303, '/staff/import?note=too-large'])
  })

  test('is refused when less has arrived than was announced: half a file is never taken for a whole one', async () => {
    const client = new pg.Client({ connectionString: stack.database.url })
    await client.connect()
    const imports = async () => (await client.query('select id from import')).rows
    const before = await imports()
    const cookie = [...(visitor.cookies.get('localhost') ?? [])].map((pair) => pair.join('=')).join('; ')
    const row = '0000-0002-1825-0097,employment,Lecturer\n'
    const part = `------boundary7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\norcid,type,title\n`
    const ending = '\r\n------boundary7MA4YWxkTrZu0gW--\r\n'
    const post = (length: number, body: string, hangUp: boolean) => {
      const head = ['POST /staff/import/upload HTTP/1.1', 'Host: localhost', `Cookie: ${cookie}`]
      const more = [
        'Sec-Fetch-Site: same-origin',
        'Content-Type: multipart/form-data; boundary=----boundary7MA4YWxkTrZu0gW',
        `Content-Length: ${length}`,
      ]
      return writeToSocket(stack.portal.url, `${[...head, ...more].join('\r\n')}\r\n\r\n${body}`, { hangUp })
    }
    for (const rows of [100, 10_000]) {
      const half = `${part}${row.repeat(rows)}`
      // The second one would be a form by itself.
      for (const body of [half, `${half}${ending}`]) {
        const answer = await post(body.length + 50_000, body, true)
        expect(answer.status).toBe(400)
        expectBareProtection('half', answer.headers)
      }
    }
    expect(await imports()).toEqual(before)
    const whole = `${part}${row.repeat(1)}${ending}`
    expect((await post(whole.length, whole, false)).status).toBe(303)
    expect(await imports()).toHaveLength(before.length + 1)
    await client.end()
  })
})
