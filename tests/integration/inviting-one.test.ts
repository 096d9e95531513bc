import { describe, expect, test } from 'vitest'
import { addInvited, addLink } from '@/tests/support/invitations'
import { connect } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'
import { Visitor } from '@/tests/support/visitor'
import { words } from '@/tests/support/words'

const admin = '0000-0099-5475-2774'
const fixture = stackPerFile({
  STAFF_ADMINS: admin,
  SMTP_URL: 'smtp://localhost:1',
  MAIL_FROM: 'Library <library@example.org>',
  MAIL_DOMAINS: 'example.org',
})
const { rows } = fixture
const at = (path: string) => `${fixture.stack.portal.url}${path}`
const signIn = async () => (await connect(fixture.stack, { orcid: admin, purpose: 'sign-in' })).visitor
const invite = (staff: Visitor, person: string) => staff.post(at('/staff/people/invite'), [['person', person]])

async function addPerson() {
  const invited = await addInvited(fixture)
  await rows('delete from invitation')
  return invited.personId
}

describe('one person', () => {
  test('is invited from their page after a look at the mail, once', async () => {
    const id = await addPerson()
    const staff = await signIn()
    expect((await staff.get(at(`/staff/people/${id}`))).body).toContain(`/staff/people/${id}/invite`)
    const page = words((await staff.get(at(`/staff/people/${id}/invite`))).body)
    expect(page).toContain('It goes to josiah@example.org')
    expect(page).toContain('Josiah Carberry')
    expect(page).toContain('Know your iD')
    const answers = await Promise.all([invite(staff, id), invite(staff, id)])
    expect(answers.map(({ location }) => new URL(location ?? '', at('/')).search).sort()).toEqual([
      '?result=invited',
      '?result=refused',
    ])
    expect(
      await rows('select kind::text, template, locale, person_id, invitation_id is not null as linked from mail'),
    ).toEqual([{ kind: 'invitation', template: 'invitation', locale: 'en', person_id: id, linked: true }])
    expect(await rows(`select detail from audit_event where action = 'invitation.made'`)).toEqual([
      { detail: { personId: id } },
    ])
    expect(words((await staff.get(at(`/staff/people/${id}/invite`))).body)).toContain('An invitation is on its way')
  })

  test.each([
    ['has no address', 'update person set email = null', 'There is no e-mail address'],
    ['has an address elsewhere', `update person set email = 'a@example.com'`, 'not of one of our domains'],
    ['left', `update person set state = 'left' where local_id = '0007'`, 'has left'],
    ['is paused', `update person set state = 'paused' where local_id = '0007'`, 'has left'],
    ['is confidential', `update person set confidential = true where local_id = '0007'`, 'is confidential'],
    [
      'had a mail this week',
      `insert into mail (kind, state, template, locale, message_id, person_id, sent_at)
        select 'invitation', 'sent', 'invitation', 'en', '<a@b>', id, now() - interval '6 days' from person where local_id = '0007'`,
      'within the last seven days',
    ],
  ])('who %s is not, and the page says why', async (_why, change, said) => {
    const id = await addPerson()
    const staff = await signIn()
    await rows(change)
    const page = await staff.get(at(`/staff/people/${id}/invite`))
    expect(words(page.body)).toContain(said)
    expect(page.body).not.toContain('action="/staff/people/invite"')
    const answer = await invite(staff, id)
    expect(answer.location).toContain('result=refused')
    expect(await rows(`select 1 as one from mail where state = 'waiting'`)).toEqual([])
  })

  test.each(['asked', 'refused'])(
    'who said no (%s) is invited as anybody else, as far as staff see',
    async (reason) => {
      const [id, staff] = [await addPerson(), await signIn()]
      const look = async () => words((await staff.get(at(`/staff/people/${id}/invite`))).body)
      const before = await look()
      await rows('insert into do_not_ask (person_id, reason) values ($1, $2::do_not_ask_reason)', [id, reason])
      expect(await look()).toBe(before)
      expect((await invite(staff, id)).location).toContain('result=invited')
      // What the outbox makes of it: tests/integration/prepare-mail.test.ts.
      await rows(`update mail set state = 'withheld', sending_at = now()`)
      expect(await look()).toContain('within the last seven days')
    },
  )

  test('has their links listed, and a revoked one no longer works', async () => {
    const { personId, invitationId, token, linkId } = await addInvited(fixture)
    const other = await addLink(fixture, invitationId, null)
    const staff = await signIn()
    const page = words((await staff.get(at(`/staff/people/${personId}/invite`))).body)
    expect(page).toContain('josiah@example.org')
    expect(page).toContain('In a file for a mail merge')
    await staff.post(at('/staff/people/invite/revocation'), [
      ['person', personId],
      ['link', linkId],
    ])
    const look = async (one: string) => words((await new Visitor().get(at(`/i/${one}`))).body)
    expect(await look(token)).toContain('This link no longer works')
    expect(await look(other.token)).toContain('Dear Josiah Carberry')
    await staff.post(at('/staff/people/invite/revocation'), [['person', personId]])
    expect(await look(other.token)).toContain('This link no longer works')
    expect(
      await rows(
        `select detail->'links' as links from audit_event where action = 'invitation.links_revoked' order by id`,
      ),
    ).toEqual([{ links: 1 }, { links: 1 }])
  })

  test('whose link reached somebody else needs somebody on the overview', async () => {
    const { token, personId } = await addInvited(fixture)
    await new Visitor().post(at('/i/not-me'), [['token', token]])
    const staff = await signIn()
    expect(words((await staff.get(at('/staff/attention'))).body)).toContain('1 personal link reached somebody else')
    const page = await staff.get(at('/staff/people/wrong-links'))
    expect(words(page.body)).toContain('josiah@example.org')
    expect(page.body).toContain(`/staff/people/${personId}/invite`)
    expect(words((await staff.get(at(`/staff/people/${personId}/invite`))).body)).toContain(
      'that they are not this person',
    )
  })
})
