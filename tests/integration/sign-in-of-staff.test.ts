import { beforeEach, describe, expect, test } from 'vitest'
import { table } from '@/tests/integration/matrix-table'
import { connect, decideAtOrcid } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'
import { Visitor } from '@/tests/support/visitor'

// Of the registry’s people Grace signs in with a second factor, and Josiah with a password alone.
const grace = '0000-0099-5475-2774'
const josiah = '0000-0002-1825-0097'

const fixture = stackPerFile({ STAFF_ADMINS: `${grace} ${josiah}`, REQUIRE_STAFF_MFA: 'yes', WORKER: 'none' })
const at = (path: string) => new URL(path, fixture.stack.portal.url).href
const signIn = async (orcid: string, visitor = new Visitor()) =>
  (await connect(fixture.stack, { orcid, purpose: 'sign-in' }, visitor)).visitor
/** Without a charset, which makes Next.js answer 307. */
const asBrowsersDo = { 'content-type': 'application/x-www-form-urlencoded' }
const pathOf = (location: string | null) => new URL(location ?? '', fixture.stack.portal.url).pathname

describe('where a second factor is required', () => {
  test('a role without one opens no page and no route of the staff, and says what to do', {
    tags: 'release',
  }, async () => {
    const visitor = await signIn(josiah)
    const staffRows = Object.values(table).filter(({ at: path }) => path.startsWith('/staff'))
    expect(staffRows.length).toBeGreaterThan(80)
    for (const row of staffRows) {
      const path = at(row.at.replace(/\{\w+\}/g, '00000000-0000-4000-8000-000000000000'))
      const fields = Object.entries(row.fields ?? { from: 'a test' }).map(([name, value]): [string, string] => [
        name,
        value.replace(/\{orcid\}/, josiah).replace(/\{\w+\}/, '00000000-0000-4000-8000-000000000000'),
      ])
      const answer = row.methods.includes('GET')
        ? await visitor.get(path)
        : await visitor.post(path, fields, asBrowsersDo)
      expect([row.at, answer.status, pathOf(answer.location)]).toEqual([
        row.at,
        row.methods.includes('GET') ? 307 : 303,
        '/sign-in/second-factor',
      ])
    }
    const page = await visitor.get(at('/sign-in/second-factor?to=%2Fstaff%2Fpeople'))
    expect(page.body).toContain('turn on two-factor authentication')
    expect(page.body).toContain(`${fixture.stack.registry.url}/account`)
    expect((await visitor.get(at('/me'))).status).toBe(200)
  })

  test('somebody who signed in with one is let in', async () => {
    const visitor = await signIn(grace)
    expect((await visitor.get(at('/staff/people'))).status).toBe(200)
    expect((await visitor.get(at('/sign-in/second-factor?to=%2Fstaff%2Fpeople'))).location).toBe('/staff/people')
    await fixture.rows(`update session set second_factor = false`)
    expect(pathOf((await visitor.get(at('/staff/people'))).location)).toBe('/sign-in/second-factor')
  })
})

describe('a sign-in', () => {
  test('is as old as ORCID says, however often somebody comes back from there', async () => {
    const visitor = await signIn(grace)
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    await signIn(grace, visitor)
    const times = await fixture.rows(`select authenticated_at from session order by created_at`)
    expect(times).toHaveLength(2)
    expect(times[1]?.authenticated_at).toEqual(times[0]?.authenticated_at)
  })

  test('is not recent where ORCID did not say when it was', async () => {
    const visitor = await signIn(grace)
    await fixture.rows(`update session set authenticated_at = null`)
    const answer = await visitor.get(at('/staff/people/export?format=csv&all=yes'))
    expect(pathOf(answer.location)).toBe('/sign-in/again')
  })
})

describe('a sign-in that is older than 15 minutes', () => {
  let visitor: Visitor
  beforeEach(async () => {
    visitor = await signIn(grace)
    await fixture.rows(`update session set authenticated_at = now() - interval '15 minutes 1 second'`)
  })

  test.each(['/staff/people/export?format=csv&all=yes', '/staff/researchers/export?format=csv'])(
    'takes no file from %s before ORCID has asked for the password again, and then leads back',
    async (file) => {
      const list = '/staff/people?department=Physics'
      const refused = await visitor.get(at(file), { referer: at(list) })
      expect(refused.location).toBe(`/sign-in/again?${new URLSearchParams({ to: list })}`)
      const page = await visitor.get(at(refused.location ?? ''))
      expect(page.body).toContain('Sign in again to continue')
      const start = await visitor.post(at('/connect/start'), [
        ['purpose', 'sign-in'],
        ['fresh', 'yes'],
        ['to', list],
      ])
      expect(new URL(start.location ?? '').searchParams.get('prompt')).toBe('login')
      const back = await visitor.get(await decideAtOrcid(visitor, start, { orcid: grace }))
      expect(back.location).toBe(list)
      expect((await visitor.get(at(file))).status).toBe(200)
      expect((await visitor.get(at('/sign-in/again'))).location).toBe('/staff')
    },
  )

  test('writes no more than 100 items', async () => {
    const [batch] = await fixture.rows(
      `insert into batch (action, leaves_on, made_by_id) select 'mark_leaving', '2035-01-01', id from staff_member where orcid = $1 returning id`,
      [grace],
    )
    const add = (from: number, to: number) =>
      fixture.rows(
        `with added as (
           insert into person (local_id, origin, kind) select 'n' || n, 'entered', 'staff' from generate_series($1::int, $2::int) n returning id, local_id)
         insert into batch_step (batch_id, place, person_id) select $3, substr(local_id, 2)::int, id from added`,
        [from, to, batch?.id],
      )
    const done = async () =>
      Number((await fixture.rows(`select count(*) from batch_step where state = 'done'`))[0]?.count)
    const page = `/staff/people/batches/${batch?.id}`
    const run = (path: string) => visitor.post(at(path), [['batch', batch?.id]], { referer: at(page) })
    await add(1, 101)
    expect((await run('/staff/people/batches/run')).location).toBe(
      `/sign-in/again?${new URLSearchParams({ to: page })}`,
    )
    expect(await done()).toBe(0)
    await fixture.rows(`delete from batch_step where place = 101`)
    expect((await run('/staff/people/batches/run')).location).toBe(page)
    expect(await done()).toBe(10)
    await add(102, 210)
    await fixture.rows(`update batch_step set state = 'done', before = '{"state": "active", "leavesOn": null}'`)
    expect(pathOf((await run('/staff/people/batches/undo')).location)).toBe('/sign-in/again')
  })

  test('saves no complete roster, and others as ever', async () => {
    const add = async (complete: boolean) =>
      (
        await fixture.rows(
          `insert into import (kind, file_name, complete, state, made_by_id)
           select 'people', 'staff.csv', $2, 'preview', id from staff_member where orcid = $1 returning id`,
          [grace, complete],
        )
      )[0]?.id
    const save = async (id: string) =>
      pathOf((await visitor.post(at('/staff/import/saving'), [['import', id]])).location)
    const [complete, partial] = [await add(true), await add(false)]
    expect(await save(complete)).toBe('/sign-in/again')
    expect(await fixture.rows(`select state::text from import where id = $1`, [complete])).toEqual([
      { state: 'preview' },
    ])
    expect(await save(partial)).toBe(`/staff/import/${partial}`)
    await fixture.rows(`update session set authenticated_at = now() - interval '14 minutes'`)
    expect(await save(complete)).toBe(`/staff/import/${complete}`)
  })
})
