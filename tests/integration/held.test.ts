import { spawn } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { portalEnv } from '@/scripts/portal'
import { type Cast, describeAnswer, startCast } from '@/tests/integration/matrix-cast'
import { type Row, table } from '@/tests/integration/matrix-table'
import { commandArgs } from '@/tests/support/command'
import { testSecrets } from '@/tests/support/portal'

let cast: Cast
beforeAll(async () => {
  cast = await startCast()
  await cast.rows(`INSERT INTO restore (found_by, held_at, checked_at) VALUES ('command', now(), now())`)
})
afterAll(() => cast.stop())

/** Everything that goes on while a restored copy waits for its release. Whoever adds to it says why. */
const rights = [
  '/me/affiliations/removal/route',
  '/me/data/route',
  '/me/erasure/route',
  '/unsubscribe/mail/route',
  '/unsubscribe/choice/route',
  '/i/do-not-ask/route',
  '/me/narrowing/route',
  '/me/sessions/end/route',
  '/me/systems/stop/route',
  '/me/withdrawal/route',
  // A no; a yes is refused, as below.
  '/me/works/answer/route',
  '/me/works/preference/route',
  '/staff/researchers/erasure/route',
]
const neededForTheRelease = [
  '/api/auth/callback/orcid/route',
  '/connect/from-orcid/route',
  '/connect/in-progress/check/route',
  // Signing in; connecting leads to /connect/unavailable, as below.
  '/connect/not-me/start/route',
  '/connect/start/route',
  '/sign-out/route',
  '/staff/attempts/look-up/route',
  '/staff/restored/release/route',
  '/staff/team/removal/route',
  '/staff/team/role/route',
]
const harmless = [
  '/api/health/live/route',
  '/api/health/ready/route',
  // Answers 503 itself (api-keys.test.ts).
  '/api/v1/[[...path]]/route',
  // Answers 503 itself, as below.
  '/oauth/token/route',
  // Answer 503 themselves (api-mais.test.ts).
  '/oauth2/token/route',
  '/orcid/v1/[...path]/route',
  // Each job waits by itself (lib/process/hold.ts).
  '/api/jobs/route',
  // Without its secret it is not there; with it, it answers 503 (bounces.test.ts).
  '/api/mail/bounces/route',
  '/link-preview/route',
  '/logo/route',
  '/metrics/route',
  '/preferences/route',
  '/staff/exports/cancel/route',
  '/staff/import/template/route',
]
const exceptions = [...rights, ...neededForTheRelease, ...harmless]

const routes = Object.entries(table).filter(([name]) => name.endsWith('/route'))
const heldRoutes = routes.filter(([name]) => !exceptions.includes(name))

const ask = async (row: Row, method: 'GET' | 'HEAD' | 'POST') =>
  describeAnswer(await cast.ask('admin', method, cast.addressOf(row), {}, cast.bodyOf(row)), cast)

async function runCommand(script: string, args: string[]) {
  const { database, registry, portal } = cast.stack
  const settings = { databaseUrl: database.portalUrl, port: portal.port, registry, secrets: testSecrets }
  const child = spawn(process.execPath, [...commandArgs(`scripts/${script}`), ...args], {
    env: portalEnv(settings) as NodeJS.ProcessEnv,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const code = await new Promise((resolve) => child.once('exit', resolve))
  return { code, output }
}

const told = ['303 /staff/restored', '303 /connect/unavailable']

/** What a person could change; sessions, counts of rate limits and heartbeats change by being there. */
const kept = [
  'affiliation',
  'affiliation_draft',
  'authorization_attempt',
  'export_part',
  'export_run',
  '"grant"',
  'grant_check',
  'note',
  'orcid_call',
  'researcher',
  'revocation',
  'staff_invitation',
  'staff_member',
  'trial',
  'writing_confirmation',
]
async function snapshot(): Promise<Record<string, string | undefined>> {
  const digests: Record<string, string | undefined> = {}
  for (const name of kept) {
    const rows = await cast.rows(`SELECT md5(string_agg(t::text, E'\\n' ORDER BY t::text)) AS digest FROM ${name} t`)
    digests[name] = rows[0]?.digest
  }
  return digests
}

describe('a restored copy that waits for its release', () => {
  test('refuses every form and every file that is not among the exceptions, and changes nothing', async () => {
    const before = await snapshot()
    const open: string[] = []
    for (const [name, row] of heldRoutes) {
      for (const method of row.methods) {
        const answer = await ask(row, method)
        if (!told.includes(answer)) open.push(`${method} ${name}: ${answer}`)
      }
    }
    expect(open).toEqual([])
    expect(await snapshot()).toEqual(before)
    expect(heldRoutes.map(([name]) => name)).toContain('/staff/audit/export/route')
  })

  test('changes nothing when its pages are read, and sends nothing to ORCID', { tags: 'release' }, async () => {
    const before = await snapshot()
    const { tokenRequests } = await cast.stack.registry.state()
    for (const [, row] of Object.entries(table).filter(([, { kind }]) => kind === 'page')) await ask(row, 'GET')
    expect(await snapshot()).toEqual(before)
    expect((await cast.stack.registry.state()).tokenRequests).toEqual(tokenRequests)
  })

  test('has no exception that is not a route of ours', () => {
    const names = routes.map(([name]) => name)
    expect(exceptions.filter((name) => !names.includes(name))).toEqual([])
  })

  test('takes a no to works from their person, and no yes', async () => {
    const answers = [
      ['/me/works/answer/route', { answer: 'add' }, '303 /connect/unavailable'],
      ['/me/works/preference/route', { preference: 'automatic' }, '303 /connect/unavailable'],
      ['/me/works/answer/route', { answer: 'refuse' }, '303 /me/works'],
      ['/me/works/preference/route', { preference: 'never' }, '303 /me/works'],
    ] as const
    for (const [name, fields, wanted] of answers) {
      const row = table[name]
      expect([name, row && (await ask({ ...row, fields: { ...row.fields, ...fields } }, 'POST'))]).toEqual([
        name,
        wanted,
      ])
    }
  })

  test('lets people exercise their rights and an administrator set the team right, and connects nobody', async () => {
    const { '/connect/start/route': start, '/oauth/token/route': token } = table
    expect(start && (await ask(start, 'POST'))).toBe('303 /connect/unavailable')
    expect(token && (await ask(token, 'POST'))).toMatch(/^503/)
    const works = ['/me/data/route', '/staff/team/role/route', '/staff/team/removal/route', '/me/erasure/route']
    for (const name of works) {
      const row = table[name]
      expect([name, row && (await ask(row, row.methods[0] ?? 'GET'))]).toEqual([name, row?.answer])
    }
  })

  test.each([
    ['export', ['--format', 'csv', '--out', '-'], 'release it first'],
    ['retention', [], 'Nothing was removed'],
    ['keys', ['forget', 'k9', '--orcid-has-disabled-its-tokens'], 'Nothing was given up'],
  ])('is not touched by `npm run %s`, which says why', async (script, args, words) => {
    const before = await snapshot()
    const { code, output } = await runCommand(script, args)
    expect([code, output]).toEqual([1, expect.stringMatching(/restored and is held/)])
    expect(output).toContain(words)
    expect(await snapshot()).toEqual(before)
  })

  test('goes on with everything once it is released', async () => {
    await cast.restore()
    const [, row] = heldRoutes.find(([name]) => name === '/staff/audit/export/route') ?? []
    expect(row && (await ask(row, 'GET'))).toBe('200')
  })
})
