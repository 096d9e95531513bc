import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PEOPLE } from '@/registry/people'
import { AFFILIATIONS } from '@/registry/records/item'
import { type RunningRegistry, startRegistry } from '@/registry/server'
import { freePort } from '@/scripts/ports'
import { testSigningKey } from '@/tests/support/signing-key'
import { callApi, employment, getOwnToken, readItems } from './record-api'
import { makeValidator } from './schemas'
import { ADA, control, MEMBER } from './trial'
import { getTokens } from './visitor'

const AS_XML = { Accept: 'application/vnd.orcid+xml' }
const PARTS = [
  ...['record', 'person', 'personal-details', 'activities', 'summary', 'biography'],
  ...['other-names', 'keywords', 'researcher-urls', 'external-identifiers', 'address', 'email'],
  ...[...AFFILIATIONS, 'work', 'funding', 'peer-review', 'research-resource'].map((kind) => `${kind}s`),
]
const WITH_SUMMARY = new Set<string>([...AFFILIATIONS, 'work', 'funding'])
const WITHOUT_ADDRESS = new Set(['email', 'biography', 'email-domain'])
const validator = makeValidator()
const trial = { url: '', passS: () => {} }
let running: RunningRegistry | null = null

beforeAll(async () => {
  const port = await freePort()
  // The schemas admit addresses of orcid.org only.
  const issuer = 'https://local.orcid.org'
  const clients = [{ ...MEMBER, arrangedScopes: ['/email/read-private'] }]
  running = await startRegistry({ port, issuer, clients, signingKey: await testSigningKey() })
  trial.url = `http://127.0.0.1:${port}`
  await control(trial, 'PUT', 'settings', { limit: { enabled: false } })
})
afterAll(async () => {
  validator.dispose()
  await running?.close()
})

async function complaintAbout(token: string, path: string): Promise<string[]> {
  const { text } = await callApi(trial, token, path, { headers: AS_XML })
  const complaint = validator.complaintsAbout(text)
  return complaint === null ? [] : [`${path}: ${complaint}`]
}

async function pathsOf(orcid: string): Promise<string[]> {
  const items = (await readItems(trial, orcid)).filter(({ section }) => !WITHOUT_ADDRESS.has(section))
  const single = items.flatMap(({ section, putCode }) => [
    `${section}/${putCode}`,
    ...(WITH_SUMMARY.has(section) ? [`${section}/summary/${putCode}`] : []),
  ])
  return ['', ...PARTS, ...single, 'employment/1', 'employment/none', 'nothing'].map((path) => `${orcid}/${path}`)
}

async function complaintsAbout(token: string, orcid: string): Promise<string[]> {
  const complaints = []
  for (const path of await pathsOf(orcid)) complaints.push(...(await complaintAbout(token, path)))
  return complaints
}

describe('every document and error in XML is valid by ORCID’s schemas', () => {
  test.each(PEOPLE.map(({ orcid, note }) => [note, orcid]))('of the record noted as "%s"', async (_, orcid) => {
    expect(await complaintsAbout(await getOwnToken(trial), orcid)).toEqual([])
    const isOpen = PEOPLE.find((person) => person.orcid === orcid)?.state === 'ok'
    if (!isOpen) return
    const { access_token } = await getTokens(trial, orcid, { scope: '/read-limited /email/read-private' })
    expect(await complaintsAbout(access_token, orcid)).toEqual([])
  })

  test.each([
    ['work', 'work-full-3.0', '<work:citation-value>'],
    ['work', 'work-51-contributors-3.0', '<work:contributor-attributes>'],
    ['funding', 'funding-3.0-with-NISO-roles', '<funding:contributor-role>'],
    ['service', 'service-3.0', '<common:organization>'],
  ])('of a %s with all that ORCID’s sample %s has', async (section, sample, expected) => {
    const file = join(import.meta.dirname, `../../samples/orcid/write/${sample}.json`)
    const { 'put-code': _, ...content } = JSON.parse(readFileSync(file, 'utf8'))
    const added = await control(trial, 'POST', `records/${ADA}/items`, { section, content })
    const path = `${ADA}/${section}/${(await added.json()).putCode}`
    expect((await callApi(trial, await getOwnToken(trial), path, { headers: AS_XML })).text).toContain(expected)
    expect(await complaintsAbout(await getOwnToken(trial), ADA)).toEqual([])
  })

  test('of an affiliation that a client has just written', async () => {
    const { access_token: token } = await getTokens(trial)
    const written = await callApi(trial, token, `${ADA}/employment`, { method: 'POST', body: employment() })
    const putCode = written.headers.get('Location')?.split('/').at(-1)
    const answer = await callApi(trial, token, `${ADA}/employment/${putCode}`, {
      method: 'PUT',
      body: employment({ 'put-code': Number(putCode) }),
      headers: { ...AS_XML, 'Content-Type': 'application/json' },
    })
    expect(answer.status).toBe(200)
    expect(validator.complaintsAbout(answer.text)).toBeNull()
  })
})

test('the validator finds what is wrong', async () => {
  const { text } = await callApi(trial, await getOwnToken(trial), `${ADA}/record`, { headers: AS_XML })
  expect(validator.complaintsAbout(text.replaceAll('common:title>', 'work:title>'))).toContain('title')
  expect(validator.complaintsAbout(text.replace('Direct', 'DIRECT'))).toContain('creation-method')
})
