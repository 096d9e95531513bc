import { readdirSync } from 'node:fs'
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect } from '@/tests/support/journey'
import { type Stack, startPortal, startStack } from '@/tests/support/portal'
import { Visitor } from '@/tests/support/visitor'

const admin = '0000-0099-5475-2774'

let stack: Stack
let visitor: Visitor

beforeAll(async () => {
  stack = await startStack({ env: { STAFF_ADMINS: admin } })
  visitor = (await connect(stack, { orcid: admin })).visitor
}, 120_000)
afterAll(() => stack.stop())

const chunk = readdirSync('.next/standalone/.next/static/chunks').find((name) => name.endsWith('.js'))
const files = [`/_next/static/chunks/${chunk}`, '/id-icon.svg', '/icon.svg']

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
  ...files.map((file): [string, number] => [file, 200]),
]

function expectProtection(path: string, headers: Headers) {
  const policy = headers.get('content-security-policy') ?? ''
  const directive = (name: string) => policy.match(new RegExp(`(?:^|; )${name} ([^;]*)`))?.[1]
  expect(directive('script-src'), path).toMatch(/^'self' 'nonce-[\w+/=]{24}' 'strict-dynamic'$/)
  expect(directive('default-src'), path).toBe("'self'")
  expect(directive('object-src'), path).toBe("'none'")
  expect(directive('base-uri'), path).toBe("'none'")
  expect(directive('frame-ancestors'), path).toBe("'none'")
  expect(directive('form-action'), path).toBe(`'self' ${stack.registry.url}`)
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

test('nothing is kept by a browser or a proxy but the files of the build', async () => {
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
      expect(headers.get('content-security-policy'), path).toContain('upgrade-insecure-requests')
    }
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
    for (const method of ['PUT', 'PATCH', 'DELETE', 'PROPFIND']) {
      const answer = await fetch(`${stack.portal.url}/me`, { method, headers: { 'sec-fetch-site': 'same-origin' } })
      expect([method, answer.status]).toEqual([method, 405])
      expectProtection('/me', answer.headers)
    }
  })

  test('is refused when it is too large, and says so', async () => {
    const answer = await visitor.post(start().href, [['scope', 'x'.repeat(70_000)]])
    expect(answer.status).toBe(413)
    expectProtection('/connect/start', answer.headers)
  })

  test('is refused when it turns out too large on the way, with a page', async () => {
    for (const kilobytes of [100, 400]) {
      const { status, body } = await sendPieces(start(), kilobytes)
      expect(status).toBe(413)
      expect(body).toContain('That was more than our forms send')
    }
  })
})

/** A form whose length is not stated ahead, a kilobyte at a time. */
function sendPieces(url: URL, kilobytes: number): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' }
    const sent = request(url, { method: 'POST', headers }, (answer) => {
      let body = ''
      answer.on('data', (part) => {
        body += part
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }))
    })
    sent.on('error', reject)
    for (let sentSoFar = 0; sentSoFar < kilobytes; sentSoFar++) sent.write('x'.repeat(1_024))
    sent.end()
  })
}
