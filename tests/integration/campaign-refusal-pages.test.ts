import { describe, expect, test } from 'vitest'
import { addCampaign, addInvited } from '@/tests/support/invitations'
import { connect, decideAtOrcid } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'
import { Visitor } from '@/tests/support/visitor'

const grace = '0000-0099-5475-2774'
const josiah = '0000-0002-1825-0097'
const ada = '0000-0099-9458-0735'
const adaNames = { given_name: 'Ada', family_name: 'Example' }

const fixture = stackPerFile({
  STAFF_ADMINS: grace,
  WORKER: 'none',
  SMTP_URL: 'smtp://localhost:1',
  MAIL_FROM: 'Library <library@example.org>',
  MAIL_DOMAINS: 'example.org',
  MAIL_ALLOWED: '@example.org',
})
const { rows } = fixture
const at = (path: string) => `${fixture.stack.portal.url}${path}`

/** Without scripts and times. */
const words = (body: string) =>
  body
    .slice(body.indexOf('<main'), body.indexOf('</main>'))
    .replace(/<(?!a |form|input)[^>]+>/g, ' ')
    .replace(/(?:\d+ (?:second|minute)s? ago|now|\d\d:\d\d(?::\d\d)?)/g, 'time')
    .replace(/\s+/g, ' ')

/** As an address of the list shows it to an administrator. */
async function readAll(staff: Visitor, paths: readonly string[]): Promise<[string, string][]> {
  const pages: [string, string][] = []
  for (const path of paths) {
    const { status, body } = await staff.get(at(path))
    expect([path, status]).toEqual([path, 200])
    pages.push([path, body.includes('<main') ? words(body) : body])
  }
  return pages
}

async function follow(token: string, decision: 'authorize' | 'deny', { visitor = new Visitor(), orcid = josiah } = {}) {
  const start = await visitor.post(at('/i/start'), [['token', token]])
  return visitor.get(await decideAtOrcid(visitor, start, { orcid, decision }))
}

describe('what staff read of somebody who was asked', () => {
  test('is on every page the same after a refusal as before it, also of somebody who has an iD', async () => {
    const campaignId = await addCampaign(fixture)
    await rows(
      `update campaign set audience = 'kind=staff', opened_at = now(), invited_at = now(), name = 'Spring' where id = $1`,
      [campaignId],
    )
    await rows(
      `insert into campaign_step (campaign_id, place, template, after_days, audience)
       values ($1, 1, 'invitation', 0, 'not_connected'), ($1, 2, 'reminder', 0, 'not_connected')`,
      [campaignId],
    )
    const asked = await addInvited(fixture, { campaignId })
    const other = await addInvited(fixture, {
      campaignId,
      local_id: '0008',
      family_name: 'Other',
      email: 'o@example.org',
    })
    await rows('update invitation set step = 1, times = 1, last_mail_at = now()')
    // The other one has connected and is signed in when they are asked for more.
    const { visitor } = await connect(fixture.stack, { orcid: josiah, scopes: ['/read-limited'] })
    await rows(`update invitation set person_id = (select id from person where orcid = $1) where id = $2`, [
      josiah,
      other.invitationId,
    ])
    const staff = (await connect(fixture.stack, { orcid: grace, purpose: 'sign-in' })).visitor
    const here = `/staff/campaigns/${campaignId}`
    const paths = [
      '/staff',
      '/staff/campaigns',
      here,
      `${here}/missing`,
      `${here}/people`,
      `${here}/people?state=not_connected`,
      `${here}/open?step=1`,
      `${here}/open?remind=yes`,
      `/staff/campaigns/people/export?campaign=${campaignId}&format=csv`,
      '/staff/campaigns/mail',
      '/staff/campaigns/suppressions',
      `/staff/people/${asked.personId}`,
      `/staff/people/${asked.personId}/invite`,
      '/staff/people?q=Carberry',
      `/staff/researchers/${josiah}`,
      '/staff/attempts',
      '/staff/attempts?outcome=denied',
      '/staff/audit',
      '/staff/figures',
    ]
    // What looking leaves behind, such as that somebody had a file, is there before.
    await readAll(staff, paths)
    const before = await readAll(staff, paths)
    const refused = await follow(asked.token, 'deny')
    expect(fixture.pathOf(refused.location)).toBe('/connect/denied')
    await follow(other.token, 'deny', { visitor })
    expect(await rows('select refusals from campaign')).toEqual([{ refusals: 2 }])
    const after = await readAll(staff, paths)
    for (const [index, page] of after.entries()) {
      // That somebody exported the list or looked at a person is an event of theirs.
      if (page[0] === '/staff/audit') continue
      expect(page).toEqual(before[index])
    }
    expect(
      await rows(`select 1 as one from audit_event where action like 'attempt.%' and detail->>'outcome' = 'denied'`),
    ).toEqual([])
    // Their reference still tells what to say to them, and not who they are.
    const [attempt] = await rows(
      `select reference from authorization_attempt where outcome = 'denied' and started_by_id is not null`,
    )
    const reference = words((await staff.get(at(`/staff/attempts/${attempt?.reference}`))).body)
    expect(reference).toContain('You declined at ORCID')
    expect(reference).not.toContain(josiah)
  })

  test('is the reference of what failed on the way, which leads to what to say', async () => {
    const campaignId = await addCampaign(fixture, { code: 'summer' })
    const asked = await addInvited(fixture, { campaignId, local_id: '0009', email: 'n@example.org', ...adaNames })
    const staff = (await connect(fixture.stack, { orcid: grace, purpose: 'sign-in' })).visitor
    await fixture.stack.registry.addFault({ on: 'token', fault: 'unavailable_503', times: 0 })
    await follow(asked.token, 'authorize', { orcid: ada })
    await fixture.stack.registry.clearFaults()
    const [attempt] = await rows(
      `select reference, outcome::text from authorization_attempt where invitation_id = $1`,
      [asked.invitationId],
    )
    expect(attempt?.outcome).toBe('orcid_unavailable')
    const page = words((await staff.get(at(`/staff/people/${asked.personId}`))).body)
    expect(page).toContain('What failed on the way')
    expect(page).toContain(`/staff/attempts/${attempt?.reference}`)
    expect((await staff.get(at(`/staff/attempts/${attempt?.reference}`))).status).toBe(200)
    // Also on the page of their iD, once they have connected.
    await follow(asked.token, 'authorize', { orcid: ada })
    expect(words((await staff.get(at(`/staff/researchers/${ada}?tab=attempts`))).body)).toContain(
      `/staff/attempts/${attempt?.reference}`,
    )
  })
})
