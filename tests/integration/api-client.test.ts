import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import openapiTS, { astToString } from 'openapi-typescript'
import ts from 'typescript'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { examples } from '@/lib/api/examples'
import { db } from '@/lib/db'
import { root } from '@/scripts/processes'
import { makeStaffActor } from '@/tests/support/actors'
import { connectSomebody, makeAsker } from '@/tests/support/api'
import { workInside } from '@/tests/support/inside'
import { numbers } from '@/tests/support/people'
import { stackPerFile } from '@/tests/support/stack-per-file'
import { addSystem, completeSystem, tell } from '@/tests/support/systems'

const fixture = stackPerFile({ WORKER: 'none' })
workInside(fixture)

let folder = ''
beforeAll(() => {
  mkdirSync(join(root, '.concord'), { recursive: true })
  folder = mkdtempSync(join(root, '.concord', 'api-client-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

let system: Awaited<ReturnType<typeof addSystem>>
let anna: Awaited<ReturnType<typeof connectSomebody>>
beforeEach(async () => {
  const data = { orcid: numbers.c, role: 'admin', origin: 'test' } as const
  const { id: staffId } = await db().staffMember.upsert({ where: { orcid: numbers.c }, create: data, update: {} })
  const rights = [...completeSystem().rights, 'works:write' as const]
  system = await addSystem(makeStaffActor({ staffId, role: 'admin' }), { rights })
  anna = await connectSomebody(numbers.a)
  await db().person.update({ where: { id: anna.id }, data: { localId: '0042', department: 'Physics', kind: 'staff' } })
  await tell(system.id, [anna.researcherId])
})

const ask = makeAsker((path, init) => fetch(`${fixture.stack.portal.url}${path}`, init))

/** Runs a program of somebody else, with a key and what else it reads. */
function run(command: string, args: string[]): Promise<{ code: number | null; out: string }> {
  const env = { ...process.env, CONCORD_URL: fixture.stack.portal.url, CONCORD_KEY: system.key, PERSON_ID: anna.id }
  const child = spawn(command, args, { env, cwd: root })
  let out = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (out += part))
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out })))
}

const program = `
import createClient from 'openapi-fetch'
import type { paths } from './api'

const client = createClient<paths>({
  baseUrl: process.env.CONCORD_URL,
  headers: { Authorization: \`Bearer \${process.env.CONCORD_KEY}\` },
})
const once = () => ({ 'idempotency-key': crypto.randomUUID() })
const said: unknown[] = []
const list = await client.GET('/api/v1/people', { params: { query: { local_id: '0042' } } })
const [person] = list.data?.items ?? []
if (!person) throw new Error(JSON.stringify(list.error))
said.push([person.orcid.path, person.orcid.authenticated, person.permissions.map(({ scope }) => scope)])
const one = await client.GET('/api/v1/people/{id}', { params: { path: { id: person.id } } })
said.push(one.data?.local_id)
const body = { person_id: person.id, type: 'employment' as const, title: 'Lecturer', external_id: 'hr-1' }
const added = await client.POST('/api/v1/affiliations', { params: { header: once() }, body })
const item = { path: { id: added.data?.id ?? '' } }
const changed = await client.PUT('/api/v1/affiliations/{id}', {
  params: { ...item, header: once() },
  body: { type: 'employment', title: 'Professor', start_date: '2021-03' },
})
said.push([added.response.status, added.data?.state, changed.data?.title, changed.data?.start_date])
const found = await client.GET('/api/v1/affiliations/{id}', { params: item })
const items = await client.GET('/api/v1/affiliations')
const removed = await client.DELETE('/api/v1/affiliations/{id}', { params: { ...item, header: once() } })
said.push([found.data?.title, items.data?.items.length, removed.data?.state])
const work = {
  person_id: person.id,
  type: 'book' as const,
  title: 'On bees',
  identifier: { type: 'doi', value: '10.1000/bees' },
}
const offered = await client.POST('/api/v1/works', { params: { header: once() }, body: [work, work] })
if (!offered.data || !('results' in offered.data)) throw new Error(JSON.stringify(offered.error))
said.push(offered.data.results.map((one) => ('work' in one ? one.work.state : one.problem.code)))
const works = await client.GET('/api/v1/works')
said.push(works.data?.items.map(({ identifier }) => identifier.value))
const coverage = await client.GET('/api/v1/coverage')
said.push([coverage.data?.people, coverage.data?.with_id])
const changes = await client.GET('/api/v1/people/changes', { params: { query: { updated_since: list.data?.changes_cursor ?? '' } } })
said.push(changes.data?.items.map((each) => ('deleted' in each ? each.reason : each.name)))
const nobody = await client.GET('/api/v1/people/{id}', { params: { path: { id: crypto.randomUUID() } } })
said.push([nobody.response.status, nobody.error?.code])
console.log(JSON.stringify(said))
`

describe('a client that a public generator made of the OpenAPI file', () => {
  test('has types that fit a program which uses all of the API, and the program works', async () => {
    const { text } = await ask(null, '/openapi.json')
    writeFileSync(join(folder, 'api.ts'), astToString(await openapiTS(text)))
    writeFileSync(join(folder, 'program.ts'), program)
    const checked = ts.createProgram([join(folder, 'program.ts')], {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      types: ['node'],
    })
    expect(ts.getPreEmitDiagnostics(checked).map(({ messageText }) => messageText)).toEqual([])
    const { code, out } = await run(process.execPath, ['--import', 'tsx', join(folder, 'program.ts')])
    expect([code, out.trim()]).toEqual([0, expect.stringMatching(/^\[/)])
    expect(JSON.parse(out)).toEqual([
      [numbers.a, true, ['/activities/update', '/read-limited', 'openid']],
      '0042',
      [202, 'pending', 'Professor', '2021-03'],
      ['Professor', 1, 'deleting'],
      ['waiting_for_answer', 'already_exists'],
      ['10.1000/bees'],
      [1, 1],
      [],
      [404, 'not_found'],
    ])
  })
})

describe('the examples of the page for developers', () => {
  const commands = {
    curl: ['bash', 'curl.sh'],
    Python: ['python3', 'example.py'],
    JavaScript: [process.execPath, 'example.mjs'],
  } as const

  test.for(examples)('run as they are: $language', async ({ language, code: text }, { skip }) => {
    const [command, name] = commands[language]
    if (spawnSync(command, ['--version']).status !== 0) return skip(`${command} is not here`)
    const file = join(folder, name)
    writeFileSync(file, text)
    const { code, out } = await run(command, [file])
    expect([code, out]).toEqual([0, expect.stringContaining(`https://orcid.org/${numbers.a}`)])
    expect(out).toContain('0042')
    if (language !== 'curl') return
    for (const state of ['pending', 'waiting_for_answer']) expect(out).toContain(`"state":"${state}"`)
  })

  test('stand on the page, with every request and every code of a refusal', async () => {
    const page = await (await fetch(`${fixture.stack.portal.url}/developers`)).text()
    const { json } = await ask(null, '/openapi.json')
    for (const path of Object.keys(json.paths)) expect(page).toContain(path)
    expect(page).toContain('id="cursor-expired"')
    expect(page).toContain('urllib.request')
    for (const part of ['standardwebhooks', 'MEMBER_CLIENT_SECRET']) expect(page).toContain(part)
  })
})

describe('through the portal', () => {
  test('the API answers with a key and no session, from any page, and gives no page for what it refuses', async () => {
    const from = { Origin: 'https://elsewhere.example', 'Sec-Fetch-Site': 'cross-site' }
    const people = await ask(system.key, '/people', { headers: from })
    expect([people.status, people.headers.get('access-control-allow-origin')]).toEqual([200, null])
    expect(people.headers.get('cache-control')).toBe('no-store')
    expect(people.headers.get('ratelimit')).toMatch(/^"system";r=\d+;t=\d+$/)
    const body = { person_id: anna.id, type: 'employment', title: 'Lecturer', external_id: 'hr-1' }
    const headers = { ...from, 'Idempotency-Key': 'k-1' }
    expect((await ask(system.key, '/affiliations', { method: 'POST', body, headers })).status).toBe(202)
    const refusals = [
      [await ask('cnc_test_x', '/people'), 401],
      [await ask(system.key, '/people/none'), 400],
      [await ask(system.key, '/people', { method: 'PUT', body: {} }), 405],
      [await ask(system.key, '/affiliations', { method: 'POST', text: 'x'.repeat(300_000), headers }), 413],
      [await ask(system.key, '/affiliations', { method: 'POST', text: 'x'.repeat(10_000_000), headers }), 413],
    ] as const
    for (const [{ status, headers: told }, expected] of refusals) {
      expect([status, told.get('content-type')]).toEqual([expected, 'application/problem+json'])
      expect(told.getSetCookie()).toEqual([])
    }
    const head = await ask(system.key, '/people', { method: 'HEAD' })
    expect([head.status, head.text]).toEqual([200, ''])
  })

  test('neither the key nor a token of ORCID is in an answer or in the log', async () => {
    await ask(system.key, '/people')
    await ask(`${system.key}x`, '/people')
    const { text } = await ask(system.key, `/people/${anna.id}`)
    expect(text).not.toMatch(/token|sealed/i)
    expect(fixture.stack.portal.logs.join('\n')).not.toContain(system.key)
  })
})
