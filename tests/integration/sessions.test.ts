import { describe, expect, test } from 'vitest'
import { connect, until } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'
import type { Visitor } from '@/tests/support/visitor'

const ada = '0000-0099-9458-0735'
const josiah = '0000-0002-1825-0097'
const admin = '0000-0099-5475-2774'

const fixture = stackPerFile({ STAFF_ADMINS: admin })

const signIn = async (orcid: string) => (await connect(fixture.stack, { orcid, purpose: 'sign-in' })).visitor
const statusOf = async (visitor: Visitor, path: string) =>
  (await visitor.get(`${fixture.stack.portal.url}${path}`)).status
const ago = (column: 'last_seen_at' | 'created_at', minutes: number) =>
  fixture.rows(`update session set ${column} = now() - make_interval(mins => ${minutes})`)
const justSeen = `select 1 from session where last_seen_at > now() - interval '1 minute'`
const openIds = async (orcid: string): Promise<string[]> =>
  (
    await fixture.rows(
      `select s.id from session s join researcher r on r.id = s.researcher_id
       where r.orcid = $1 and s.ended_at is null order by s.created_at`,
      [orcid],
    )
  ).map(({ id }) => id)
const end = (visitor: Visitor, session: string, back = '/me') =>
  visitor.post(`${fixture.stack.portal.url}/me/sessions/end`, [
    ['session', session],
    ['back', back],
  ])

describe('the limits of a session', () => {
  test('let staff be away for half an hour and no longer', async () => {
    const visitor = await signIn(admin)
    await ago('last_seen_at', 29)
    expect(await statusOf(visitor, '/staff')).toBe(200)
    await until('the visit is written down', async () => (await fixture.rows(justSeen)).length === 1)
    await ago('last_seen_at', 31)
    expect(await statusOf(visitor, '/staff')).toBe(307)
    expect(await statusOf(visitor, '/me')).toBe(307)
  })

  test('end what staff do after eight hours, however busy they are', async () => {
    const visitor = await signIn(admin)
    await ago('created_at', 7 * 60 + 59)
    expect(await statusOf(visitor, '/staff')).toBe(200)
    await ago('created_at', 8 * 60 + 1)
    expect(await statusOf(visitor, '/staff')).toBe(307)
  })

  test('give a researcher twelve hours', async () => {
    const visitor = await signIn(ada)
    await ago('created_at', 11 * 60 + 59)
    await ago('last_seen_at', 11 * 60)
    expect(await statusOf(visitor, '/me')).toBe(200)
    await ago('created_at', 12 * 60 + 1)
    expect(await statusOf(visitor, '/me')).toBe(307)
  })

  test('follow the role that the person has now', async () => {
    const visitor = await signIn(ada)
    await ago('last_seen_at', 45)
    await fixture.rows(`insert into staff_member (orcid, role, origin) values ($1, 'viewer', 'test')`, [ada])
    expect(await statusOf(visitor, '/me')).toBe(307)
    await fixture.rows(`delete from staff_member where orcid = $1`, [ada])
    expect(await statusOf(visitor, '/me')).toBe(200)
  })
})

test('the use of a session is written down once a minute, with the kind of browser and nothing closer', async () => {
  const visitor = await signIn(ada)
  const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0'
  const get = (headers = {}) => visitor.get(`${fixture.stack.portal.url}/me`, { 'user-agent': agent, ...headers })
  const seen = async () => (await fixture.rows(`select last_seen_at, browser from session`))[0]
  expect((await get({ 'sec-purpose': 'prefetch' })).status).toBe(404)
  expect((await seen()).browser).toBeNull()
  await get()
  const first = await until('the browser is written down', async () => {
    const session = await seen()
    return session.browser && session
  })
  expect(first.browser).toBe('Firefox · Linux')
  await get()
  expect(await seen()).toEqual(first)
  await ago('last_seen_at', 2)
  await get()
  await until('the use is written down', async () => (await seen()).last_seen_at >= first.last_seen_at)
})

describe('ending sessions', () => {
  test('lists each with its browser, and ends one at its next request', async () => {
    const [here, there] = [await signIn(ada), await signIn(ada)]
    const [, thereId = ''] = await openIds(ada)
    expect(await statusOf(there, '/me')).toBe(200)
    const page = await here.get(`${fixture.stack.portal.url}/me`)
    expect(page.body).toContain(`value="${thereId}"`)
    const answer = await end(here, thereId)
    expect([answer.status, answer.location]).toEqual([303, '/me#sessions'])
    expect(await statusOf(there, '/me')).toBe(307)
    expect(await statusOf(here, '/me')).toBe(200)
    expect(await fixture.rows(`select 1 from audit_event where action = 'session.ended'`)).toHaveLength(1)
  })

  test('ends all others and keeps the one that asks', async () => {
    const others = [await signIn(ada), await signIn(ada)]
    const here = await signIn(ada)
    await end(here, 'others')
    for (const other of others) expect(await statusOf(other, '/me')).toBe(307)
    expect(await statusOf(here, '/me')).toBe(200)
  })

  test("ends nobody else's, and leads nowhere else", async () => {
    const [visitor, other] = [await signIn(ada), await signIn(josiah)]
    const [theirs = ''] = await openIds(josiah)
    await end(visitor, theirs)
    await end(visitor, 'others')
    expect(await statusOf(other, '/me')).toBe(200)
    for (const [session, back] of [
      ['no-uuid', '/me'],
      ['others', 'https://evil.example'],
    ]) {
      expect((await end(visitor, session ?? '', back)).status).toBe(400)
    }
  })
})

test('what is held about sessions is in the download', async () => {
  const visitor = await signIn(admin)
  await statusOf(visitor, '/me')
  const data = JSON.parse((await visitor.get(`${fixture.stack.portal.url}/me/data`)).body)
  expect(data.sessions[0]).toMatchObject({ lastSeenAt: expect.any(String), browser: expect.any(String) })
  expect(data.staff).toMatchObject({ role: 'admin' })
})
