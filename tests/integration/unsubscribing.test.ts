import { beforeEach, describe, expect, test } from 'vitest'
import { stopAsking } from '@/lib/campaigns/stop-asking'
import { inTransaction } from '@/lib/db'
import { isSuppressed, listSuppressedHashes, suppress } from '@/lib/mail/suppression'
import { makeUnsubscribeUrl, unsubscribe } from '@/lib/mail/unsubscribing'
import { workInside } from '@/tests/support/inside'
import { addInvited, addMail, mailSettings } from '@/tests/support/invited'
import { connect } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'
import { Visitor } from '@/tests/support/visitor'

const grace = '0000-0099-5475-2774'
const limits = { TRUSTED_PROXIES: '1', RATE_LIMITS: 'write=100/40' }
const fixture = stackPerFile({ STAFF_ADMINS: grace, WORKER: 'none', ...mailSettings, ...limits })
workInside(fixture)

const at = (path: string) => new URL(path, fixture.stack.portal.url).href
const everything = () =>
  fixture.rows(`select (select json_agg(m order by m.id) from mail m) as mails,
    (select json_agg(s) from mail_suppression s) as suppressions, (select json_agg(d) from do_not_ask d) as asking,
    (select json_agg(i order by i.id) from invitation i) as invitations, (select count(*) from audit_event) as events`)
const statesOf = async (personId: string) =>
  (await fixture.rows('select state::text from mail where person_id = $1 order by state', [personId])).map(
    ({ state }) => state,
  )
const reasons = async () =>
  (await fixture.rows('select reason::text from mail_suppression')).map(({ reason }) => reason)
const actions = async () =>
  (await fixture.rows(`select action, detail::text from audit_event where action like 'mail.%' order by id`)).map(
    ({ action }) => action,
  )

/** As the program of a mail provider sends it, without a header of a browser. */
const click = (url: string, body = 'List-Unsubscribe=One-Click', headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    body,
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  })

let bo: Awaited<ReturnType<typeof addInvited>>
let link: URL

beforeEach(async () => {
  bo = await addInvited(fixture.rows, 'bo')
  link = new URL(await makeUnsubscribeUrl(bo.sent.id))
})

describe('the link to stop mail', () => {
  test('changes nothing when it is opened, looked at or prefetched, and needs no session', async () => {
    const before = await everything()
    const visitor = new Visitor()
    for (const purpose of ['', 'prefetch']) {
      const { body } = await visitor.follow(await visitor.get(link.href, { 'sec-purpose': purpose }))
      expect(body).toContain('Do not write to me any more about this')
      expect(body).toContain('Do not ask me again')
      expect(body).toContain('<meta name="robots" content="noindex"')
    }
    await fetch(link, { method: 'HEAD' })
    expect(await everything()).toEqual(before)
  })

  test('stops the mail at one click of a program, at once and however often', async () => {
    for (const body of ['List-Unsubscribe=One-Click', 'List-Unsubscribe=One-Click']) {
      const answer = await click(link.href, body)
      expect([answer.status, answer.headers.get('location'), await answer.text()]).toEqual([200, null, 'Done.\n'])
    }
    const form = new FormData()
    form.set('List-Unsubscribe', 'One-Click')
    expect((await fetch(link, { method: 'POST', body: form })).status).toBe(200)
    expect(await statesOf(bo.personId)).toEqual(['sent', 'suppressed'])
    expect(await reasons()).toEqual(['unsubscribed'])
    expect(await actions()).toEqual(['mail.suppressed'])
    // The invitation stays: its link still leads to ORCID.
    expect(await fixture.rows('select 1 from invitation where ended_at is not null')).toEqual([])
    expect(await fixture.rows('select 1 from do_not_ask')).toEqual([])
  })

  test('keeps the address as a hash that leads to nobody', async () => {
    await click(link.href)
    const [row] = await fixture.rows('select address_hash, person_id::text from mail_suppression')
    expect(row).toEqual({ address_hash: expect.stringMatching(/^[\da-f]{64}$/), person_id: bo.personId })
    const said = await fixture.rows('select detail::text from audit_event')
    expect(JSON.stringify(said)).not.toMatch(/@example|Wexford/)
  })

  test('is the same for an invitation as for its mail, and counts for the present address and the former', async () => {
    await fixture.rows(`update mail set address = 'former@example.org' where id = $1`, [bo.sent.id])
    await click(link.href)
    await inTransaction(async (tx) => {
      for (const address of ['former@example.org', 'BO@example.org '])
        expect(await isSuppressed(tx, address), address).toBe(true)
      expect(await isSuppressed(tx, 'new@example.org')).toBe(false)
      expect(await isSuppressed(tx, 'new@example.org', bo.personId)).toBe(true)
      const all = ['x@example.org', 'Bo@example.org']
      expect(await listSuppressedHashes(tx, all)).toEqual(new Set(['Bo@example.org']))
    })
    const cy = await addInvited(fixture.rows, 'cy')
    await click(await makeUnsubscribeUrl(cy.invitationId))
    expect(await statesOf(cy.personId)).toEqual(['sent', 'suppressed'])
  })

  test('counts for the entry that somebody was merged into, whatever its address', async () => {
    const other = await addInvited(fixture.rows, 'other')
    await fixture.rows('update person set merged_into_id = $1 where id = $2', [other.personId, bo.personId])
    await click(link.href)
    expect(await statesOf(other.personId)).toEqual(['sent', 'suppressed'])
    await inTransaction(async (tx) => expect(await isSuppressed(tx, 'new@example.org', other.personId)).toBe(true))
  })

  test('leaves what somebody asked for themselves, and what is for others', async () => {
    await bo.add('waiting', 'link')
    const cy = await addInvited(fixture.rows, 'cy')
    await click(link.href)
    expect(await statesOf(bo.personId)).toEqual(['sent', 'suppressed', 'waiting'])
    expect(await statesOf(cy.personId)).toEqual(['sent', 'waiting'])
  })
})

describe('the page to stop mail', () => {
  const choose = async (choice: string, from: URL = link) => {
    const fields = { ...Object.fromEntries(from.searchParams), choice }
    const visitor = new Visitor()
    return visitor.follow(await visitor.post(at('/unsubscribe/choice'), Object.entries(fields)))
  }

  test('stops the mail, says so, and still offers not to be asked again', async () => {
    const { body } = await choose('mail')
    expect(body).toContain('You get no more mail about this.')
    expect(body).not.toContain('>Do not write to me any more about this<')
    expect(body).toContain('Do not ask me again')
    expect(await statesOf(bo.personId)).toEqual(['sent', 'suppressed'])
  })

  test('ends all asking in the same transaction, and does so once', async () => {
    for (const _ of [1, 2]) expect((await choose('asking')).body).toContain('We do not ask you again.')
    expect(await fixture.rows('select reason::text, until from do_not_ask')).toEqual([{ reason: 'asked', until: null }])
    expect(await fixture.rows('select ended::text from invitation')).toEqual([{ ended: 'declined' }])
    expect(await statesOf(bo.personId)).toEqual(['sent', 'suppressed'])
    expect(await actions()).toEqual(['mail.suppressed'])
    // Unsubscribing afterwards changes nothing more.
    const before = await everything()
    await click(link.href)
    expect(await everything()).toEqual(before)
  })

  test('makes a refusal of twelve months one for good', async () => {
    await fixture.rows(
      `insert into do_not_ask (person_id, reason, until) values ($1, 'refused', now() + interval '1 year')`,
      [bo.personId],
    )
    await choose('asking')
    expect(await fixture.rows('select reason::text, until from do_not_ask')).toEqual([{ reason: 'asked', until: null }])
  })

  test('says the same of every link that is not ours, and changes nothing', async () => {
    const cy = await addInvited(fixture.rows, 'cy')
    const before = await everything()
    const forged = [
      { m: cy.sent.id, s: link.searchParams.get('s') ?? '' },
      { m: bo.sent.id, s: 'A'.repeat(43) },
      { m: bo.sent.id, s: '' },
      { m: '00000000-0000-4000-8000-000000000000', s: 'x' },
    ]
    const pages = new Set<string>()
    const nonce = / nonce="[^"]*"|\b[mMsS]=[\w%-]*|[\da-f-]{36}|[\w-]{20,}/g
    for (const fields of forged) {
      const other = new URL(`/unsubscribe/mail?${new URLSearchParams(fields)}`, link)
      const { body, status } = await new Visitor().get(at(`/unsubscribe${other.search}`))
      expect(status).toBe(200)
      const main = body.slice(body.indexOf('<main'), body.indexOf('</main>'))
      pages.add(main.replace(nonce, ''))
      expect((await click(other.href)).status).toBe(200)
      expect((await choose('asking', other)).body).toContain('This link does not work')
      await unsubscribe(fields, 'TEST-0001')
      await stopAsking(fields, 'TEST-0001')
    }
    expect([...pages]).toHaveLength(1)
    expect([...pages][0]).toContain('Nothing was changed.')
    expect(await everything()).toEqual(before)
  })

  test('says of a test mail that there is nothing to stop, and stops nothing', async () => {
    const [member] = await fixture.rows('select id::text from staff_member limit 1')
    const mail = await addMail(fixture.rows, { state: 'sent', kind: 'test', staffId: member?.id })
    const test = new URL(await makeUnsubscribeUrl(mail.id))
    expect((await new Visitor().get(at(`/unsubscribe${test.search}`))).body).toContain('from a test mail')
    await click(test.href)
    expect(await reasons()).toEqual([])
  })
})

test('the page about people who never connected says why one gets mail, what is kept of it, and how to stop it', async () => {
  const { body } = await new Visitor().get(at('/privacy/roster'))
  for (const words of ['at most one mail a week', 'whether it came back', 'does it at once', 'hash of your address'])
    expect(body).toContain(words)
  expect((await new Visitor().get(at('/unsubscribe'))).body).toContain('href="/privacy/roster"')
})

describe('a POST without an origin', () => {
  test('is taken at the link of a mail alone, and only as the one click that it is', async () => {
    const before = await everything()
    for (const body of ['', 'List-Unsubscribe=no', 'choice=asking'])
      expect((await click(link.href, body)).status, body).toBe(400)
    for (const path of ['/unsubscribe/choice', '/unsubscribe', '/unsubscribe/mail/more', '/sign-out', '/staff'])
      expect((await click(at(`${path}${link.search}`))).status, path).toBe(403)
    // A browser says who sends it.
    const browsers: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
    ]
    for (const headers of browsers) expect((await click(link.href, undefined, headers)).status).toBe(403)
    expect(await everything()).toEqual(before)
  })

  test('is limited by the address that it comes from', async () => {
    const from = { 'x-forwarded-for': '203.0.113.7' }
    const answers: number[] = []
    for (let n = 0; n < 41; n++) answers.push((await click(link.href, undefined, from)).status)
    expect([answers[0], answers[39], answers[40]]).toEqual([200, 200, 429])
    expect((await click(link.href, undefined, { 'x-forwarded-for': '203.0.113.8' })).status).toBe(200)
  })
})

describe('the list of addresses that get no mail', () => {
  const staffPath = '/staff/campaigns/suppressions'
  let staff: Visitor
  beforeEach(async () => {
    staff = (await connect(fixture.stack, { orcid: grace, purpose: 'sign-in' })).visitor
  })
  const send = async (step: string, fields: Record<string, string>) =>
    staff.follow(await staff.post(at(`${staffPath}/${step}`), Object.entries(fields)))
  const mainOf = ({ body }: { body: string }) => body.slice(body.indexOf('<main'), body.indexOf('</main>'))

  test('takes an address by hand, finds it, and gives it free, each with its event', async () => {
    expect((await send('address', { address: 'bo@example.org', do: 'find' })).body).toContain('is not on the list')
    expect((await send('address', { address: 'not an address', do: 'add' })).body).toContain('not an e-mail address')
    const added = await send('address', { address: ' Bo@Example.org', do: 'add' })
    expect(mainOf(added)).toContain('Mail that was waiting for it is not sent')
    expect(mainOf(added)).toContain('Wexford-bo')
    expect(await statesOf(bo.personId)).toEqual(['sent', 'suppressed'])
    expect(added.url).not.toContain('example.org')
    expect((await send('address', { address: 'bo@example.org', do: 'add' })).body).toContain('This address is on')
    const [{ id } = { id: '' }] = await fixture.rows('select id::text from mail_suppression')
    for (const words of ['It can get mail again', 'off the list already'])
      expect((await send('removal', { entry: id, sure: 'yes' })).body).toContain(words)
    expect(await reasons()).toEqual([])
    expect(await actions()).toEqual(['mail.suppressed', 'mail.unsuppressed'])
  })

  test('is shown in pages, newest first, and names nobody confidential or erased', async () => {
    await fixture.rows(
      `insert into mail_suppression (address_hash, reason, at)
       select 'hash-' || n, 'bounced', now() - n * interval '1 minute' from generate_series(1, 120) n`,
    )
    await click(link.href)
    const seen: number[] = []
    let next: string | null = staffPath
    for (let pages = 0; next && pages < 5; pages++) {
      const body: string = mainOf(await staff.get(at(next)))
      seen.push(body.match(/data-place="reason"/g)?.length ?? 0)
      if (pages === 0) expect(body).toContain('Wexford-bo')
      next = /href="([^"]+)" rel="next"/.exec(body)?.[1]?.replaceAll('&amp;', '&') ?? null
    }
    expect(seen).toEqual([50, 50, 21])
    await fixture.rows('update person set confidential = true where id = $1', [bo.personId])
    expect(mainOf(await staff.get(at(staffPath)))).not.toContain('Wexford-bo')
    await fixture.rows('delete from person where id = $1', [bo.personId])
    expect(await fixture.rows('select 1 from mail_suppression where person_id is not null')).toEqual([])
    expect(await fixture.rows('select 1 from mail_suppression')).toHaveLength(121)
  })

  test('lets what the person says count for more than a bounce, and never the other way round', async () => {
    const put = (reason: 'bounced' | 'unsubscribed' | 'staff') =>
      inTransaction((tx) => suppress(tx, { address: 'bo@example.org', reason, personId: bo.personId }))
    expect(await put('bounced')).toBe(true)
    expect(await put('staff')).toBe(false)
    await click(link.href)
    expect(await reasons()).toEqual(['unsubscribed'])
    expect(await put('bounced')).toBe(false)
    expect(await reasons()).toEqual(['unsubscribed'])
  })
})
