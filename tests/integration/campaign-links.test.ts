import { describe, expect, test } from 'vitest'
import { addCampaign, addInvited } from '@/tests/support/invitations'
import { connect, decideAtOrcid } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'
import { Visitor } from '@/tests/support/visitor'
import { words } from '@/tests/support/words'

const josiah = '0000-0002-1825-0097'
const admin = '0000-0099-5475-2774'

const fixture = stackPerFile({ INSTITUTION_LANGUAGES: 'en,es' })
const { rows } = fixture
const at = (path: string) => `${fixture.stack.portal.url}${path}`

type Choice = { orcid?: string; decision?: 'authorize' | 'deny'; fields?: [string, string][]; visitor?: Visitor }

async function follow(code: string, { orcid = josiah, decision, fields = [], visitor = new Visitor() }: Choice = {}) {
  const start = await visitor.post(at('/c/start'), [['code', code], ...fields])
  const back = await decideAtOrcid(visitor, start, { orcid, decision })
  return { visitor, start, answer: await visitor.get(back) }
}

describe('the public link of a campaign', () => {
  test('shows its words in the reader’s language, and one button', async () => {
    await addCampaign(fixture)
    const { body } = await new Visitor().get(at('/c/spring'))
    expect(words(body)).toContain('The annual report needs your publications.')
    expect(words(body)).toContain('to list your publications')
    expect(body.match(/action="\/c\/start"/g)).toHaveLength(1)
    expect(body).not.toContain('oauth/authorize')
    expect(words(body)).not.toContain('This computer is used by many people')
    const spanish = words((await new Visitor().get(at('/c/spring'), { 'accept-language': 'es' })).body)
    expect(spanish).toContain('La memoria anual necesita sus publicaciones.')
    expect(spanish).toContain('para decir que trabaja aquí')
  })

  test.each([
    ['draft', {}, 'not open yet'],
    ['paused', {}, 'This page is paused'],
    ['closed', {}, 'This request is over'],
    ['open', { starts_on: 'current_date + 2' }, 'not open yet'],
    ['open', { ends_on: 'current_date - 2' }, 'This request is over'],
  ])('of a campaign that is %s %j says so kindly, and asks nobody', async (state, change, said) => {
    const id = await addCampaign(fixture, { state })
    for (const [column, value] of Object.entries(change))
      await rows(`update campaign set ${column} = ${value} where id = $1`, [id])
    const page = words((await new Visitor().get(at('/c/spring'))).body)
    expect(page).toContain(said)
    expect(page).toContain('To the front page')
    const start = await new Visitor().post(at('/c/start'), [['code', 'spring']])
    expect([start.status, start.location]).toEqual([303, '/c/spring'])
    expect(await rows('select 1 as one from authorization_attempt')).toEqual([])
  })

  test.each(['nobodys', '%F0%9F%98%80', 'a'.repeat(3_000), '%3Cb%3E', '%00'])(
    'that nobody made says so: %s',
    async (code) => {
      const { status, body } = await new Visitor().get(at(`/c/${code}`))
      expect(status).toBe(200)
      expect(words(body)).toContain('We do not know this link')
    },
  )

  test('is remembered by the attempt, with its scopes and the text that was shown', async () => {
    const id = await addCampaign(fixture, { scopes: ['/read-limited'] })
    const { answer } = await follow('spring')
    expect(fixture.pathOf(answer.location)).toBe('/connect/connected')
    expect(
      await rows(`select campaign_id, invitation_id, at_desk, scopes_asked, content->>'benefit' as why
        from authorization_attempt join shown_text on hash = shown_text_hash`),
    ).toEqual([
      {
        campaign_id: id,
        invitation_id: null,
        at_desk: false,
        scopes_asked: ['/read-limited', 'openid'],
        why: 'The annual report needs your publications.',
      },
    ])
    const refused = await new Visitor().post(at('/c/start'), [
      ['code', 'spring'],
      ['scope', '/person/update'],
    ])
    expect(refused.status).toBe(400)
  })

  test('is kept by “again”', async () => {
    const id = await addCampaign(fixture, { scopes: ['/read-limited'] })
    const visitor = new Visitor()
    await visitor.post(at('/c/start'), [['code', 'spring']])
    const again = await visitor.post(at('/connect/start'), [['purpose', 'again']])
    expect(new URL(again.location ?? '').searchParams.get('scope')).toBe('/read-limited openid')
    expect(
      await rows('select campaign_id, scopes_asked, shown_text_hash is not null as shown from authorization_attempt'),
    ).toEqual(Array(2).fill({ campaign_id: id, scopes_asked: ['/read-limited', 'openid'], shown: true }))
    expect(await rows('select count(*)::int as n from shown_text')).toEqual([{ n: 1 }])
  })
})

describe('at a desk', () => {
  const desk: [string, string][] = [['desk', 'yes']]

  test('ORCID asks for the password, and nobody is signed in here afterwards', async () => {
    await addCampaign(fixture)
    expect(words((await new Visitor().get(at('/c/spring?desk'))).body)).toContain(
      'This computer is used by many people',
    )
    const { visitor, start, answer } = await follow('spring', { fields: desk })
    expect(new URL(start.location ?? '').searchParams.get('prompt')).toBe('login')
    expect(fixture.pathOf(answer.location)).toBe('/connect/at-desk')
    expect(answer.headers.getSetCookie().some((line) => /concord\.session=[^;]/.test(line))).toBe(false)
    const page = await visitor.follow(answer)
    expect(words(page.body)).toContain('You are signed out here, but not at ORCID')
    expect(page.body).toContain(`${fixture.stack.registry.url}/signout`)
    expect(page.body).toContain(josiah)
    expect((await visitor.get(at('/me'))).status).toBe(307)
    expect(await rows('select count(*)::int as n from session where ended_at is null')).toEqual([{ n: 0 }])
    expect(await rows(`select outcome::text from authorization_attempt`)).toEqual([{ outcome: 'connected' }])
  })

  test('the page shows nobody any more after two minutes, and the same code gives no session', async () => {
    await addCampaign(fixture)
    const { visitor, answer } = await follow('spring', { fields: desk })
    const twice = await visitor.get(answer.url)
    expect(fixture.pathOf(twice.location)).toBe('/connect/at-desk')
    expect(await rows('select count(*)::int as n from session where ended_at is null')).toEqual([{ n: 0 }])
    await rows(`update authorization_attempt set ended_at = now() - interval '3 minutes'`)
    const { body } = await visitor.get(at('/connect/at-desk'))
    expect(body).not.toContain(josiah)
    expect(words(body)).toContain('You are signed out here')
  })

  test('whoever was signed in before is signed out, and a refusal leads to the same page', async () => {
    await addCampaign(fixture)
    const { visitor } = await connect(fixture.stack, { orcid: admin })
    const { answer } = await follow('spring', { fields: desk, decision: 'deny', visitor })
    expect(fixture.pathOf(answer.location)).toBe('/connect/at-desk')
    const page = words((await visitor.follow(answer)).body)
    expect(page).toContain('You declined at ORCID')
    expect((await visitor.get(at('/me'))).status).toBe(307)
  })
})

describe('without a mail server', () => {
  test('the page of an unknown or expired link says whom to write to', async () => {
    const { token, linkId } = await addInvited(fixture)
    await rows(`update invitation_link set expires_at = now() - interval '1 day' where id = $1`, [linkId])
    for (const path of ['/i', '/i/unknown', `/i/${token}`]) {
      const { body } = await new Visitor().get(at(path))
      expect(words(body)).toContain('Write to us at the address below')
      expect(body).toContain('mailto:orcid-help@example.org')
      expect(body).not.toContain('action="/i/new-link"')
    }
    expect((await new Visitor().post(at('/i/new-link'), [['token', token]])).location).toBe('/i')
    expect(await rows('select 1 as one from mail')).toEqual([])
  })
})

describe('staff', () => {
  test('copy the link as HTML and text, and take its QR code, never the address at ORCID', async () => {
    const id = await addCampaign(fixture)
    const { visitor } = await connect(fixture.stack, { orcid: admin })
    const { status, body } = await visitor.get(at(`/staff/campaigns/${id}/link`))
    expect(status).toBe(200)
    expect(body).toContain(at('/c/spring'))
    expect(body).toContain('La memoria anual necesita sus publicaciones.')
    expect(body).toContain('Cree o conecte su ORCID iD')
    expect(body).not.toContain('oauth/authorize')
    const svg = await visitor.get(at(`/staff/campaigns/${id}/link/qr?format=svg`))
    expect([svg.status, svg.headers.get('content-type')]).toEqual([200, 'image/svg+xml'])
    expect(svg.body).toContain('<svg')
    const png = await visitor.get(at(`/staff/campaigns/${id}/link/qr?format=png`))
    expect([png.status, png.headers.get('content-type'), png.body.slice(1, 4)]).toEqual([200, 'image/png', 'PNG'])
    expect((await visitor.get(at('/staff/campaigns/none/link/qr'))).status).toBe(400)
  })
})
