import { describe, expect, test } from 'vitest'
import { writeAffiliation } from '@/lib/affiliations/writing'
import { db } from '@/lib/db'
import { ourItems } from '@/tests/support/affiliations'
import { askingPerFile, scopesOf, settings } from '@/tests/support/asking'
import { workInside } from '@/tests/support/inside'
import { addCampaign, addLink } from '@/tests/support/invitations'
import { connect, decideAtOrcid, until } from '@/tests/support/journey'
import { Visitor } from '@/tests/support/visitor'
import { words } from '@/tests/support/words'

const josiah = '0000-0002-1825-0097'
const given = askingPerFile()
const { fixture, rows, at, look, states, work, follow, addWaiting, receive } = given
workInside(fixture, settings)

const titles = { read: 'Read what is set to', write: 'Add and update' }

describe('somebody who allows less', () => {
  test('is asked with one click, from the entry that waits, for exactly what it needs', async () => {
    const { personId, itemId } = await addWaiting()
    expect(await states()).toEqual(['no_permission'])
    const page = await look(given.staff, `/staff/affiliations/${itemId}`)
    expect(page).toContain('Ask for what is missing')
    expect(page).toContain('A mail to josiah@example.org asks for: Add and update')
    const asked = await given.staff.post(at('/staff/people/ask'), [
      ['person', personId],
      ['affiliation', itemId],
    ])
    expect(asked.location).toBe(`/staff/affiliations/${itemId}?result=ask-sent#ask`)
    expect(await look(given.staff, asked.location ?? '')).toContain('The mail is in the outbox')
    expect(await rows(`select scopes, ended from invitation where scopes <> '{}'`)).toEqual([
      { scopes: ['/activities/update'], ended: null },
    ])
    const { mail } = await receive()
    expect(mail.to).toBe('josiah@example.org')
    expect(mail.text).toContain(titles.write)
    expect(mail.text).toContain('Lecturer')
    expect(mail.text).not.toContain(titles.read)
    const again = await given.staff.post(at('/staff/people/ask'), [['person', personId]])
    expect(again.location).toContain('result=ask-refused')
  })

  test('gives it by the link of the mail, keeps what they allow, and what waited goes in the same transaction', async () => {
    const { itemId, personId } = await addWaiting()
    await given.staff.post(at('/staff/people/ask'), [
      ['person', personId],
      ['affiliation', itemId],
    ])
    const { token } = await receive()
    const page = await look(new Visitor(), `/i/${token}`)
    expect(page).toContain('You are connected with')
    expect(page).toMatch(/What is new: Add and update[^.]*\. You allow the rest already/)
    expect(page).toContain('Lecturer')
    await rows(`delete from graphile_worker._private_jobs where key like 'resume-affiliations:%'`)
    const { visitor, start, answer } = await follow(token)
    expect(scopesOf(start)).toBe('/activities/update /read-limited openid')
    expect(fixture.pathOf(answer.location)).toBe('/connect/updated')
    expect(
      await rows(`select a.state::text, a.xmin = g.xmin as together from affiliation a, "grant" g where g.state = 'live'
        and g.researcher_id = a.researcher_id`),
    ).toEqual([{ state: 'pending', together: true }])
    expect(
      await rows(`select 1 as one from graphile_worker._private_jobs where key like 'resume-affiliations:%'`),
    ).toHaveLength(1)
    expect(await rows(`select ended::text from invitation where scopes <> '{}'`)).toEqual([{ ended: 'allowed' }])
    const outcome = words((await visitor.follow(answer)).body)
    expect(outcome).toContain('asked you for this.')
    expect(outcome).toContain('This entry is being written to your ORCID record')
    await work()
    expect((await ourItems(fixture.stack.registry, josiah)).map(({ content }) => content['role-title'])).toEqual([
      'Lecturer',
    ])
    expect(await look(new Visitor(), `/i/${token}`)).toContain('Nothing is needed')
    expect(await look(given.staff, `/staff/affiliations/${itemId}`)).not.toContain('Ask for what is missing')
  })

  test('is not asked anything where the transaction of the grant fails: the entry goes on waiting', async () => {
    const { visitor } = await addWaiting()
    await rows(`create function fail() returns trigger language plpgsql as $$ begin raise 'killed'; end $$`)
    await rows(`create constraint trigger killed after update on affiliation deferrable initially deferred
      for each row execute function fail()`)
    try {
      const start = await visitor.post(at('/connect/start'), [['scope', '/activities/update']])
      const answer = await visitor.get(await decideAtOrcid(visitor, start, { orcid: josiah }))
      expect(fixture.pathOf(answer.location)).not.toBe('/connect/updated')
    } finally {
      await rows('drop trigger killed on affiliation')
      await rows('drop function fail')
    }
    expect(await states()).toEqual(['no_permission'])
    expect(await rows(`select 1 as one from "grant" where '/activities/update' = any(scopes)`)).toEqual([])
  })

  test('whose permission comes while a worker finds none is not forgotten', async () => {
    const { visitor, itemId } = await addWaiting()
    await rows(`update affiliation set state = 'pending', next_try_at = now()`)
    await rows(
      `create function wait() returns trigger language plpgsql as $$ begin perform pg_sleep(4); return null; end $$`,
    )
    await rows(`create trigger slow after update on affiliation for each row
      when (new.state = 'no_permission' and old.state = 'pending') execute function wait()`)
    try {
      const writing = writeAffiliation(itemId)
      await until('the worker holds it', async () => {
        const [row] = await rows(`select count(*)::int as n from pg_stat_activity where wait_event = 'PgSleep'`)
        return row?.n > 0
      })
      await connect(fixture.stack, { orcid: josiah, scopes: ['/activities/update', '/read-limited'] }, visitor)
      await writing
    } finally {
      await rows('drop trigger slow on affiliation')
      await rows('drop function wait')
    }
    expect(await states()).toEqual(['pending'])
  })

  test('sees on their own page what waits, and allows it there', async () => {
    const { visitor } = await addWaiting()
    const page = await visitor.get(at('/me'))
    expect(words(page.body)).toContain('One entry waits for your permission to write it.')
    const offered = [...page.body.matchAll(/type="hidden" name="scope" value="([^"]+)"/g)]
      .map(([, scope]) => scope)
      .sort()
    expect(offered).toEqual(['/activities/update', '/read-limited', 'openid'])
    const start = await visitor.post(
      at('/connect/start'),
      offered.map((scope): [string, string] => ['scope', String(scope)]),
    )
    await visitor.get(await decideAtOrcid(visitor, start, { orcid: josiah }))
    expect(await states()).toEqual(['pending'])
    expect(words((await visitor.get(at('/me'))).body)).not.toContain('waits for your permission')
  })

  test('is asked from their page for all that is missing, and their history says who asked', async () => {
    const campaignId = await addCampaign(fixture)
    const { personId, visitor } = await addWaiting({ campaignId })
    const page = await look(given.staff, `/staff/researchers/${josiah}`)
    expect(page).toContain('Ask for what is missing')
    expect(page).toContain('One entry waits for it.')
    const asked = await given.staff.post(at('/staff/people/ask'), [['person', personId]])
    expect(asked.location).toBe(`/staff/researchers/${josiah}?result=ask-sent#ask`)
    const history = await look(visitor, '/me')
    expect(history).toContain('asked you to allow: Add and update')
    expect(history).toContain('asked you as part of “Spring”, and you allowed: ')
  })

  test('in a campaign sees its name and who asks, and is asked for what is missing beside what they allow', async () => {
    const campaignId = await addCampaign(fixture)
    const { token } = await addWaiting({ campaignId })
    const page = await look(new Visitor(), `/i/${token}`)
    expect(page).toContain('asks this as part of “Spring”')
    expect(page).toMatch(/What is new: Add and update/)
    const { visitor, answer, start } = await follow(token)
    expect(scopesOf(start)).toBe('/activities/update /read-limited openid')
    expect(words((await visitor.follow(answer)).body)).toContain('asked you for this as part of “Spring”')
  })
})

describe('a yearly check-up', () => {
  async function addCheckUp() {
    const campaignId = await addCampaign(fixture, { code: 'check', scopes: [] })
    await rows(`update campaign set kind = 'check_up', name = 'Yearly check-up' where id = $1`, [campaignId])
    const { personId, visitor } = await addWaiting({ allowed: ['/read-limited', '/activities/update'] })
    await rows(
      `insert into audit_event (action, actor_kind, researcher_id) select 'record.read', 'staff', researcher_id from person
      where id = $1`,
      [personId],
    )
    const { id: invitationId } = await db().invitation.create({ data: { personId, campaignId }, select: { id: true } })
    const mail = { personId, invitationId, kind: 'invitation', template: 'check_up', locale: 'en' } as const
    await db().mail.create({ data: { ...mail, messageId: '<check@example.org>' } })
    return { personId, visitor, invitationId, ...(await receive()) }
  }

  test('says in its mail and on its page what they allow, who used it, and what was written', async () => {
    const { mail, token } = await addCheckUp()
    for (const text of [mail.text, await look(new Visitor(), `/i/${token}`)]) {
      expect(text).toContain(titles.read)
      expect(text).toContain(titles.write)
      expect(text).toContain('Our staff looked at your record. Times: 1')
      expect(text).toContain('Lecturer')
    }
    expect(mail.text).not.toContain('Choose the button there and sign in at ORCID')
  })

  test('is kept by one button, which changes nothing and confirms nothing', async () => {
    const { token, invitationId, visitor } = await addCheckUp()
    const before = await rows('select * from researcher where orcid = $1', [josiah])
    const requests = (await fixture.stack.registry.apiRequests()).length
    const kept = await new Visitor().post(at('/i/keep'), [['token', token]])
    expect(kept.location).toBe('/i/noted?what=kept')
    await new Visitor().post(at('/i/keep'), [['token', token]])
    expect(await rows('select ended::text from invitation where id = $1', [invitationId])).toEqual([{ ended: 'kept' }])
    expect(await rows(`select actor_kind::text from audit_event where action = 'invitation.kept'`)).toEqual([
      { actor_kind: 'system' },
    ])
    expect(await rows('select * from researcher where orcid = $1', [josiah])).toEqual(before)
    expect((await fixture.stack.registry.apiRequests()).length).toBe(requests)
    expect(await look(new Visitor(), `/i/${token}`)).toContain('You said that it stays as it is')
    expect(await look(visitor, '/me')).toContain('what you allow stays as it is')
  })

  test('lets nobody change or stop anything by its link alone', async () => {
    const { token } = await addCheckUp()
    const page = await new Visitor().get(at(`/i/${token}`))
    const forms = [...page.body.matchAll(/<form [^>]*action="(\/me[^"]*)"[^>]*>/g)]
    expect(forms.map(([form, path]) => [path, /method="post"/.test(form)])).toEqual([
      ['/me/narrow', false],
      ['/me/withdraw', false],
    ])
    for (const path of ['/me/narrow', '/me/withdraw']) {
      expect((await new Visitor().get(at(path))).location).toContain('/sign-in')
    }
    const start = await new Visitor().post(at('/i/start'), [['token', token]])
    expect(start.location).toBe(`/i/${token}`)
    expect((await new Visitor().post(at('/i/keep'), [['token', 'nobodys']])).location).toBe('/i')
  })

  test('whose link is over leads to their own page, and offers no new link', async () => {
    const { token, invitationId } = await addCheckUp()
    await rows(`update invitation_link set expires_at = now() - interval '1 day'`)
    const page = await new Visitor().get(at(`/i/${token}`))
    expect(page.body).toContain('href="/me"')
    expect(page.body).not.toContain('action="/i/new-link"')
    const other = await addLink(fixture, invitationId)
    expect((await new Visitor().post(at('/i/keep'), [['token', other.token]])).location).toBe('/i/noted?what=kept')
    expect((await new Visitor().get(at('/c/check'))).body).toContain('We do not know this link')
  })
})

test('a standing campaign keeps its one mail and asks for nothing of its own, whatever a form sends', async () => {
  const made = await given.staff.post(at('/staff/campaigns/drafting'), [['kind', 'expiring']])
  const id = made.location?.split('/').at(-1) ?? ''
  expect(await look(given.staff, `/staff/campaigns/${id}`)).toContain(
    'Nothing is missing: this campaign can be opened.',
  )
  const saved = await given.staff.post(at('/staff/campaigns/change'), [
    ['campaign', id],
    ['name', 'Allow it again'],
    ['purpose', 'So that nothing ends.'],
    ['why-en', 'So that nothing ends.'],
    ['who', 'anybody'],
    ['filters', 'connection=expiring&kind=staff'],
    ['scope-read-limited', 'yes'],
    ['mailMerge', 'yes'],
    ['step-1-template', 'invitation'],
    ['step-1-times', '5'],
    ['step-2-template', 'reminder'],
    ['step-2-afterDays', '1'],
    ['step-2-times', '5'],
  ])
  expect(saved.location).toBe(`/staff/campaigns/${id}?note=saved`)
  expect(
    await rows('select name, kind::text, audience, scopes, mail_merge, ends_on from campaign where id = $1', [id]),
  ).toEqual([
    {
      name: 'Allow it again',
      kind: 'expiring',
      audience: 'connection=expiring&kind=staff',
      scopes: [],
      mail_merge: false,
      ends_on: null,
    },
  ])
  expect(await rows('select place, template, times from campaign_step where campaign_id = $1', [id])).toEqual([
    { place: 1, template: 'expiring', times: 1 },
  ])
})
