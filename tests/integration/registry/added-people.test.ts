import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startRegistry } from '@/registry/server'
import { callApi, employment, readItems } from './record-api'
import { ADA, control, MEMBER, setUpRegistry } from './trial'
import { authorizeUrl, Visitor } from './visitor'

const trial = setUpRegistry()

const ZOE = '0000-0098-0000-0019'
const OLD_ZOE = '0000-0098-0000-0027'
const access = '11111111-1111-4111-8111-111111111111'

const zoe = {
  orcid: ZOE,
  given: 'Zoë',
  family: 'Added',
  creditName: 'Zoë Added',
  nameVisibility: 'public',
  state: 'ok',
  mergedInto: null,
  email: 'zoe@example.org',
  note: 'Physics',
  record: { keywords: [{ word: 'additions' }] },
}
const token = {
  accessToken: access,
  refreshToken: '22222222-2222-4222-8222-222222222222',
  orcid: ZOE,
  clientId: MEMBER.id,
  scopes: ['/activities/update', '/read-limited', 'openid'],
  code: null,
  issuedAt: Date.now() - 1_000,
  live: true,
  revokedBecause: null,
}
const item = {
  putCode: 7_000_000,
  orcid: ZOE,
  section: 'service',
  visibility: 'public',
  source: { clientId: MEMBER.id, name: MEMBER.name },
  createdAt: 1,
  modifiedAt: 1,
  displayIndex: 0,
  content: { 'role-title': 'Chair' },
}
const old = { ...zoe, orcid: OLD_ZOE, state: 'merged', mergedInto: ZOE, record: {} }
const population = { set: 'trial 1', people: [zoe, old], tokens: [token], items: [item] }
const bring = (at: { url: string } = trial, body: object = population) => control(at, 'PUT', 'people', body)

test('a person who was added has a record, tokens that work, and items under their own numbers', async () => {
  expect((await bring()).status).toBe(204)
  const sections = (await readItems(trial, ZOE)).map(({ section, putCode }) => [section, putCode === item.putCode])
  expect(sections).toEqual([
    ['keywords', false],
    ['service', true],
  ])
  const added = await callApi(trial, access, `${ZOE}/employment`, { method: 'POST', body: employment() })
  expect(added.status).toBe(201)
  expect(Number(added.headers.get('Location')?.split('/').at(-1))).toBeGreaterThan(item.putCode)
  expect((await callApi(trial, access, `${OLD_ZOE}/record`)).body['error-code']).toBe(9007)
})

test('whoever is not listed is found by a part of the name or the iD, and signs in to go on', async () => {
  await bring()
  const visitor = new Visitor()
  const wanted = authorizeUrl(trial)
  const listed = await (await visitor.go(wanted)).text()
  expect(listed).not.toContain(ZOE)
  expect(listed).toContain('2 more people are here than are listed below.')
  for (const find of ['zoe add', ZOE, `https://orcid.org/${ZOE}`, '0000009800000019']) {
    const page = `${trial.url}/signin?${new URLSearchParams([...new URL(wanted).searchParams, ['find', find]])}`
    const html = await (await visitor.go(page)).text()
    expect(html, find).toContain(`value="${ZOE}"`)
    expect(html, find).not.toContain(`value="${ADA}"`)
    const answer = await visitor.press(page, html, 'orcid', ZOE)
    expect(answer.headers.get('Location'), find).toMatch(/^\/oauth\/authorize\?/)
    expect(answer.headers.get('Location'), find).not.toContain('find=')
  }
  const nobody = await (await visitor.go(`${trial.url}/signin?find=nobody-at-all`)).text()
  expect(nobody).toContain('Nobody here has this name or iD.')
})

test('without anybody added the sign-in page has nothing to search', async () => {
  expect(await (await new Visitor().go(`${trial.url}/signin`)).text()).not.toContain('type="search"')
})

test('people who are brought replace all that was there, and say whose they are', async () => {
  await bring()
  await bring(trial, { ...population, set: 'trial 2', people: [old, zoe], tokens: [] })
  expect(await (await control(trial, 'GET', 'people')).json()).toEqual({ set: 'trial 2', people: 2, tokens: 0 })
  expect((await callApi(trial, access, `${ZOE}/record`)).status).toBe(401)
  await control(trial, 'DELETE', 'state')
  expect(await (await control(trial, 'GET', 'people')).json()).toEqual({ set: null, people: 0, tokens: 0 })
})

test('added people survive a restart with their records and tokens', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'registry-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const start = () => startRegistry({ port: 0, stateFile: join(folder, 'state.json'), clients: [MEMBER] })
  const first = await start()
  await bring(first)
  await first.close()
  const second = await start()
  onTestFinished(() => second.close())
  expect(await (await control(second, 'GET', 'people')).json()).toEqual({ set: 'trial 1', people: 2, tokens: 1 })
  const at = { url: second.url, passS: () => {} }
  expect((await callApi(at, access, `${ZOE}/record`)).status).toBe(200)
})
