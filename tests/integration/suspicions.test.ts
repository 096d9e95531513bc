import { afterEach, describe, expect, test } from 'vitest'
import { connect, until } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'
import { Visitor } from '@/tests/support/visitor'

const ada = '0000-0099-9458-0735'
const admin = '0000-0099-5475-2774'
const fixture = stackPerFile({ STAFF_ADMINS: admin })

const url = (path: string) => `${fixture.stack.portal.url}${path}`
const signInStaff = async () => (await connect(fixture.stack, { orcid: admin, purpose: 'sign-in' })).visitor

type Row = {
  state: string
  finding: string | null
  person: string
  held: number
  refusals: number | null
  control: string | null
  userinfo: string | null
  unanswered: boolean
}
const grants = (): Promise<Row[]> =>
  fixture.rows(
    `select g.state::text, g.finding::text, r.state::text as person, s.refusals, s.control_said as control,
       s.userinfo_said as userinfo, g.unanswered_since is not null as unanswered,
       num_nonnulls(sealed_access_token, sealed_refresh_token, sealed_response) as held
     from "grant" g join researcher r on r.id = g.researcher_id left join suspicion s on s.grant_id = g.id
     where r.orcid = $1 order by g.granted_at`,
    [ada],
  )
const first = async () => (await grants())[0]
const actions = async () =>
  (await fixture.rows(`select action from audit_event where action like 'grant.%' order by id`)).map(
    ({ action }) => action,
  )

/** Has the sweep ask about every grant now, and waits until it has. */
async function ask(): Promise<void> {
  const due = `next_check_at <= now() and sealed_access_token is not null`
  await fixture.rows(`update "grant" set next_check_at = now() - interval '1 second'`)
  await fixture.rows(`select graphile_worker.add_job('sweep')`)
  await until(
    'the sweep has asked',
    async () => (await fixture.rows(`select 1 from "grant" where ${due}`)).length === 0,
  )
  await until(
    'the sweep is over',
    async () => (await fixture.rows(`select 1 from graphile_worker.jobs where locked_at is not null`)).length === 0,
  )
}

/** Lets time go by for what ORCID has refused or ended. */
async function wait(hours: number): Promise<void> {
  const earlier = (column: string) => `${column} = ${column} - make_interval(hours => ${hours})`
  await fixture.rows(`update suspicion set ${earlier('since')}, ${earlier('last_asked_at')}`)
  await fixture.rows(`update "grant" set ${earlier('ended_at')} where ended_at is not null`)
}

const tokenOfAda = async () => {
  const { tokens } = await fixture.stack.registry.state()
  return tokens.find(({ orcid }) => orcid === ada)?.accessToken ?? ''
}

/** As the person does on the registry's own page. */
async function withdrawAtOrcid(): Promise<void> {
  const { registry } = fixture.stack
  const visitor = new Visitor()
  await visitor.post(`${registry.url}/signin`, [['orcid', ada]])
  await visitor.post(`${registry.url}/trusted-parties`, [['client_id', registry.clientId]])
}

/** Refuses a live token at the API and at userinfo, as an ORCID that has lost sight of it. */
async function refuseEverywhere(): Promise<void> {
  const token = await tokenOfAda()
  await fixture.stack.registry.refuseTokens({ token, times: 0 })
  await fixture.stack.registry.addFault({ on: 'userinfo', fault: 'token_refused', token, times: 0 })
}

/** Three refusals over a day. */
async function endAtOrcid(): Promise<void> {
  for (const hours of [1, 23, 0]) {
    await ask()
    await wait(hours)
  }
  expect(await first()).toMatchObject({ state: 'withdrawn_at_orcid' })
}

afterEach(async () => {
  await fixture.stack.registry.clearFaults()
  await fixture.rows('truncate orcid_rate_limit')
})

describe('a single refusal', () => {
  test('that userinfo contradicts changes nothing: the grant is good, and no token is lost', async () => {
    await connect(fixture.stack, { orcid: ada })
    await fixture.stack.registry.refuseTokens({ token: await tokenOfAda() })
    await ask()
    expect(await first()).toMatchObject({ state: 'live', finding: 'good', held: 3, refusals: null })
  })

  test('in the words of an authorization server that is away is an outage, whatever userinfo says', async () => {
    await connect(fixture.stack, { orcid: ada })
    const token = await tokenOfAda()
    await fixture.stack.registry.failTokenChecks({ token, times: 0 })
    await fixture.stack.registry.addFault({ on: 'userinfo', fault: 'token_refused', token, times: 0 })
    await ask()
    expect(await first()).toMatchObject({ state: 'live', finding: null, held: 3, refusals: null, unanswered: true })
  })

  test('of everybody for a while, ours too, is an outage and greys nobody', async () => {
    await connect(fixture.stack, { orcid: ada })
    await fixture.stack.registry.refuseTokens({ times: 0 })
    await ask()
    expect(await first()).toMatchObject({ state: 'live', finding: null, refusals: null, unanswered: true })
  })

  test('where userinfo is silent is an outage, because nobody can say more', async () => {
    await connect(fixture.stack, { orcid: ada })
    await fixture.stack.registry.refuseTokens({ token: await tokenOfAda(), times: 0 })
    await fixture.stack.registry.addFault({ on: 'userinfo', fault: 'html_500', times: 0 })
    await ask()
    expect(await first()).toMatchObject({ state: 'live', finding: null, refusals: null, unanswered: true })
  })

  test('that nobody contradicts is a suspicion, shown to staff and to the person, and ends nothing', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    await refuseEverywhere()
    await ask()
    expect(await first()).toMatchObject({
      state: 'live',
      finding: 'being_checked',
      person: 'connected',
      held: 3,
      refusals: 1,
      control: 'ok',
      userinfo: 'refused',
    })
    const me = await visitor.get(url('/me'))
    expect(me.body).toContain('ORCID did not accept your permission on')
    expect(me.body).toContain('This may be a fault at ORCID, so we are asking again. You do not need to do anything.')
    expect(me.body).not.toMatch(/withdr[ae]w your|\(unauthenticated\)/)
    const staff = await signInStaff()
    const list = await staff.get(url('/staff/researchers?state=connected'))
    const page = await staff.get(url(`/staff/researchers/${ada}`))
    for (const { body } of [me, list, page]) {
      expect(body).toContain('/id-icon-unauthenticated.svg')
      // The scripts of the list hold the words for every state.
      expect(body.replace(/<script.*?<\/script>/gs, '')).not.toContain('(unauthenticated)')
    }
    expect(list.body).toContain(ada)
    expect(page.body).toContain('ORCID did not accept this permission on')
    expect((await staff.get(url('/staff/researchers?finding=being-checked'))).body).toContain(ada)
  })
})

describe('while a permission is being checked', () => {
  test('it stays connected and authenticated in files, which say that it is being checked', async () => {
    await connect(fixture.stack, { orcid: ada })
    await refuseEverywhere()
    await ask()
    const staff = await signInStaff()
    const file = await staff.get(url('/staff/researchers/export?format=jsonl'))
    const row = file.body.split('\n').find((line) => line.includes(ada))
    expect(JSON.parse(row ?? '{}')).toMatchObject({
      state_code: 'connected',
      authenticated: true,
      permission_code: 'being_checked',
    })
  })

  test('nothing is read with its token, and not a byte of what it permits is shown', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    await refuseEverywhere()
    await ask()
    const before = (await fixture.stack.registry.apiRequests()).length
    const token = await tokenOfAda()
    await visitor.get(url('/me/record'))
    const after = (await fixture.stack.registry.apiRequests()).slice(before)
    expect(after.length).toBeGreaterThan(0)
    const { tokens } = await fixture.stack.registry.state()
    expect(tokens.find(({ accessToken }) => accessToken === token)?.live).toBe(true)
    const calls = await fixture.rows(`select purpose::text from orcid_call where purpose = 'read'`)
    expect(calls).toEqual([])
  })

  test('one good answer clears it', async () => {
    await connect(fixture.stack, { orcid: ada })
    await refuseEverywhere()
    await ask()
    await wait(20)
    await fixture.stack.registry.clearFaults()
    await ask()
    expect(await first()).toMatchObject({ state: 'live', finding: 'good', refusals: null })
    await refuseEverywhere()
    await ask()
    await wait(23)
    await ask()
    expect(await first()).toMatchObject({ state: 'live', finding: 'being_checked', refusals: 2 })
  })

  test('silence neither clears nor confirms it', async () => {
    await connect(fixture.stack, { orcid: ada })
    await refuseEverywhere()
    await ask()
    await wait(25)
    await fixture.stack.registry.clearFaults()
    await fixture.stack.registry.addFault({ on: 'api', fault: 'html_500', times: 0 })
    await ask()
    expect(await first()).toMatchObject({ state: 'live', finding: 'being_checked', refusals: 1, unanswered: true })
  })
})

describe('a withdrawal at ORCID', () => {
  test('is found by three refusals over a day, and said as ORCID’s word', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    await withdrawAtOrcid()
    await ask()
    await wait(1)
    await ask()
    await wait(22)
    await ask()
    expect(await first()).toMatchObject({ state: 'live', finding: 'being_checked', refusals: 3 })
    await wait(1)
    await ask()
    expect(await first()).toMatchObject({ state: 'withdrawn_at_orcid', person: 'withdrawn', held: 3, refusals: null })
    const me = (await visitor.get(url('/me'))).body
    expect(me).toContain('ORCID says that this permission has ended')
    expect(me).toContain('We keep the permission encrypted until')
    expect(me).not.toMatch(/you withdrew|You stopped all access/)
    const staff = await signInStaff()
    expect((await staff.get(url(`/staff/researchers/${ada}`))).body).toContain(
      'ORCID says that this permission has ended',
    )
  })

  test('ends nothing by one refusal, however often staff ask within the hour', async () => {
    await connect(fixture.stack, { orcid: ada })
    await withdrawAtOrcid()
    const staff = await signInStaff()
    for (let times = 0; times < 4; times++) await staff.post(url('/staff/researchers/check'), [['orcid', ada]])
    await wait(24)
    await staff.post(url('/staff/researchers/check'), [['orcid', ada]])
    expect(await first()).toMatchObject({ state: 'live', refusals: 2 })
  })
})

describe('a permission that ORCID ended', () => {
  test('is asked about once a day and revived by one good answer', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    await refuseEverywhere()
    await endAtOrcid()
    const [{ hours }] = await fixture.rows(
      `select extract(epoch from next_check_at - now()) / 3600 as hours from "grant"`,
    )
    expect(Number(hours)).toBeCloseTo(24, 0)
    await ask()
    expect(await first()).toMatchObject({ state: 'withdrawn_at_orcid', held: 3 })
    await fixture.stack.registry.clearFaults()
    await ask()
    expect(await first()).toMatchObject({ state: 'live', finding: 'good', person: 'connected', held: 3 })
    expect(await actions()).toEqual(['grant.saved', 'grant.withdrawn_at_orcid', 'grant.revived'])
    expect((await visitor.get(url('/me'))).body).toContain('ORCID accepts a permission again')
  })

  test.each(['connected again', 'withdrew here', 'was erased'] as const)(
    'is never revived once its person %s: its tokens are destroyed at once and disabled at ORCID',
    async (what) => {
      const { visitor } = await connect(fixture.stack, { orcid: ada })
      await refuseEverywhere()
      await endAtOrcid()
      const token = await tokenOfAda()
      if (what === 'connected again') await connect(fixture.stack, { orcid: ada }, visitor)
      if (what === 'withdrew here') await visitor.post(url('/me/withdrawal'))
      if (what === 'was erased') await visitor.post(url('/me/erasure'), [['sure', 'yes']])
      const [old] = await grants()
      expect(old?.held ?? 0).toBe(0)
      await until('ORCID has disabled it', async () => {
        const { tokens } = await fixture.stack.registry.state()
        return tokens.find(({ accessToken }) => accessToken === token)?.live === false
      })
      const kept = `select 1 from revocation where sealed_token is not null`
      await until('nothing of it is kept', async () => (await fixture.rows(kept)).length === 0)
    },
  )

  test('stays revivable for somebody who only signs in', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    await refuseEverywhere()
    await endAtOrcid()
    await connect(fixture.stack, { orcid: ada, purpose: 'sign-in' }, visitor)
    expect((await first())?.held).toBe(3)
  })

  test('is kept for thirty days: then its tokens are destroyed here and disabled at ORCID', async () => {
    await connect(fixture.stack, { orcid: ada })
    await refuseEverywhere()
    await endAtOrcid()
    const token = await tokenOfAda()
    await wait(29 * 24)
    await fixture.rows(`select graphile_worker.add_job('destroy-old-tokens')`)
    await ask()
    expect(await first()).toMatchObject({ state: 'withdrawn_at_orcid', held: 3 })
    await wait(48)
    await fixture.rows(`select graphile_worker.add_job('destroy-old-tokens')`)
    await until('it is destroyed', async () => (await first())?.held === 0)
    await until('ORCID has disabled it', async () => {
      const { tokens } = await fixture.stack.registry.state()
      return tokens.find(({ accessToken }) => accessToken === token)?.live === false
    })
  })

  test('keeps its access token longer while something that we wrote is on the record, for deleting it alone', async () => {
    await connect(fixture.stack, { orcid: ada })
    await fixture.rows(
      `insert into affiliation (person_id, researcher_id, kind, external_id, title, origin, state, put_code, written_revision)
       select id, researcher_id, 'employment', 'one', 'Dean', 'entered', 'in_orcid', '1', 1 from person where orcid = $1`,
      [ada],
    )
    await withdrawAtOrcid()
    await endAtOrcid()
    await wait(31 * 24)
    const giveUp = () => fixture.rows(`select graphile_worker.add_job('destroy-old-tokens')`)
    await giveUp()
    await until('the rest is destroyed', async () => (await first())?.held === 1)
    expect(await fixture.rows('select sealed_access_token is not null as kept from "grant"')).toEqual([{ kept: true }])
    expect(await fixture.rows('select 1 from revocation')).toEqual([])
    await fixture.rows(`update affiliation set state = 'deleted_by_person'`)
    await giveUp()
    await until('it is destroyed', async () => (await first())?.held === 0)
  })

  test('is ended as withdrawn here by a person who withdraws then', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    await withdrawAtOrcid()
    await endAtOrcid()
    expect((await visitor.get(url('/me'))).body).toContain('/me/withdraw')
    expect((await visitor.get(url('/me/withdraw'))).body).toContain('we destroy it at once')
    await visitor.post(url('/me/withdrawal'))
    expect(await first()).toMatchObject({ state: 'withdrawn_here', held: 0 })
  })

  test.each(['live', 'withdrawn_here'])(
    'tells the ledger when it becomes %s, so that a backup does not undo that',
    async (state) => {
      await connect(fixture.stack, { orcid: ada })
      await withdrawAtOrcid()
      await endAtOrcid()
      // Within one transaction no job takes the entry away.
      await fixture.rows('begin')
      await fixture.rows(`update "grant" set state = $1::grant_state`, [state])
      const told = await fixture.rows(
        `select state::text from ledger_entry where kind = 'ended' order by id desc limit 1`,
      )
      await fixture.rows('rollback')
      expect(told).toEqual([{ state }])
    },
  )
})
