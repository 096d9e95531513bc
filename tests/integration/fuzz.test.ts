import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, goToOrcid } from '@/tests/support/journey'
import { type Stack, startStack } from '@/tests/support/portal'
import { type Answer, Visitor } from '@/tests/support/visitor'

const admin = '0000-0099-5475-2774'

let stack: Stack
let client: pg.Client
/** Nobody, somebody on the way to ORCID, a researcher who is an administrator: each with the cookies of that. */
let callers: Visitor[]

beforeAll(async () => {
  stack = await startStack({ env: { STAFF_ADMINS: admin } })
  client = new pg.Client({ connectionString: stack.database.url })
  await client.connect()
  const travelling = new Visitor()
  await goToOrcid(stack, travelling, { orcid: '0000-0099-9458-0735' })
  callers = [new Visitor(), travelling, (await connect(stack, { orcid: admin })).visitor]
})

afterAll(async () => {
  await client.end()
  await stack.stop()
})

const manifest = Object.keys(
  JSON.parse(readFileSync('.next/standalone/.next/server/app-paths-manifest.json', 'utf8')) as Record<string, string>,
).filter((name) => !name.startsWith('/_'))

const addressOf = (name: string) => name.replace(/\/(route|page)$/, '') || '/'

/** Every page and route of the build, with its parameters. */
const routes = [...manifest.map(addressOf), '/no-such-page']

/** Every name that a source gives to a field, a parameter or a cookie: found, so that a new one is tried as well. */
const names = [...new Set(listSources().flatMap(namesIn))]

function listSources(): string[] {
  return ['app', 'lib'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name) && !/^generated|\.test\./.test(name))
      .map((name) => join(folder, name)),
  )
}

const sourceOf = (name: string) =>
  ['.ts', '.tsx'].map((ending) => `app${name}${ending}`).find((path) => existsSync(path))

/** What one page or route reads, by its own source and by the schema that it parses with. */
function namesOfRoute(name: string): string[] {
  const file = sourceOf(name)
  if (!file) return []
  const schemas = [...readFileSync(file, 'utf8').matchAll(/from '@\/(lib\/\w+\/schema)'/g)].map(
    ([, path]) => `${path}.ts`,
  )
  return [...new Set([file, ...schemas].flatMap(namesIn))]
}

function namesIn(file: string): string[] {
  const source = readFileSync(file, 'utf8')
  const patterns = [/\bname="([\w-]+)"/g, /\.get\('([\w-]+)'\)/g, /searchParams: Promise<\{ (\w+)\?/g]
  const schemas = [...source.matchAll(/z\.object\(\{([^}]*)\}/g)].flatMap(([, body = '']) => [
    ...body.matchAll(/(\w+):/g),
  ])
  return [...patterns.flatMap((pattern) => [...source.matchAll(pattern)]), ...schemas].map(([, name = '']) => name)
}

const cookieNames = ['session', 'attempt', 'state', 'nonce', 'csrf', 'callbackUrl', 'theme', 'locale']
const mark = 'fz7mark'
const hostile = [
  `<script>${mark}</script>`,
  `"><img src=x onerror=${mark}>`,
  `https://${mark}.example/`,
  `//${mark}.example`,
  `/\\${mark}.example`,
  `javascript:${mark}`,
  "' OR 1=1 --",
  '%00',
  '\u0000',
  '\ud800',
  '../../../etc/passwd',
  '{{7*7}}',
  '__proto__',
  'constructor',
  '9'.repeat(400),
  'x'.repeat(4_000),
  '0000-0002-1825-0097',
  '00000000-0000-4000-8000-000000000000',
  'others',
  '2026-02-30',
  '🙂\u202e',
]

const value = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...hostile) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 60 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
)
const pairs = fc.array(fc.tuple(fc.oneof(fc.constantFrom(...names), value), value), { maxLength: 5 })
const known = fc.array(fc.tuple(fc.constantFrom(...names), value), { minLength: 1, maxLength: 6 })
const cookies = fc.array(fc.tuple(fc.constantFrom(...cookieNames), value), { maxLength: 2 })

/** Half a character cannot be sent. */
const wellFormed = (text: string) => Buffer.from(text).toString()
const encode = (text: string) => encodeURIComponent(wellFormed(text))
const queryOf = (list: [string, string][]) => list.map(([name, one]) => `${encode(name)}=${encode(one)}`).join('&')

const stackTrace = /\bat (?:async )?[\w.$<>]+ \((?:file:|node:|\/)[^()\s]*:\d+:\d+\)/
const inside = /PrismaClient|Invalid `|ECONNREFUSED|node_modules/
const foreignLink = new RegExp(`\\b(?:href|src|action)="\\s*(?:https?:|//|/\\\\|javascript:)[^"?]*${mark}`, 'i')

/** What is wrong with an answer, whatever was asked. */
function faultsOf({ status, body, location }: Pick<Answer, 'status' | 'body' | 'location'>): string[] {
  const at = location === null ? null : new URL(location, stack.portal.url).origin
  const faults = {
    [`answered ${status}`]: status >= 500,
    'shows a stack trace': stackTrace.test(body),
    'shows its inside': inside.test(body),
    'repeats markup': body.includes(`<script>${mark}`) || body.includes(`<img src=x onerror=${mark}`),
    'links elsewhere': foreignLink.test(body),
    [`leads to ${location}`]: at !== null && at !== stack.portal.url && at !== stack.registry.url,
  }
  return Object.entries(faults).flatMap(([fault, found]) => (found ? [fault] : []))
}

/** The same caller with their cookies, some of them replaced; what an earlier run ended lives again. */
async function callerWith(index: number, replaced: [string, string][]): Promise<Visitor> {
  await client.query(`update session set ended_at = null where ended_at is not null`)
  await client.query(`update staff_member set ended_at = null, role = 'admin'`)
  await client.query(`delete from rate_limit`)
  const caller = (callers[index] ?? new Visitor()).clone()
  const jar = caller.cookies.get('localhost') ?? new Map<string, string>()
  for (const [name, one] of replaced) jar.set(`concord.${name}`, encode(one))
  caller.cookies.set('localhost', jar)
  return caller
}

test('the routes and the names are found in the build and in the sources', () => {
  expect(routes).toEqual(
    expect.arrayContaining(['/', '/me', '/connect/start', '/staff/researchers/[orcid]', '/join/start']),
  )
  expect(names).toEqual(
    expect.arrayContaining(['scope', 'purpose', 'q', 'state', 'code', 'session', 'member', 'note', 'ref', 'back']),
  )
})

test('whatever is asked of any route by anybody, no answer is an error of ours, shows its inside or leads elsewhere', async () => {
  const request = fc.record({
    route: fc.constantFrom(...routes),
    parameter: value,
    caller: fc.nat({ max: 2 }),
    method: fc.constantFrom('GET' as const, 'POST' as const),
    query: pairs,
    fields: known,
    cookies,
  })
  await fc.assert(
    fc.asyncProperty(request, async (one) => {
      const visitor = await callerWith(one.caller, one.cookies)
      const path = one.route.replace(/\[[^\]]+\]/g, encode(one.parameter).replace(/^\.+$/, 'x') || 'x')
      const url = `${stack.portal.url}${path}?${queryOf(one.query)}`.slice(0, 7_900).replace(/%[0-9A-F]?$/, '')
      const fields = one.fields.map(([name, text]): [string, string] => [name, wellFormed(text)])
      const answer = one.method === 'GET' ? await visitor.get(url) : await visitor.post(url, fields)
      expect(faultsOf(answer), `${one.method} ${url}`).toEqual([])
    }),
    { numRuns: 200 },
  )
}, 180_000)

/** What a form of ours would send, so that what is behind the first check is reached too. */
const plausible: Record<string, string> = {
  role: 'viewer',
  member: '00000000-0000-4000-8000-000000000000',
  invitation: '00000000-0000-4000-8000-000000000000',
  session: '00000000-0000-4000-8000-000000000000',
  back: '/me',
  purpose: 'connect',
  scope: 'openid',
  format: 'csv',
  orcid: '0000-0099-5475-2774',
  type: 'employment',
  affiliation: '00000000-0000-4000-8000-000000000000',
  draft: '00000000-0000-4000-8000-000000000000',
  note: '00000000-0000-4000-8000-000000000000',
}

test('each field and parameter that a route reads may hold anything while the others are right', {
  tags: 'release',
  timeout: 180_000,
}, async () => {
  // Each field is tried with two of them in every run, by chance.
  const two = fc.shuffledSubarray(hostile.slice(0, 16), { minLength: 2, maxLength: 2 })
  const trials = manifest.flatMap((name) => {
    const own = namesOfRoute(name)
    const chosen = fc.sample(two, own.length)
    return own.flatMap((field, index) => (chosen[index] ?? []).map((text) => ({ name, own, field, text })))
  })
  expect(trials.length).toBeGreaterThan(200)
  const visitor = await callerWith(2, [])
  for (const { name, own, field, text } of trials) {
    const pairs = own.map((one): [string, string] => [one, one === field ? wellFormed(text) : (plausible[one] ?? '1')])
    const url = `${stack.portal.url}${addressOf(name).replace(/\[[^\]]+\]/g, 'x')}`
    const takesForm = readFileSync(sourceOf(name) ?? '', 'utf8').includes('export const POST')
    const answer = takesForm
      ? await visitor.clone().post(url, pairs)
      : await visitor.clone().get(`${url}?${queryOf(pairs)}`)
    expect(faultsOf(answer), `${name} ${field}=${text}`).toEqual([])
  }
})

test('no kind of body makes any route fail', { tags: 'release' }, async () => {
  // Two of them for each route in every run, by chance.
  const bodies: [string, string][] = [
    ['text/plain', 'a'],
    ['application/json', '{"__proto__":{}}'],
    ['multipart/form-data', 'no boundary'],
    [
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="scope"; filename="a"\r\n\r\nb\r\n--x--',
    ],
    ['application/x-www-form-urlencoded', '%&=%ff&scope=%00'],
  ]
  for (const route of routes) {
    const visitor = await callerWith(2, [])
    const jar = [...(visitor.cookies.get('localhost') ?? [])].map(([name, one]) => `${name}=${one}`).join('; ')
    const url = `${stack.portal.url}${route.replace(/\[[^\]]+\]/g, 'x')}`
    const [two = []] = fc.sample(fc.shuffledSubarray(bodies, { minLength: 2, maxLength: 2 }), 1)
    for (const [type, body] of two) {
      const headers = { 'content-type': type, 'sec-fetch-site': 'same-origin', cookie: jar }
      const sent = await fetch(url, { method: 'POST', headers, body, redirect: 'manual' })
      const answer = { status: sent.status, location: sent.headers.get('location'), body: await sent.text() }
      expect(faultsOf(answer), `POST ${route} as ${type}`).toEqual([])
    }
  }
})
