import { beforeEach, describe, expect, test } from 'vitest'
import { allowAsking, doNotAsk } from '@/lib/campaigns/do-not-ask'
import { readLink } from '@/lib/campaigns/links'
import { prepareMail } from '@/lib/campaigns/prepare'
import { db, inTransaction } from '@/lib/db'
import { prepareInstallation } from '@/lib/installation/commands'
import type { OutgoingMail } from '@/lib/mail/mail'
import { hashAddress } from '@/lib/mail/suppression'
import { addCampaign, addLink } from '@/tests/support/invitations'
import { addToRoster, peoplePerFile } from '@/tests/support/people'

const fixture = peoplePerFile(() => ({
  SMTP_URL: 'smtp://localhost:1',
  MAIL_FROM: 'Library <library@example.org>',
  MAIL_DOMAINS: 'example.org',
}))
const { rows } = fixture

beforeEach(() => prepareInstallation())

async function addInvited({ campaignId = null as string | null, email = 'anna@lib.example.org' } = {}) {
  const personId = await addToRoster('0007', { email })
  const { id: invitationId } = await db().invitation.create({ data: { personId, campaignId }, select: { id: true } })
  return { personId, invitationId }
}

async function addMail(
  { personId, invitationId }: { personId: string; invitationId: string },
  more: { kind?: OutgoingMail['kind']; state?: 'waiting' | 'sent'; sentAt?: Date } = {},
): Promise<OutgoingMail> {
  const data = { kind: 'invitation', template: 'invitation', locale: 'en', personId, invitationId, ...more } as const
  return db().mail.create({ data: { ...data, messageId: `<${Math.random()}@example.org>` } })
}

const prepare = (mail: OutgoingMail) => inTransaction((tx) => prepareMail(tx, mail))

async function prepareFor(options: Parameters<typeof addInvited>[0] = {}, kind: OutgoingMail['kind'] = 'invitation') {
  const invited = await addInvited(options)
  return { ...invited, mail: await addMail(invited, { kind }) }
}

describe('a mail that is made ready', () => {
  test('goes to the roster’s address with a link that works, of which only the hash is kept', async () => {
    const { mail, personId } = await prepareFor({ email: 'Anna@Lib.example.org' })
    const ready = await prepare(mail)
    if (!('to' in ready)) throw new Error(JSON.stringify(ready))
    expect(ready.to).toEqual({ name: 'Anna Müller', address: 'Anna@Lib.example.org' })
    const token = /\/i\/(\w+)/.exec(ready.text)?.[1] ?? ''
    expect(token).toMatch(/^[a-z2-7]{52}$/)
    expect(await readLink(token)).toMatchObject({ kind: 'usable', link: { personId } })
    const [link] = await rows('select * from invitation_link')
    expect(JSON.stringify(link)).not.toContain(token)
    expect(link).toMatchObject({ email: 'anna@lib.example.org' })
    expect(Math.round((link.expires_at - link.made_at) / 86_400_000)).toBe(30)
    expect(ready.unsubscribeUrl).toContain('/unsubscribe')
  })

  test('says why in the campaign’s words, in the mail’s language', async () => {
    const campaignId = await addCampaign(fixture)
    const { mail } = await prepareFor({ campaignId })
    const ready = await prepare({ ...mail, locale: 'es' })
    expect(ready).toMatchObject({ text: expect.stringContaining('La memoria anual necesita sus publicaciones.') })
    expect(ready).toMatchObject({ text: expect.stringContaining('Leer lo que') })
  })

  test.each([
    ['somebody who left', `update person set state = 'left'`, 'gone'],
    ['somebody confidential', 'update person set confidential = true', 'gone'],
    ['somebody without an address', 'update person set email = null', 'no_address'],
    ['an address elsewhere', `update person set email = 'anna@example.com'`, 'domain'],
    ['an address that only ends like ours', `update person set email = 'anna@notexample.org'`, 'domain'],
    ['a closed campaign', `update campaign set state = 'closed'`, 'ended'],
    ['a campaign that is over', `update campaign set ends_on = current_date - 2`, 'ended'],
    ['an invitation that ended', `update invitation set ended = 'allowed', ended_at = now()`, 'ended'],
  ])('is left out for %s', async (_whom, change, reason) => {
    const { mail } = await prepareFor({ campaignId: await addCampaign(fixture) })
    await rows(change)
    const ready = await prepare(mail)
    expect(['ended', reason]).toContain('suppressed' in ready ? ready.suppressed : ready)
    expect(await rows('select * from invitation_link')).toEqual([])
  })

  test.each(['link', 'correction'] as const)('of the kind %s, too, is left out for somebody who left', async (kind) => {
    const { mail } = await prepareFor({ campaignId: await addCampaign(fixture) }, kind)
    await rows(`update person set state = 'left'`)
    expect(await prepare(mail)).toEqual({ suppressed: 'gone' })
  })

  test('is left out for an address that gets no mail, and so is a correction, but not what the person asked for', async () => {
    const invited = await addInvited()
    const kinds = ['invitation', 'correction', 'link'] as const
    const mails = await Promise.all(kinds.map((kind) => addMail(invited, { kind })))
    await db().mailSuppression.create({
      data: { addressHash: await hashAddress('anna@lib.example.org'), reason: 'bounced' },
    })
    const [invitation, correction, link] = await Promise.all(mails.map(prepare))
    expect([invitation, correction]).toEqual([{ suppressed: 'address' }, { suppressed: 'address' }])
    expect(link).toHaveProperty('to')
  })

  test('is withheld from somebody who declined, with a link that nobody gets, until they take it back', async () => {
    const { mail, personId } = await prepareFor()
    await inTransaction((tx) => doNotAsk(tx, personId, 'asked'))
    expect(await prepare(mail)).toEqual({ withheld: true })
    expect(await rows('select 1 as one from invitation_link')).toHaveLength(1)
    await rows('update invitation set ended = null, ended_at = null')
    expect(await prepare(mail)).toEqual({ withheld: true })
    await inTransaction((tx) => allowAsking(tx, personId))
    expect(await prepare(mail)).toHaveProperty('to')
  })

  test('is withheld from somebody who said so under an entry that was merged into theirs', async () => {
    const { mail, personId } = await prepareFor()
    const data = { origin: 'imported' as const, mergedIntoId: personId }
    const { id } = await db().person.create({ data, select: { id: true } })
    await inTransaction((tx) => doNotAsk(tx, id, 'asked'))
    expect(await prepare(mail)).toEqual({ withheld: true })
    await inTransaction((tx) => allowAsking(tx, personId))
    expect(await prepare(mail)).toHaveProperty('to')
  })

  test('waits while the campaign is paused, and until a week after the last one', async () => {
    const campaignId = await addCampaign(fixture)
    const invited = await addInvited({ campaignId })
    const mail = await addMail(invited)
    await rows(`update campaign set state = 'paused'`)
    expect(await prepare(mail)).toHaveProperty('later')
    await rows(`update campaign set state = 'open'`)
    await addMail(invited, { state: 'sent', sentAt: new Date(Date.now() - 2 * 86_400_000) })
    const ready = await prepare(mail)
    expect('later' in ready && Math.abs(ready.later - 5 * 86_400)).toBeLessThan(60)
    await rows(`update mail set sent_at = now() - interval '8 days' where state = 'sent'`)
    expect(await prepare(mail)).toHaveProperty('to')
  })

  test('that the person asked for goes although nobody may ask them, within the week, and while paused', async () => {
    const campaignId = await addCampaign(fixture)
    const { mail, personId, invitationId } = await prepareFor({ campaignId }, 'link')
    await addMail({ personId, invitationId }, { state: 'sent', sentAt: new Date() })
    await inTransaction((tx) => doNotAsk(tx, personId, 'asked'))
    await rows(`update campaign set state = 'paused'`)
    expect(await prepare(mail)).toHaveProperty('to')
  })

  test('comes again later while somebody holds the invitation, and holds nobody up', async () => {
    const { mail, invitationId } = await prepareFor()
    await inTransaction(async (tx) => {
      await tx.$executeRaw`select 1 from invitation where id = ${invitationId}::uuid for update`
      expect(await prepare(mail)).toHaveProperty('later')
    })
  })
})

describe('“do not ask me again”', () => {
  test('ends all invitations, withholds waiting mails, and outlives a later refusal', async () => {
    const { mail, personId } = await prepareFor({ campaignId: await addCampaign(fixture) })
    await db().invitation.create({ data: { personId } })
    for (const reason of ['refused', 'asked', 'refused'] as const)
      await inTransaction((tx) => doNotAsk(tx, personId, reason))
    expect(await rows('select reason::text, until from do_not_ask')).toEqual([{ reason: 'asked', until: null }])
    expect(await rows('select ended::text from invitation')).toEqual([{ ended: 'declined' }, { ended: 'declined' }])
    expect(await prepare(mail)).toEqual({ withheld: true })
  })

  test('is erased with the person, as are links', async () => {
    const { personId, invitationId } = await prepareFor()
    await addLink(fixture, invitationId, 'anna@example.org')
    await inTransaction((tx) => doNotAsk(tx, personId, 'asked'))
    await db().person.delete({ where: { id: personId } })
    for (const table of ['do_not_ask', 'invitation', 'invitation_link', 'mail'])
      expect(await rows(`select * from ${table}`)).toEqual([])
  })
})
