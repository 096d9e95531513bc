import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, goToOrcid } from '@/tests/support/journey'
import { type Stack, startStack } from '@/tests/support/portal'
import { Visitor } from '@/tests/support/visitor'

let stack: Stack
let visitor: Visitor

beforeAll(async () => {
  stack = await startStack()
  visitor = (await connect(stack, { orcid: '0000-0099-9458-0735' })).visitor
})
afterAll(() => stack.stop())

/** Every route handler of the build that has no parameter in its path. */
const routes = Object.entries(
  JSON.parse(readFileSync('.next/standalone/.next/server/app-paths-manifest.json', 'utf8')) as Record<string, string>,
)
  .filter(([name]) => name.endsWith('/route') && !name.includes('['))
  .map(([name]) => name.replace(/\/route$/, ''))

const forPrograms = ['/unsubscribe/mail', '/api/mail/bounces', '/oauth/token', '/oauth2/token']

describe('a change of state that another site sends', () => {
  test.each([
    ['another origin', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['another site of the same registrable domain', { origin: 'https://other.example', 'sec-fetch-site': 'same-site' }],
    ['an origin that is null', { origin: 'null', 'sec-fetch-site': '' }],
    ['nobody', { origin: '', 'sec-fetch-site': '' }],
  ])('with %s is refused with 403 at every route, and changes nothing', async (_what, headers) => {
    expect(routes.length).toBeGreaterThan(5)
    // Programs send neither header, and prove themselves otherwise: unsubscribing.test.ts, bounces.test.ts, systems-keys.test.ts.
    const refused = headers.origin ? routes : routes.filter((path) => !forPrograms.includes(path))
    for (const path of refused) {
      const answer = await visitor.post(`${stack.portal.url}${path}`, [['theme', 'dark']], headers)
      expect([path, answer.status, answer.headers.getSetCookie()]).toEqual([path, 403, []])
    }
    expect((await visitor.get(`${stack.portal.url}/me`)).status).toBe(200)
    expect((await stack.registry.state()).tokens.filter(({ live }) => live)).toHaveLength(1)
  })
})

test("next-auth's own routes are not there", async () => {
  for (const path of [
    'signin',
    'signin/orcid',
    'signout',
    'session',
    'csrf',
    'providers',
    'error',
    '_log',
    'verify-request',
  ]) {
    expect((await visitor.get(`${stack.portal.url}/api/auth/${path}`)).status, path).toBe(404)
    expect((await visitor.post(`${stack.portal.url}/api/auth/${path}`)).status, path).toBeGreaterThanOrEqual(404)
  }
})

test('what a form of ours would not send is answered with a plain page, never with an error of ours', async () => {
  const start = `${stack.portal.url}/connect/start`
  const odd: [string, string][][] = [
    [['scope', '/webhook']],
    [['scope', 'made up']],
    [['purpose', 'steal']],
    [
      ['purpose', 'connect'],
      ['purpose', 'sign-in'],
    ],
    [['scope', 'x'.repeat(10_000)]],
  ]
  for (const fields of odd) {
    const answer = await visitor.post(start, fields)
    expect([answer.status, answer.location]).toEqual([400, null])
  }
  for (const query of [
    '?code=a&code=b',
    '?state=%00',
    '?error=<script>',
    `?code=${'x'.repeat(5_000)}`,
    '?callbackUrl=foo',
  ]) {
    const answer = await visitor.get(`${stack.portal.url}/api/auth/callback/orcid${query}`)
    expect([query, answer.status]).toEqual([query, 303])
    expect(answer.location).toMatch(/^\/connect\/[a-z-]+(\?ref=[0-9A-Z]{4}-[0-9A-Z]{4})?$/)
  }
})

test('a preference leads back to a path of ours and to no other place', async () => {
  for (const back of [
    '//evil.example',
    'https://evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    '/\t/evil.example',
  ]) {
    const answer = await visitor.post(`${stack.portal.url}/preferences`, [
      ['theme', 'dark'],
      ['back', back],
    ])
    expect([back, answer.status, answer.location]).toEqual([back, 303, '/'])
  }
})

test("a cookie of next-auth's that is no address stops neither the way to ORCID nor the way back", async () => {
  const other = new Visitor()
  other.cookies.set('localhost', new Map([['concord.callbackUrl', 'no-address']]))
  const callback = await goToOrcid(stack, other, { orcid: '0000-0002-1825-0097' })
  other.cookies.get('localhost')?.set('concord.callbackUrl', 'no-address')
  expect((await other.get(callback)).location).toBe('/connect/connected')
})
