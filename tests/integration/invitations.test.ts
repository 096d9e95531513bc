import { beforeEach, describe, expect, test } from 'vitest'
import { addCampaign, addLink } from '@/tests/support/invitations'
import { connect, until } from '@/tests/support/journey'
import { personalLinksPerFile } from '@/tests/support/personal-links'
import { Visitor } from '@/tests/support/visitor'
import { words } from '@/tests/support/words'

const josiah = '0000-0002-1825-0097'
const ada = '0000-0099-9458-0735'
const { fixture, rows, at, add, post, followLink, bindings, conflicts, invitations } = personalLinksPerFile()

/** Every row of every table. */
async function dump() {
  const tables = await rows(
    `select quote_ident(tablename) as name from pg_tables where schemaname = 'public' order by 1`,
  )
  const all = await Promise.all(
    // The processes say that they run.
    tables
      .filter(({ name }) => !['replica', 'installation', 'proxy_hops', 'rate_limit'].includes(String(name)))
      .map(async ({ name }) => [name, await rows(`select t::text as row from ${name} t order by 1`)]),
  )
  return JSON.stringify(all)
}

describe('the page of a personal link', () => {
  test('greets the person, shows what will be written, asks, and has one button', async () => {
    const { token, personId } = await add()
    await rows(
      `insert into affiliation (person_id, kind, external_id, title, origin, state)
       values ($1, 'employment', 'hr-1', 'Professor of Psychoceramics', 'imported', 'waiting_for_person')`,
      [personId],
    )
    const { status, body, headers } = await new Visitor().get(at(`/i/${token}`))
    expect(status).toBe(200)
    const said = words(body)
    for (const part of [
      'Dear Josiah Carberry',
      'Professor of Psychoceramics',
      'Know your iD',
      'name and e-mail address are filled in',
    ])
      expect(said).toContain(part)
    expect(said).toContain('Affiliations are written once you allow us')
    expect(said).not.toContain('A work is added only')
    expect(body.match(/action="\/i\/start"/g)).toHaveLength(1)
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('cache-control')).toContain('no-store')
    expect(headers.get('x-robots-tag')).toContain('noindex')
    expect(body).toMatch(/name="robots" content="noindex/)
  })

  test('shows works that wait, and says that none is added before the person says so', async () => {
    const { token, personId } = await add()
    await rows(
      `insert into affiliation (person_id, kind, external_id, title, start_on, origin, state, work)
       values ($1, 'work', 'doi:10.1000/bees', 'On bees', '2024', 'system', 'waiting_for_person', '{}')`,
      [personId],
    )
    const said = words((await new Visitor().get(at(`/i/${token}`))).body)
    for (const part of [
      'Works that we could add to your record',
      'On bees',
      'Work',
      'A work is added only after you say',
    ])
      expect(said).toContain(part)
    expect(said).not.toContain('What we will write')
  })

  test('changes no row and uses nothing up, whoever opens it and however', async () => {
    const { token } = await add()
    const before = await dump()
    const visitor = new Visitor()
    const kinds: Record<string, string>[] = [
      { accept: '*/*' },
      { 'sec-purpose': 'prefetch' },
      { 'user-agent': 'SafeLinks scanner' },
    ]
    for (const headers of kinds) expect((await visitor.get(at(`/i/${token}`), headers)).status).toBe(200)
    expect((await fetch(at(`/i/${token}`), { method: 'HEAD' })).status).toBe(200)
    expect(await dump()).toBe(before)
    await followLink(token, { orcid: josiah })
    expect(await bindings()).toMatchObject([{ local_id: '0007', proof: 'invitation', orcid: josiah }])
  })

  test('is found however a mail program or a person wrote the link', async () => {
    const { token } = await add()
    for (const text of [
      token.toUpperCase(),
      `${token}.`,
      `${token},`,
      `${token})`,
      `${token}%20`,
      `${token}%0A`,
      `%3C${token}%3E`,
    ])
      expect(words((await new Visitor().get(at(`/i/${text}`))).body)).toContain('Dear Josiah Carberry')
  })

  test.each([
    ['nobody made', 'a'.repeat(52)],
    ['has too few letters', 'abc'],
    ['is no text', '%E4%BD%A0%E5%A5%BD'],
    ['is not even encoded', '%00%ff'],
    ['holds a path', '..%2F..%2Fetc'],
    ['is HTML', '%3Cscript%3Ealert(1)%3C%2Fscript%3E'],
  ])('that %s leads to the form for an address', async (_what, text) => {
    const { status, body } = await new Visitor().get(at(`/i/${text}`))
    if (status === 400) return
    expect(status).toBe(200)
    expect(words(body)).toContain('We do not know this link')
    expect(body).toContain('name="email"')
    expect(body).not.toContain('<script>alert')
  })

  test('of 10 kB is refused', async () => {
    expect((await new Visitor().get(at(`/i/${'a'.repeat(10_000)}`))).status).toBe(414)
  })

  test('says that it expired, was revoked or used, and offers a new one', async () => {
    const { token, linkId } = await add()
    const page = async () => words((await new Visitor().get(at(`/i/${token}`))).body)
    await rows(`update invitation_link set expires_at = now() - interval '1 minute' where id = $1`, [linkId])
    expect(await page()).toContain('This link has expired')
    await rows(`update invitation_link set revoked_at = now() where id = $1`, [linkId])
    const revoked = await page()
    expect(revoked).toContain('This link no longer works')
    expect(revoked).toContain('Send me a new one')
    expect(revoked).not.toContain('Carberry')
    const start = await post('/i/start', { token })
    expect([start.status, start.location]).toEqual([303, `/i/${token}`])
  })

  test('of a changed address, of somebody who left or became confidential, no longer works', async () => {
    for (const [n, change] of [`email = 'new@example.org'`, `state = 'paused'`, 'confidential = true'].entries()) {
      const { token, personId } = await add({ local_id: `n${n}`, email: `n${n}@example.org` })
      await rows(`update person set ${change} where id = $1`, [personId])
      expect(words((await new Visitor().get(at(`/i/${token}`))).body)).toContain('This link no longer works')
    }
  })

  test('tells somebody who allows everything already that nothing is needed', async () => {
    const { token } = await add()
    await followLink(token, { orcid: josiah })
    const said = words((await new Visitor().get(at(`/i/${token}`))).body)
    expect(said).toContain('Nothing is needed')
    expect(said).not.toContain('Carberry')
  })

  test('shows a signed-in other person whose link it is, with a choice', async () => {
    const { token } = await add()
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    const said = words((await visitor.get(at(`/i/${token}`))).body)
    expect(said).toContain('This link is for Josiah Carberry')
    expect(said).toContain('Use another ORCID account')
    const fresh = await visitor.post(at('/i/start'), [
      ['token', token],
      ['fresh', 'yes'],
    ])
    expect(new URL(fresh.location ?? '').searchParams.get('prompt')).toBe('login')
  })
})

describe('going to ORCID', () => {
  test('fills in name and address, or a known iD alone', async () => {
    const { token } = await add()
    const { location } = await post('/i/start', { token })
    const asked = new URL(location ?? '').searchParams
    expect([asked.get('given_names'), asked.get('family_names'), asked.get('email'), asked.get('orcid')]).toEqual([
      'Josiah',
      'Carberry',
      'josiah@example.org',
      null,
    ])
    const known = await add({ local_id: '0008', known_orcid: josiah, email: 'other@example.org' })
    const again = new URL((await post('/i/start', { token: known.token })).location ?? '').searchParams
    expect([again.get('orcid'), again.get('email'), again.get('given_names')]).toEqual([josiah, null, null])
  })

  test('keeps the attempt’s link and campaign, and refuses what is not asked for', async () => {
    const campaignId = await addCampaign(fixture)
    const { token, linkId, invitationId } = await add({ campaignId })
    expect((await post('/i/start', { token, scope: '/person/update' })).status).toBe(400)
    await post('/i/start', { token })
    const [attempt] = await rows(`select campaign_id, invitation_id, link_id, scopes_asked, content->>'benefit' as why,
      content::text as text from authorization_attempt join shown_text on hash = shown_text_hash`)
    expect(attempt).toMatchObject({
      campaign_id: campaignId,
      invitation_id: invitationId,
      link_id: linkId,
      scopes_asked: ['/activities/update', '/read-limited', 'openid'],
      why: 'The annual report needs your publications.',
    })
    expect(attempt?.text).toContain('to list your publications')
  })

  test('writes neither a token nor what is filled in into the log', async () => {
    const { token } = await add()
    await followLink(token, { orcid: josiah })
    await post('/i/not-me', { token })
    await post('/i/new-link', { token })
    await new Visitor().get(at(`/i/${token}/more`))
    const log = fixture.stack.portal.logs.join('\n')
    for (const secret of [token, 'josiah@example.org']) expect(log).not.toContain(secret)
  })
})

describe('the small forms', () => {
  test('“This is not me” tells staff, once, and changes nothing else', async () => {
    const { token, personId } = await add()
    for (let times = 0; times < 2; times++)
      expect(fixture.pathOf((await post('/i/not-me', { token })).location)).toBe('/i/noted')
    expect(await rows('select not_me_at is not null as said, revoked_at, used_at from invitation_link')).toEqual([
      { said: true, revoked_at: null, used_at: null },
    ])
    expect(await rows(`select detail from audit_event where action = 'invitation.not_me'`)).toEqual([
      { detail: { personId } },
    ])
    expect([await conflicts(), await invitations()]).toEqual([[], [{ ended: null, failed: false }]])
  })

  test('“Do not ask me again” holds until it is taken back on the same page', async () => {
    const { token } = await add()
    const visitor = new Visitor()
    const page = await visitor.follow(await post('/i/do-not-ask', { token }, visitor))
    expect(page.url).toBe(at(`/i/${token}`))
    expect(words(page.body)).toContain('We will not ask you again')
    expect(await rows('select reason::text, until from do_not_ask')).toEqual([{ reason: 'asked', until: null }])
    await followLink(token, { orcid: josiah, decision: 'deny' })
    expect(await rows('select reason::text, until from do_not_ask')).toEqual([{ reason: 'asked', until: null }])
    const back = await visitor.follow(await post('/i/do-not-ask', { token, again: 'yes' }, visitor))
    expect(words(back.body)).toContain('Do not ask me again')
    expect(await rows('select * from do_not_ask')).toEqual([])
  })
})

describe('“Send me a new one”', () => {
  const mails = () =>
    rows(`select mail.kind::text, template, p.local_id from mail join person p on p.id = mail.person_id`)
  beforeEach(() => rows('delete from rate_limit'))

  test('mails the roster’s address, whatever became of the link, three times a day at most', async () => {
    const { token, linkId } = await add()
    await rows('update invitation_link set revoked_at = now() where id = $1', [linkId])
    const answer = await post('/i/new-link', { token })
    expect(answer.location).toBe('/i/noted?what=new-link')
    await until('the mail waits', async () => (await mails()).length === 1)
    expect(await mails()).toEqual([{ kind: 'link', template: 'new_link', local_id: '0007' }])
    for (let times = 0; times < 6; times++) {
      await rows(`update mail set state = 'sent'`)
      await post('/i/new-link', { token })
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
    expect(await mails()).toHaveLength(3)
  })

  test('answers the same for an address that somebody has, that two have and that nobody has', async () => {
    await add()
    await add({ local_id: '0008', email: 'two@example.org' })
    await add({ local_id: '0009', email: 'TWO@example.org' })
    const ask = async (email: string) => {
      const { status, location, body, headers } = await post('/i/new-link', { email })
      const kept = [...headers].filter(([name]) => !['x-request-id', 'date', 'content-security-policy'].includes(name))
      return JSON.stringify({ status, location, body, kept })
    }
    const answers = await Promise.all([
      ask('JOSIAH@example.org '),
      ask('two@example.org'),
      ask('nobody@example.org'),
      ask(''),
      ask('a\r\nBcc: b@example.org'),
      ask('😀'.repeat(400)),
    ])
    expect(new Set(answers).size).toBe(1)
    await until('the mail waits', async () => (await mails()).length > 0)
    expect(await mails()).toEqual([{ kind: 'link', template: 'new_link', local_id: '0007' }])
  })

  test('takes as long for an address that somebody has as for one that nobody has', async () => {
    await add()
    const times: Record<string, number[]> = { 'josiah@example.org': [], 'nobody@example.org': [] }
    for (let round = 0; round < 25; round++) {
      for (const email of Object.keys(times)) {
        const from = performance.now()
        await post('/i/new-link', { email })
        times[email]?.push(performance.now() - from)
      }
    }
    const [known = 0, unknown = 0] = Object.values(times).map((all) => all.toSorted((a, b) => a - b)[12] ?? 0)
    expect(Math.abs(known - unknown)).toBeLessThan(Math.max(20, 0.5 * unknown))
  })

  test('is refused to one network address that asks too often', async () => {
    const ask = async () => (await post('/i/new-link', { email: 'a@example.org' })).status
    expect(await ask()).not.toBe(429)
    // As if they had asked as often as anybody may.
    await rows('update rate_limit set hits = 1000')
    expect(await ask()).toBe(429)
  })

  test('makes no second invitation for somebody who has one', async () => {
    const { token, invitationId } = await add()
    await addLink(fixture, invitationId)
    await post('/i/new-link', { token })
    await until('the mail waits', async () => (await mails()).length === 1)
    expect(await rows('select count(*)::int as n from invitation')).toEqual([{ n: 1 }])
  })
})
