import { describe, expect, test } from 'vitest'
import { formatFaults } from '@/lib/config/fault'
import { complete, faultOf, read } from '@/tests/support/configuration'

describe('the mail server and what mail needs', () => {
  const mail = {
    SMTP_URL: 'smtp://concord:geheim@mail.example.org:587',
    MAIL_FROM: 'Library <orcid@example.org>',
    INSTITUTION_EMAIL_DOMAINS: 'example.org',
  }

  test('are none unless they are given, and then have defaults', () => {
    expect(read().env).toMatchObject({ mail: null, invitationDays: 30 })
    expect(read(mail).env?.mail).toEqual({
      smtp: { url: mail.SMTP_URL },
      from: { name: 'Library', address: 'orcid@example.org' },
      replyTo: 'orcid@example.org',
      domains: ['example.org'],
      allowed: [],
      perDay: 2_000,
      bounce: null,
      webhookSecret: null,
    })
  })

  test.each([
    ['"Library, the" <orcid@example.org>', { name: 'Library, the', address: 'orcid@example.org' }],
    ['Bücherei <orcid@example.org>', { name: 'Bücherei', address: 'orcid@example.org' }],
    ['orcid@example.org', { name: null, address: 'orcid@example.org' }],
    ['<orcid@lib.example.org>', { name: null, address: 'orcid@lib.example.org' }],
  ])('take the sender %j', (given, from) => {
    expect(read({ ...mail, MAIL_FROM: given }).env?.mail?.from).toEqual(from)
  })

  test.each([
    ['SMTP_URL', 'mail.example.org', 'does not begin with smtp:// or smtps://'],
    ['SMTP_URL', 'smtp://concord@mail.example.org', 'needs a user and a password'],
    ['SMTP_URL', 'smtp://concord:ge/heim@mail.example.org', 'is not an address'],
    ['SMTP_URL', 'smtp://concord:geheim@mail.example.org/inbox', 'has a path'],
    ['SMTP_URL', 'smtp://concord:100%geheim@mail.example.org', 'has a % that'],
    ['MAIL_FROM', 'Library <orcid@example.org>\r\nBcc: all@example.org', 'has a line break'],
    ['MAIL_FROM', 'Library\nBcc: all <orcid@example.org>', 'has a line break'],
    ['MAIL_FROM', 'orcid@bücherei.example.org', 'has letters outside ASCII'],
    ['MAIL_FROM', 'orcid@example.com', 'is not at a domain of the institution'],
    ['MAIL_FROM', undefined, 'is missing'],
    ['MAIL_REPLY_TO', 'orcid@example.org\nBcc: all@example.org', 'has a line break'],
    ['MAIL_ALLOWED', 'me@example.org you', 'neither an address nor @ and a domain: you'],
    ['MAIL_DOMAINS', 'ex_ample.org', 'not a domain'],
    ['MAIL_PER_DAY', '0', 'is less than 1'],
    ['MAIL_BOUNCE_ADDRESS', `${'b'.repeat(28)}@example.org`, 'more than 27 characters'],
    ['MAIL_BOUNCE_ADDRESS', 'bounces+1@example.org', 'has a + before the @'],
    ['MAIL_BOUNCE_URL', 'imap://concord:geheim@mail.example.org', 'for a loopback address'],
    ['MAIL_WEBHOOK_SECRET', 'geheim', 'is shorter than 32 characters'],
    ['MAIL_WEBHOOK_SECRET', complete.NEXTAUTH_SECRET, 'is the same as NEXTAUTH_SECRET'],
    ['INVITATION_DAYS', '181', 'is more than 180 days'],
  ])('refuse %s=%j', (variable, value, words) => {
    const bounces = { MAIL_BOUNCE_ADDRESS: 'bounces@example.org' }
    const { faults } = read({ ...mail, ...bounces, [variable]: value })
    expect(faults).toMatchObject([{ variable, fault: expect.stringContaining(words), mend: expect.any(String) }])
    expect(formatFaults(faults)).not.toMatch(/geheim|concord:/)
  })

  test('need a domain to send to, and an address where a mailbox for bounces is read', () => {
    expect(faultOf('MAIL_DOMAINS', { ...mail, INSTITUTION_EMAIL_DOMAINS: undefined })).toContain('nobody would get')
    const domains = { INSTITUTION_EMAIL_DOMAINS: undefined, MAIL_DOMAINS: 'mail.example.org example.org' }
    expect(read({ ...mail, ...domains }).env?.mail?.domains).toEqual(['mail.example.org', 'example.org'])
    expect(faultOf('MAIL_BOUNCE_ADDRESS', { MAIL_BOUNCE_URL: 'imaps://a:b@mail.example.org' })).toContain('is missing')
  })
})
