import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Caller,
  type Cast,
  callers,
  findLeaks,
  findSecretNames,
  isAdmitted,
  startCast,
} from '@/tests/integration/matrix-cast'
import { actions, type Row, table } from '@/tests/integration/matrix-table'
import { listBuiltActions } from '@/tests/support/build'
import { forEachOf } from '@/tests/support/raw-request'

let cast: Cast
beforeAll(async () => {
  cast = await startCast()
})
afterAll(() => cast.stop())

const buildId = readFileSync('.next/standalone/.next/BUILD_ID', 'utf8').trim()
const guarded = Object.entries(table).filter(([, { audience }]) => audience !== 'anybody')

/** Whoever comes nearest to being let in: the highest role that does not suffice, or else a stranger. */
const refusedOf = ({ audience }: Row): Caller =>
  callers.filter((caller) => !isAdmitted(audience, caller)).at(-1) ?? 'anonymous'

/** Every guarded address with somebody who is refused there. */
const attempts = () =>
  guarded.map(([name, row]) => ({
    name,
    row,
    caller: refusedOf(row),
    path: cast.addressOf(row).split('?')[0] ?? '',
  }))

/** What Next.js calls a tree: by the mark at its last leaf, what lies above it, and its gate, is not rendered. */
function stateTree(name: string, path: string, mark = 'refetch'): string {
  const values = path.split('/').slice(1)
  const toSegment = (segment: string, place: number) =>
    segment.startsWith('[') ? [segment.slice(1, -1), values[place], 'd', null] : segment
  const segments = name.split('/').slice(1, -1).map(toSegment)
  const leaf: unknown[] = ['__PAGE__', {}, null, mark]
  const tree = segments.reduceRight<unknown[]>((inner, segment) => [segment, { children: inner }], leaf)
  return encodeURIComponent(JSON.stringify(['', { children: tree }]))
}

const rsc = { RSC: '1' }

/** A page has parts; a route handler has none, and is asked for one alone. */
const headersFor = (name: string, { kind }: Row, path: string): Record<string, string>[] => [
  rsc,
  { ...rsc, 'Next-Router-Prefetch': '1' },
  ...(kind === 'page' ? headersForParts(name, path) : []),
  // https://nvd.nist.gov/vuln/detail/CVE-2025-29927
  ...['middleware', 'src/middleware', 'pages/_middleware', 'proxy', 'src/proxy'].map((file) => ({
    'x-middleware-subrequest': Array.from({ length: 5 }, () => file).join(':'),
  })),
  { 'x-nextjs-data': '1' },
  { 'x-middleware-prefetch': '1', purpose: 'prefetch' },
  { 'x-middleware-rewrite': path, 'x-middleware-next': '1' },
  { 'x-invoke-path': path, 'x-invoke-status': '200', 'x-matched-path': path },
  { 'x-original-url': path, 'x-rewrite-url': path },
  { 'x-forwarded-host': 'localhost', 'x-forwarded-for': '127.0.0.1', 'x-real-ip': '127.0.0.1' },
  { 'x-middleware-override-headers': 'cookie', 'x-middleware-request-cookie': 'concord.session=x' },
  { 'x-prerender-revalidate': buildId, 'x-http-method-override': 'GET' },
  { authorization: 'Bearer null' },
]

const headersForParts = (name: string, path: string): Record<string, string>[] => [
  { ...rsc, 'Next-Router-Prefetch': '2' },
  ...['/_tree', '/_full', '/_index', '/__PAGE__', `${path}/__PAGE__`].map((segment) => ({
    ...rsc,
    'Next-Router-Prefetch': '1',
    'Next-Router-Segment-Prefetch': segment,
  })),
  ...['refetch', 'inside-shared-layout', 'metadata-only'].map((mark) => ({
    ...rsc,
    'Next-Router-State-Tree': stateTree(name, path, mark),
  })),
  { ...rsc, 'Next-Router-State-Tree': stateTree(name, path), 'Next-Router-Prefetch': '1', 'Next-Url': path },
  { 'Next-Router-State-Tree': stateTree(name, path) },
]

const suffixes = [
  ...['.json', '.segments/_tree.segment.rsc', '.segments/_full.segment.rsc', '.segments/__PAGE__.segment.rsc'],
  ...['/', '//', '/.', '/./', '.', '..', '%2e', '%2f', '%252f', '%252e', '%20', '%00', ';a=b', '%3fa', '%23'],
  '?_rsc=1a2b3',
]

const detours = [
  ...['/connect/..', '/connect/%2e%2e', '/connect/%252e%252e', '/connect/..%2f', '/connect\\..'],
  // What the proxy does not look at.
  ...['/_next/static/..', '/_next/static/%2e%2e', '/_next/static/../..', '/_next/static', '/_next/image/../..'],
]

/** The first two lead to the page itself. */
const pathsFor = (path: string): string[] => {
  const first = `%${path.charCodeAt(1).toString(16)}`
  return [
    `${path}.rsc`,
    `/${first}${path.slice(2)}`,
    ...suffixes.map((suffix) => `${path}${suffix}`),
    `/${path}`,
    `/.${path}`,
    `/%2e${path}`,
    `/%2f${path.slice(1)}`,
    path.toUpperCase(),
    `/%25${first.slice(1)}${path.slice(2)}`,
    path.replace(/\/(?=[^/]+$)/, '%2f'),
    path.replace(/\/(?=[^/]+$)/, '\\'),
    ...detours.map((up) => up + path),
    `/_next/image?url=${encodeURIComponent(path)}&w=640&q=75`,
    `/_next/data/${buildId}${path}.json`,
    `http://localhost${path}`,
  ]
}

/**
 * Next.js sends who asks for a part of a page to an address with a digest of these headers, and answers only there: the
 * redirect is followed, or nothing would have been tried.
 */
async function ask(caller: Caller, method: string, path: string, headers: Record<string, string>) {
  const answer = await cast.ask(caller, method, path, headers)
  const again = answer.headers.location
  return again?.includes('_rsc') ? cast.ask(caller, method, again.replace(/^https?:\/\/[^/]+/, ''), headers) : answer
}

async function judge(caller: Caller, method: string, path: string, headers: Record<string, string>): Promise<string[]> {
  const answer = await ask(caller, method, path, headers)
  return [
    ...findLeaks(cast, caller, path, answer).map((canary) => `shows ${canary}`),
    ...findSecretNames(answer).map((key) => `has the key ${key}`),
    ...(answer.status >= 500 ? [String(answer.status)] : []),
  ].map((fault) => `${method} ${path} as ${caller} with ${JSON.stringify(headers)}: ${fault}`)
}

async function judgeAll<T>(items: T[], judgeOne: (item: T) => Promise<string[]>): Promise<string[]> {
  const faults: string[] = []
  await forEachOf(items, async (item) => void faults.push(...(await judgeOne(item))))
  return faults
}

describe('what somebody may not see is not shown, not a byte of it,', () => {
  test('to a request with the headers by which Next.js asks for parts of a page, or talks to itself', async () => {
    const items = attempts().flatMap((attempt) =>
      headersFor(attempt.name, attempt.row, attempt.path).map((headers) => ({ ...attempt, headers })),
    )
    expect(items.length).toBeGreaterThan(400)
    expect(await judgeAll(items, ({ caller, path, headers }) => judge(caller, 'GET', path, headers))).toEqual([])
  })

  test('at an address that is spelled otherwise: suffixes, encodings, dots, slashes, case', async () => {
    // Spelling concerns the router, not the page: of those that do not lead to the page itself, each address gets a third.
    const items = attempts().flatMap((attempt, place) =>
      pathsFor(attempt.path)
        .filter((_, index) => index < 2 || (place + index) % 3 === 0)
        .map((path, index) => ({ ...attempt, path, headers: (place + index) % 2 ? rsc : {} })),
    )
    expect(items.length).toBeGreaterThan(400)
    const faults = await judgeAll(items, ({ caller, path, headers }) => judge(caller, 'GET', path, headers))
    expect(faults).toEqual([])
  })

  test('to a server action, whether there is one of that id or not', async () => {
    const ids = ['x', 'a'.repeat(40), `00${'7f'.repeat(20)}`, ...listBuiltActions().map(({ id }) => id)]
    expect(Object.keys(actions)).toHaveLength(ids.length - 3)
    const items = attempts().flatMap((attempt) => ids.map((id) => ({ ...attempt, id })))
    const faults = await judgeAll(items, ({ caller, path, id }) => judge(caller, 'POST', path, { 'Next-Action': id }))
    expect(faults).toEqual([])
  })

  test('to somebody who is signed in and names another person', async () => {
    const [ids = {}] = await cast.rows(
      `SELECT r.id AS id, r.id AS researcher, r.id AS "researcherId", r.orcid, a.id AS attempt, a.id AS "attemptId",
              a.reference AS ref, g.id AS grant, s.id AS sid, s.id AS session
         FROM researcher r JOIN "grant" g ON g.researcher_id = r.id JOIN authorization_attempt a ON a.id = g.attempt_id
         JOIN session s ON s.researcher_id = r.id WHERE r.orcid = $1 LIMIT 1`,
      [cast.orcids.researcher],
    )
    const mine = guarded.filter(([, { audience }]) => audience === 'signed-in').map(([, row]) => row)
    const headers: Record<string, string>[] = [{}, rsc, { 'x-request-id': String(ids.ref), 'x-concord-path': '/staff' }]
    const items = mine.flatMap((row) => headers.map((one) => ({ path: `${cast.addressOf(row).split('?')[0]}`, one })))
    const query = new URLSearchParams(ids).toString()
    const judgeOne = (path: string, one: Record<string, string>) => judge('other', 'GET', `${path}?${query}`, one)
    expect(await judgeAll(items, ({ path, one }) => judgeOne(path, one))).toEqual([])
  })
})

test('a part of a page without what lies above it is what these headers ask for: the search for data finds it', async () => {
  const headers = { ...rsc, 'Next-Router-State-Tree': stateTree('/staff/researchers/page', '/staff/researchers') }
  const part = await ask('viewer', 'GET', '/staff/researchers', headers)
  const whole = await ask('viewer', 'GET', '/staff/researchers', rsc)
  expect(findLeaks(cast, 'viewer', '/staff/researchers', part).length).toBeGreaterThan(7)
  expect(part.body.length).toBeLessThan(whole.body.length)
})
