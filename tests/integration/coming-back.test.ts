import { describe, expect, test } from 'vitest'
import { addCampaign } from '@/tests/support/invitations'
import { decideAtOrcid } from '@/tests/support/journey'
import { personalLinksPerFile } from '@/tests/support/personal-links'
import { Visitor } from '@/tests/support/visitor'
import { words } from '@/tests/support/words'

const josiah = '0000-0002-1825-0097'
const ada = '0000-0099-9458-0735'
const { fixture, rows, at, add, post, followLink, bindings, conflicts, invitations } = personalLinksPerFile()

describe('coming back', () => {
  test('binds once with proof invitation, and writes what waited', async () => {
    const { token, personId, linkId } = await add()
    await rows(
      `insert into affiliation (person_id, kind, external_id, title, origin, state)
       values ($1, 'employment', 'hr-1', 'Professor', 'imported', 'waiting_for_person')`,
      [personId],
    )
    const { answer } = await followLink(token, { orcid: josiah })
    expect(fixture.pathOf(answer.location)).toBe('/connect/connected')
    expect(await bindings()).toEqual([{ local_id: '0007', proof: 'invitation', orcid: josiah }])
    expect(await rows('select state::text from affiliation')).not.toEqual([{ state: 'waiting_for_person' }])
    expect(await invitations()).toEqual([{ ended: 'allowed', failed: false }])
    await followLink(token, { orcid: josiah })
    expect(await bindings()).toHaveLength(1)
    expect(await conflicts()).toEqual([])
    expect(await rows('select used_at is not null as used from invitation_link where id = $1', [linkId])).toEqual([
      { used: true },
    ])
  })

  test('with names that are very unlike is for staff to decide, and nothing is written', async () => {
    const { token, personId } = await add({ given_name: 'Wilhelmina', family_name: 'Vandersloot' })
    await followLink(token, { orcid: josiah })
    expect(await conflicts()).toEqual([{ kind: 'names_differ', person: personId }])
    expect(await bindings()).toMatchObject([{ local_id: null, proof: 'connection' }])
    expect(words((await new Visitor().get(at(`/i/${token}`))).body)).toContain('This link was used already')
  })

  test('with the iD of somebody else on the roster is for staff to decide', async () => {
    const first = await add()
    await followLink(first.token, { orcid: josiah })
    const second = await add({ local_id: '0008', email: 'j2@example.org' })
    await followLink(second.token, { orcid: josiah })
    expect(await conflicts()).toEqual([{ kind: 'one_id_two_people', person: second.personId }])
    expect(await bindings()).toEqual([{ local_id: '0007', proof: 'invitation', orcid: josiah }])
  })

  test('with a second iD by the same link is for staff to decide', async () => {
    const { token, personId } = await add()
    await followLink(token, { orcid: josiah, scopes: ['/read-limited'] })
    await followLink(token, { orcid: ada })
    expect(await conflicts()).toEqual([{ kind: 'one_person_two_ids', person: personId }])
    expect(await bindings()).toMatchObject([
      { local_id: '0007', orcid: josiah },
      { local_id: null, orcid: ada },
    ])
  })

  /** On the way back from ORCID, by a link that others may use meanwhile. */
  async function goByLink(token: string, orcid: string) {
    const visitor = new Visitor()
    const start = await visitor.post(at('/i/start'), [['token', token]])
    return { visitor, back: await decideAtOrcid(visitor, start, { orcid }) }
  }

  test('with the right name after another iD came back by the same link is for staff to decide, too', async () => {
    const { token } = await add({ given_name: 'Ada Quill', family_name: 'Example' })
    const [wrong, right] = [await goByLink(token, josiah), await goByLink(token, ada)]
    for (const { visitor, back } of [wrong, right]) await visitor.get(back)
    expect((await conflicts()).map(({ kind }) => kind).sort()).toEqual(['names_differ', 'one_person_two_ids'])
    expect((await bindings()).filter(({ local_id }) => local_id)).toEqual([])
  })

  test('of two at once by one link binds one of them', async () => {
    const { token } = await add({ given_name: undefined, family_name: undefined })
    const journeys = [await goByLink(token, josiah), await goByLink(token, ada)]
    await Promise.all(journeys.map(({ visitor, back }) => visitor.get(back)))
    expect((await bindings()).filter(({ local_id }) => local_id)).toHaveLength(1)
    expect(await conflicts()).toHaveLength(1)
  })

  test('allowing less leaves the invitation open; a refusal ends asking in all campaigns for a year', async () => {
    const campaignId = await addCampaign(fixture)
    const { token, personId } = await add({ campaignId })
    await rows('insert into invitation (person_id) values ($1)', [personId])
    await rows(
      `insert into mail (kind, template, locale, message_id, person_id) values ('invitation', 'invitation', 'en', '<a@b>', $1)`,
      [personId],
    )
    await followLink(token, { orcid: josiah, scopes: ['/read-limited'] })
    expect(await invitations()).toEqual([
      { ended: null, failed: false },
      { ended: null, failed: false },
    ])
    const { answer } = await followLink(token, { orcid: josiah, decision: 'deny' })
    expect(fixture.pathOf(answer.location)).toBe('/connect/denied')
    expect(await invitations()).toEqual([
      { ended: 'declined', failed: false },
      { ended: 'declined', failed: false },
    ])
    expect(await rows(`select reason::text, until > now() + interval '360 days' as long from do_not_ask`)).toEqual([
      { reason: 'refused', long: true },
    ])
    // Its turn comes: tests/integration/prepare-mail.test.ts.
    expect(await rows('select state::text from mail')).toEqual([{ state: 'waiting' }])
    // The history would name them.
    expect(await rows(`select action from audit_event where detail->>'personId' = $1`, [personId])).toEqual([
      { action: 'person.bound' },
    ])
    expect(await rows('select refusals from campaign')).toEqual([{ refusals: 1 }])
  })

  test.each([
    ['“Connect only my iD”', ['openid']],
    ['“Choose what to allow”', ['openid', '/read-limited']],
  ])('after a refusal %s goes on by the same link, and asking stays ended', async (_button, scopes) => {
    const campaignId = await addCampaign(fixture)
    const { token, linkId, invitationId } = await add({ campaignId })
    const { visitor, answer } = await followLink(token, { orcid: josiah, decision: 'deny' })
    const { body } = await visitor.follow(answer)
    expect(body).toMatch(/name="purpose" value="again"[^>]*>\s*<input[^>]*name="scope" value="openid"/)
    expect(body).toContain('href="/connect?again=yes"')
    const choices = await visitor.get(at('/connect?again=yes'))
    expect(words(choices.body)).toContain('The annual report needs your publications.')
    expect(choices.body).toContain('name="purpose" value="again"')
    const fields = scopes.map((one): [string, string] => ['scope', one])
    const start = await visitor.post(at('/connect/start'), [['purpose', 'again'], ...fields])
    await visitor.get(await decideAtOrcid(visitor, start, { orcid: josiah }))
    const attempts = await rows(`select campaign_id, invitation_id, link_id, scopes_asked, outcome::text
      from authorization_attempt order by started_at`)
    const origin = { campaign_id: campaignId, invitation_id: invitationId, link_id: linkId }
    expect(attempts).toMatchObject([
      { ...origin, outcome: 'denied' },
      { ...origin, outcome: 'connected', scopes_asked: scopes.toSorted() },
    ])
    expect(await bindings()).toEqual([{ local_id: '0007', proof: 'invitation', orcid: josiah }])
    expect(await invitations()).toEqual([{ ended: 'declined', failed: false }])
    expect(await rows('select reason::text from do_not_ask')).toEqual([{ reason: 'refused' }])
  })

  test('allowing everything ends a campaign’s invitation', async () => {
    const campaignId = await addCampaign(fixture)
    const { token } = await add({ campaignId })
    await followLink(token, { orcid: josiah })
    expect(await invitations()).toEqual([{ ended: 'allowed', failed: false }])
  })

  test('a failure on the way is remembered until something is given', async () => {
    const campaignId = await addCampaign(fixture)
    const { token } = await add({ campaignId })
    const visitor = new Visitor()
    const start = await visitor.post(at('/i/start'), [['token', token]])
    const state = new URL(start.location ?? '').searchParams.get('state') ?? ''
    await visitor.get(at(`/api/auth/callback/orcid?error=server_error&state=${state}`))
    expect(await invitations()).toEqual([{ ended: null, failed: true }])
    await followLink(token, { orcid: josiah, scopes: ['/read-limited'] })
    expect(await invitations()).toEqual([{ ended: null, failed: false }])
  })

  test('and erasing oneself leaves nothing of the invitation', async () => {
    const { token } = await add()
    await post('/i/do-not-ask', { token })
    const { visitor } = await followLink(token, { orcid: josiah })
    const answer = await post('/me/erasure', { sure: 'yes' }, visitor)
    expect(fixture.pathOf(answer.location)).toBe('/erased')
    for (const table of ['person', 'invitation', 'invitation_link', 'do_not_ask', 'authorization_attempt'])
      expect(await rows(`select 1 as one from ${table}`)).toEqual([])
  })

  test('a link that was revoked meanwhile proves nothing', async () => {
    const { token, linkId } = await add()
    const visitor = new Visitor()
    const start = await visitor.post(at('/i/start'), [['token', token]])
    const back = await decideAtOrcid(visitor, start, { orcid: josiah })
    await rows('update invitation_link set revoked_at = now() where id = $1', [linkId])
    await visitor.get(back)
    expect(await bindings()).toMatchObject([{ local_id: null, proof: 'connection' }])
  })
})
