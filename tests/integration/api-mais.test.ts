import { NextRequest } from 'next/server'
import { beforeEach, describe, expect, test } from 'vitest'
import { POST } from '@/app/oauth2/token/route'
import { GET } from '@/app/orcid/v1/[...path]/route'
import { db } from '@/lib/db'
import { proveSealing } from '@/lib/installation/commands'
import { institution } from '@/lib/institution'
import { makeKey } from '@/lib/systems/keys'
import { makeSeededOrcid } from '@/prisma/seed-numbers'
import { connectSomebody } from '@/tests/support/api'
import { numbers, peoplePerFile } from '@/tests/support/people'
import { addSystem, tell } from '@/tests/support/systems'

// The requests that mais_orcid_client 1.0.2 makes (sul-dlss/mais_orcid_client, commit d7eed32d): lib/mais_orcid_client.rb
// and lib/mais_orcid_client/authenticator.rb. It is Ruby: its loop is written again here.

process.env.MAIS_API = 'yes'
const origin = 'http://localhost:9'
const fixture = peoplePerFile()
let system: Awaited<ReturnType<typeof addSystem>>
let client: { id: string; key: string }
let people: Awaited<ReturnType<typeof connectSomebody>>[]

beforeEach(async () => {
  system = await addSystem(fixture.manager)
  const key = { kind: 'client', name: 'sul-pub', expiresOn: null, requestId: 'test' } as const
  client = await makeKey(fixture.manager, system.id, key)
  people = []
  for (let n = 20; n < 25; n++) people.push(await connectSomebody(makeSeededOrcid(n)))
  await tell(
    system.id,
    people.map(({ researcherId }) => researcherId),
  )
})

/** `client.client_credentials.get_token` of the gem oauth2, with `auth_scheme: :request_body`. */
async function getToken(): Promise<string> {
  const body = new URLSearchParams({
    client_id: client.id,
    client_secret: client.key,
    grant_type: 'client_credentials',
  })
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded', Accept: '*/*' }
  const answer = await POST(new NextRequest(`${origin}/oauth2/token`, { method: 'POST', body: String(body), headers }))
  expect(answer.status).toBe(200)
  return (await answer.json()).access_token
}

async function getResponse(path: string, token: string) {
  const headers = { Authorization: `Bearer ${token}`, 'User-Agent': 'stanford-library-sul-pub' }
  const answer = await GET(new NextRequest(`${origin}/orcid/v1${path}`, { headers }))
  const text = await answer.text()
  expect(text).not.toMatch(/access_token|sealed/)
  return { status: answer.status, body: JSON.parse(text) }
}

/** `fetch_orcid_users`. */
async function fetchUsers(pageSize: number | null, token: string) {
  const users: { orcid_id: string }[] = []
  let next = `/users?scope=ANY${pageSize ? `&page_size=${pageSize}` : ''}`
  while (next) {
    const { status, body } = await getResponse(next, token)
    expect(status).toBe(200)
    users.push(...body.results)
    next = body.links.next
  }
  return users
}

const uris = () => people.map(({ orcid }) => `https://orcid.org/${orcid}`).sort()
const idsOf = (users: { orcid_id: string }[]) => users.map(({ orcid_id }) => orcid_id).sort()

describe('the published client', () => {
  test('gets a token at its own address, and everybody who is covered page by page, each once, without a token', async () => {
    const token = await getToken()
    expect(idsOf(await fetchUsers(2, token))).toEqual(uris())
    expect(idsOf(await fetchUsers(null, token))).toEqual(uris())
    const { body } = await getResponse('/users?scope=any&page_number=2&page_size=2', token)
    expect(body.meta).toEqual({ current_page: 2, total_records: 5, page_size: 2, total_pages: 3 })
    const link = (page: number) => `/users?scope=any&page_number=${page}&page_size=2`
    expect(body.links).toEqual({ self: link(2), first: link(1), prev: link(1), next: link(3), last: link(3) })
  })

  test('gets one user by local identifier or iD, with the scopes that decide whether it updates', async () => {
    const [anna] = people
    await db().person.update({ where: { id: anna?.id }, data: { localId: 'jlittman', origin: 'imported' } })
    const token = await getToken()
    const user = {
      sunet_id: 'jlittman',
      orcid_id: `https://orcid.org/${anna?.orcid}`,
      scope: ['/activities/update', '/read-limited'],
      last_updated: '2026-05-03T10:00:00.000',
    }
    expect((await getResponse('/users/jlittman', token)).body).toEqual(user)
    expect((await getResponse(`/users/${anna?.orcid}`, token)).body).toEqual(user)
  })

  test('gets the same 404 for who stopped the system, was never told, and never was', async () => {
    const [anna] = people
    await fixture.rows(`insert into system_stop (system_id, researcher_id, kind) values ($1, $2, 'stopped')`, [
      system.id,
      anna?.researcherId,
    ])
    const untold = await connectSomebody(numbers.b)
    const token = await getToken()
    const gone = { status: 404, body: { status: 404, errorMessage: 'This user does not exist.' } }
    for (const id of [anna?.orcid, untold.orcid, 'totally-bogus', 'a%00b']) {
      expect(await getResponse(`/users/${id}`, token)).toEqual(gone)
    }
    expect(idsOf(await fetchUsers(2, token))).toEqual(uris().filter((uri) => !uri.endsWith(anna?.orcid ?? '')))
  })

  test('asks for another token after a 401', async () => {
    expect((await getResponse('/users?scope=ANY', 'private_bearer_token')).status).toBe(401)
  })
})

test.each(['scope=%27', 'page_size=0', 'page_size=1001', 'page_number=x'])('%s is refused', async (query) => {
  expect((await getResponse(`/users?${query}`, system.key)).status).toBe(400)
})

test('only users of a scope are in the list of that scope', async () => {
  await connectSomebody(numbers.c, 'Reads Only', ['/read-limited', 'openid'])
  const { body } = await getResponse('/users?scope=/activities/update', system.key)
  expect(body.meta.total_records).toBe(5)
})

test('a system that may not read people gets 403', async () => {
  const writer = await addSystem(fixture.manager, { name: 'Writer', rights: ['affiliations:write'] })
  expect((await getResponse('/users?scope=ANY', writer.key)).status).toBe(403)
})

test('waits while a restored database waits for its release', async () => {
  await proveSealing()
  await fixture.rows(`insert into restore (found_by, held_at) values ('command', now())`)
  expect((await getResponse('/users?scope=ANY', system.key)).status).toBe(503)
  const answer = await POST(new NextRequest(`${origin}/oauth2/token`, { method: 'POST' }))
  expect(answer.status).toBe(503)
})

test('is off unless the institution wants it', async () => {
  const { env } = institution()
  if (env) institution().env = { ...env, maisApi: false }
  const answers = [
    await GET(new NextRequest(`${origin}/orcid/v1/users?scope=ANY`)),
    await POST(new NextRequest(`${origin}/oauth2/token`, { method: 'POST' })),
  ]
  institution().env = env
  expect(answers.map(({ status }) => status)).toEqual([404, 404])
})
