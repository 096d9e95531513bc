import { describe, expect, test } from 'vitest'
import { connect } from '@/tests/support/journey'
import { suspicionsPerFile } from '@/tests/support/suspicions'

const ada = '0000-0099-9458-0735'
const admin = '0000-0099-5475-2774'
const { fixture, first, ask, wait, tokenOf, withdrawAtOrcid, refuseEverywhere } = suspicionsPerFile({
  admin,
  orcid: ada,
})
const url = (path: string) => `${fixture.stack.portal.url}${path}`
const signInStaff = async () => (await connect(fixture.stack, { orcid: admin, purpose: 'sign-in' })).visitor

describe('a single refusal', () => {
  test('that userinfo contradicts changes nothing: the grant is good, and no token is lost', async () => {
    await connect(fixture.stack, { orcid: ada })
    await fixture.stack.registry.refuseTokens({ token: await tokenOf() })
    await ask()
    expect(await first()).toMatchObject({ state: 'live', finding: 'good', held: 3, refusals: null })
  })

  test('in the words of an authorization server that is away is an outage, whatever userinfo says', async () => {
    await connect(fixture.stack, { orcid: ada })
    const token = await tokenOf()
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
    await fixture.stack.registry.refuseTokens({ token: await tokenOf(), times: 0 })
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
    const token = await tokenOf()
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
