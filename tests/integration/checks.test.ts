import { afterEach, describe, expect, test } from 'vitest'
import { connect, until } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'
import { Visitor } from '@/tests/support/visitor'

const ada = '0000-0099-9458-0735'
const josiah = '0000-0002-1825-0097'
const admin = '0000-0099-5475-2774'
const fixture = stackPerFile({ STAFF_ADMINS: admin })

const url = (path: string) => `${fixture.stack.portal.url}${path}`
const signInStaff = async () => (await connect(fixture.stack, { orcid: admin, purpose: 'sign-in' })).visitor

type Row = { id: string; state: string; finding: string | null; person: string; standing: string | null } & {
  held: boolean
  unanswered: boolean
  checkedAt: Date | null
}
const grantsOf = (orcid: string): Promise<Row[]> =>
  fixture.rows(
    `select g.id, g.state::text, g.finding::text, r.state::text as person, r.finding::text as standing,
       coalesce(sealed_access_token, sealed_refresh_token, sealed_response) is not null as held,
       g.unanswered_since is not null as unanswered, g.last_checked_at as "checkedAt"
     from "grant" g join researcher r on r.id = g.researcher_id where r.orcid = $1 order by g.granted_at`,
    [orcid],
  )

/** Makes every grant of somebody due, and has the sweep go round. */
async function sweep(orcid: string) {
  const theirs = 'researcher_id = (select id from researcher where orcid = $1)'
  await fixture.rows(`update "grant" set next_check_at = now() where ${theirs}`, [orcid])
  await fixture.rows(`select graphile_worker.add_job('sweep')`)
}
async function sweepUntil(orcid: string, finding: string) {
  await sweep(orcid)
  return until(`${orcid} is found ${finding}`, async () => {
    const found = await grantsOf(orcid)
    return found.some((grant) => (grant.unanswered ? 'unanswered' : grant.finding) === finding) && found
  })
}
const history = () =>
  fixture
    .rows('select finding::text, reason::text from grant_check order by id')
    .then((rows) => rows.map(Object.values))
const events = (actions: string) =>
  fixture.rows(`select action, actor_kind::text as by, detail from audit_event where action like $1 order by id`, [
    actions,
  ])

/** As the person does on the registry's own page. */
async function withdrawAtOrcid(orcid: string) {
  const { registry } = fixture.stack
  const visitor = new Visitor()
  await visitor.post(`${registry.url}/signin`, [['orcid', orcid]])
  await visitor.post(`${registry.url}/trusted-parties`, [['client_id', registry.clientId]])
  const { tokens } = await registry.state()
  expect(tokens.filter((token) => token.orcid === orcid && token.live)).toEqual([])
}

afterEach(async () => {
  for (const orcid of [ada, josiah]) await fixture.stack.registry.setRecordState(orcid, { state: 'ok' })
})

describe('a permission that works', () => {
  test('is found good, with the time, a place in the history, and an event that says whether that is news', async () => {
    await connect(fixture.stack, { orcid: ada })
    const [grant] = await sweepUntil(ada, 'good')
    expect(grant).toMatchObject({ state: 'live', person: 'connected', standing: 'good', held: true })
    expect(Date.now() - Number(grant?.checkedAt)).toBeLessThan(60_000)
    const { checkedAt } = grant ?? {}
    await sweep(ada)
    await until('it is checked again', async () => Number((await grantsOf(ada))[0]?.checkedAt) > Number(checkedAt))
    expect(await history()).toEqual([
      ['good', 'schedule'],
      ['good', 'schedule'],
    ])
    expect(await events('check.%')).toEqual([
      { action: 'check.found', by: 'system', detail: { finding: 'good' } },
      { action: 'check.confirmed', by: 'system', detail: { finding: 'good' } },
    ])
    const [{ nextIn }] = await fixture.rows(
      `select extract(epoch from next_check_at - now())::float as "nextIn" from "grant"`,
    )
    expect(nextIn).toBeGreaterThan(0)
    expect(nextIn).toBeLessThanOrEqual(7 * 86_400)
  })
})

describe('a permission that was withdrawn at ORCID', () => {
  test.each(['html_500', 'unavailable_503', 'torn_json'] as const)(
    'is not doubted in the middle of an outage (%s), but after it',
    async (fault) => {
      await connect(fixture.stack, { orcid: ada })
      await withdrawAtOrcid(ada)
      await fixture.stack.registry.addFault({ on: 'api', fault, times: 0, retryAfterS: 60 })
      const [grant] = await sweepUntil(ada, 'unanswered')
      expect(grant).toMatchObject({ state: 'live', person: 'connected', finding: null, held: true })
      const staff = await signInStaff()
      expect((await staff.get(url(`/staff/researchers/${ada}`))).body).toContain(
        'Nothing has changed, and the portal keeps asking.',
      )
      expect((await staff.get(url('/staff/researchers?finding=unanswered'))).body).toContain(ada)
      await fixture.stack.registry.clearFaults()
      await fixture.rows('truncate orcid_rate_limit')
      expect((await sweepUntil(ada, 'being_checked'))[0]).toMatchObject({ unanswered: false, held: true })
      expect((await history()).map(([finding]) => finding)).toEqual(['unanswered', 'being_checked'])
    },
  )

  test('is not taken for withdrawn where ORCID takes no token at all, ours included', async () => {
    await connect(fixture.stack, { orcid: ada })
    await withdrawAtOrcid(ada)
    await fixture.stack.registry.addFault({ on: 'token', fault: 'html_500', times: 0 })
    expect((await sweepUntil(ada, 'unanswered'))[0]).toMatchObject({ state: 'live', held: true })
  })
})

describe('a record', () => {
  test('that was merged ends its permissions, and is linked to whoever connects with the new iD', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    await fixture.stack.registry.setRecordState(ada, { state: 'merged', mergedInto: josiah })
    const [grant] = await sweepUntil(ada, 'record_deprecated')
    expect(grant).toMatchObject({ state: 'record_deprecated', person: 'expired', held: true })
    const me = await visitor.get(url('/me'))
    expect(me.body).toContain('Please connect again with your new iD')
    expect(me.body).toContain(josiah)

    const { visitor: heir } = await connect(fixture.stack, { orcid: josiah })
    expect((await heir.get(url('/me'))).body).toContain(ada)
    expect(JSON.parse((await heir.get(url('/me/data'))).body).earlierIds).toEqual([expect.stringContaining(ada)])
    const staff = await signInStaff()
    expect((await staff.get(url(`/staff/researchers/${ada}`))).body).toContain(`/staff/researchers/${josiah}`)
    expect((await staff.get(url(`/staff/researchers/${josiah}`))).body).toContain(`/staff/researchers/${ada}`)
    expect((await events('researcher.merged%')).map(({ action }) => action)).toEqual([
      'researcher.merged_into',
      'researcher.merged_from',
    ])
    await heir.post(url('/me/erasure'), [['sure', 'yes']])
    expect(await fixture.rows('select 1 from researcher where orcid = any($1)', [[ada, josiah]])).toEqual([])
  })

  test.each([true, false])(
    'that was closed ends them as closed, whether its tokens are kept (%s) or not',
    async (kept) => {
      await connect(fixture.stack, { orcid: ada })
      await fixture.stack.registry.setRecordState(ada, { state: 'deactivated', keepTokens: kept })
      const [grant] = await sweepUntil(ada, 'record_deactivated')
      expect(grant).toMatchObject({ state: 'record_deactivated', person: 'expired', held: true })
    },
  )

  test('that is locked keeps its permissions, shown as not working until it is unlocked', async () => {
    await connect(fixture.stack, { orcid: ada })
    await fixture.stack.registry.setRecordState(ada, { state: 'locked' })
    expect((await sweepUntil(ada, 'record_locked'))[0]).toMatchObject({ state: 'live', held: true })
    const staff = await signInStaff()
    expect((await staff.get(url('/staff/researchers?finding=locked'))).body).toContain('/id-icon-unauthenticated.svg')
    await fixture.stack.registry.setRecordState(ada, { state: 'ok' })
    expect((await sweepUntil(ada, 'good'))[0]).toMatchObject({ state: 'live', standing: 'good' })
  })
})

describe('opening a page', () => {
  const age = (hours: number) =>
    fixture.rows(`update "grant" set granted_at = now() - interval '9 days', next_check_at = now() + interval '1 day',
      last_checked_at = now() - make_interval(hours => ${hours})`)

  test('has what was last checked over a day ago checked, and waits for none of it', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    await age(25)
    await fixture.stack.registry.addFault({ on: 'api', fault: 'slow', delayMs: 8_000 })
    expect((await visitor.get(url('/me'))).status).toBe(200)
    expect(await history()).toEqual([])
    await until('it is checked', async () => (await history())[0]?.join() === 'good,page')
  })

  test('has nothing checked that was checked within a day', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    await age(23)
    await visitor.get(url('/me'))
    expect(await fixture.rows(`select 1 from graphile_worker.jobs where task_identifier = 'grant.check'`)).toEqual([])
    expect(await history()).toEqual([])
  })
})

describe('staff', () => {
  test('have a permission checked now, see what ORCID said, and it is written down that they asked', async () => {
    await connect(fixture.stack, { orcid: ada })
    await withdrawAtOrcid(ada)
    const staff = await signInStaff()
    const answer = await staff.post(url('/staff/researchers/check'), [['orcid', ada]])
    expect([answer.status, answer.location]).toEqual([303, `/staff/researchers/${ada}?asked=done`])
    const page = await staff.get(url(answer.location ?? ''))
    expect(page.body).toContain('ORCID was asked just now.')
    expect(page.body).toContain('ORCID did not accept this permission')
    expect(await events('check.asked')).toMatchObject([{ by: 'staff' }])
    expect(await history()).toEqual([['being_checked', 'staff']])
  })

  test('find those who permit less than is asked for now, and the numbers lead to the people', async () => {
    await connect(fixture.stack, { orcid: ada, scopes: ['/read-limited'] })
    await connect(fixture.stack, { orcid: josiah })
    await sweepUntil(ada, 'good')
    const staff = await signInStaff()
    const overview = (await staff.get(url('/staff/figures'))).body
    const links = [...overview.matchAll(/href="(\/staff\/researchers\?[^"]*(?:lacks|finding)=[^"]*)"/g)]
    const bodies = await Promise.all(
      links.map(async ([, path]) => (await staff.get(url((path ?? '').replaceAll('&amp;', '&')))).body),
    )
    expect(links.length).toBeGreaterThanOrEqual(10)
    const [lacking] = bodies.filter((_, i) => links[i]?.[1]?.includes('lacks='))
    expect([lacking?.includes(ada), lacking?.includes(josiah)]).toEqual([true, false])
    expect(overview).toContain('Checks at ORCID')
  })
})

describe('the sweep', () => {
  test('begins with what has been due for longest, asks about each once, and ends what has reached its time', async () => {
    await connect(fixture.stack, { orcid: ada, scopes: ['/read-limited'] })
    await connect(fixture.stack, { orcid: josiah })
    await connect(fixture.stack, { orcid: admin })
    await fixture.rows(`update "grant" set next_check_at = now() - interval '1 hour'`)
    await fixture.rows(
      `update "grant" set expires_at = now() where researcher_id = (select id from researcher where orcid = $1)`,
      [admin],
    )
    // Two rounds at once, as two workers have them.
    await fixture.rows(`select graphile_worker.add_job('sweep'), graphile_worker.add_job('sweep')`)
    await until('all are checked', async () => (await history()).length >= 2)
    await until('one has expired', async () => (await grantsOf(admin))[0]?.state === 'expired')
    expect(await history()).toEqual([
      ['good', 'schedule'],
      ['good', 'schedule'],
    ])
  })

  test('takes up again after five minutes what somebody began and did not end', async () => {
    await connect(fixture.stack, { orcid: ada })
    // As a worker leaves it that was killed in the middle.
    await fixture.rows(`update "grant" set next_check_at = now() + interval '5 minutes'`)
    await fixture.rows(`select graphile_worker.add_job('sweep')`)
    await until(
      'the round is over',
      async () => (await fixture.rows('select 1 from graphile_worker.jobs where locked_at is not null')).length === 0,
    )
    expect(await history()).toEqual([])
    await fixture.rows(`update "grant" set next_check_at = next_check_at - interval '5 minutes'`)
    await fixture.rows(`select graphile_worker.add_job('sweep')`)
    await until('it is checked', async () => (await history()).length === 1)
  })
})
