import { createServer } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { Env } from '@/lib/config/env'
import { examineMail } from '@/scripts/doctor-mail'
import { examineMailDns } from '@/scripts/doctor-mail-dns'
import { freePort } from '@/scripts/ports'
import { startDnsServer, type Zone } from '@/tests/support/dns-server'
import { startImapServer } from '@/tests/support/imap-server'
import { makeSelfSigned } from '@/tests/support/self-signed'
import { startSmtpServer } from '@/tests/support/smtp-server'

const ends: (() => void | Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

const longKey = `v=DKIM1; k=rsa; p=${'A'.repeat(300)}`
const sound: Zone = {
  'example.edu': { txt: ['v=spf1 include:_spf.mail.example -all', 'unrelated=1'], mx: ['mx.example.edu'] },
  'selector1._domainkey.example.edu': { txt: [longKey] },
  '_dmarc.example.edu': { txt: ['v=DMARC1; p=reject; rua=mailto:dmarc@example.edu'] },
}

async function look(zone: Zone, from = 'orcid@example.edu', bounce: string | null = null) {
  const dns = await startDnsServer(zone)
  ends.push(dns.stop)
  const findings = await examineMailDns(dns.resolver, { from, bounce })
  const row = (what: string) => findings.find((one) => one.what === what)
  return { row, findings, asked: dns.asked }
}
const withoutSpf = (txt: string[]) => ({ ...sound, 'example.edu': { txt } })

describe('the doctor says of the domain that mail is sent from', () => {
  test('that it is sound, and what a test mail still has to show', async () => {
    const { findings, row } = await look(sound, 'orcid@example.edu', 'bounces@example.edu')
    expect(findings.map(({ what, state }) => [what, state])).toEqual([
      ['SPF', 'good'],
      ['DKIM', 'good'],
      ['DMARC', 'good'],
      ['bounces', 'good'],
    ])
    expect(row('SPF')?.finding).toContain('spf=pass')
    expect(row('DKIM')?.finding).toMatch(/keys under selector1; .*dkim=pass/)
    expect(row('bounces')?.finding).toContain('mx.example.edu')
  })

  test.each([
    [[], 'wrong', 'no SPF record'],
    [['v=spf1 -all', 'v=spf1 ~all'], 'wrong', '2 SPF records'],
    [['v=spf1 include:a.example +all'], 'wrong', 'lets every server send'],
    [['v=spf1 all'], 'wrong', 'lets every server send'],
    [['v=spf1 include:a.example ?all'], 'doubt', 'forbids nobody'],
    [['v=spf1 redirect=_spf.a.example'], 'good', 'redirect'],
    [['v=spf10 -all'], 'wrong', 'no SPF record'],
  ] as const)('of SPF %j that it is %s: %s', async (txt, state, words) => {
    const found = (await look(withoutSpf([...txt]))).row('SPF')
    expect([found?.state, found?.finding]).toEqual([state, expect.stringContaining(words)])
  })

  test('that SPF of the address for bounces counts, and does not align where it is another organisation’s', async () => {
    const zone = { ...sound, 'bounce.mailer.example': { txt: ['v=spf1 ip4:192.0.2.1 -all'] } }
    const { row } = await look(zone, 'orcid@example.edu', 'b@bounce.mailer.example')
    expect(row('SPF')).toMatchObject({ state: 'doubt', finding: expect.stringContaining('DKIM has to pass') })
    expect(row('bounces')).toMatchObject({ state: 'wrong', finding: expect.stringContaining('no MX record') })
  })

  test('where it looked for DKIM, and whether there is a key at all', async () => {
    const { 'selector1._domainkey.example.edu': _key, ...bare } = sound
    const none = (await look(bare)).row('DKIM')
    expect(none).toMatchObject({
      state: 'doubt',
      finding: expect.stringMatching(/nothing is below .*looked for default, /),
    })
    const own = (await look({ ...bare, 'orcid2026._domainkey.example.edu': { txt: [longKey] } })).row('DKIM')
    expect(own).toMatchObject({ state: 'doubt', finding: expect.stringContaining('under none of the usual names') })
    const revoked = (await look({ ...bare, 'mail._domainkey.example.edu': { txt: ['v=DKIM1; p='] } })).row('DKIM')
    expect(revoked).toMatchObject({ state: 'wrong', finding: expect.stringContaining('revoked') })
  })

  test.each([
    [undefined, 'wrong', 'no DMARC record'],
    [['v=DMARC1; p=none'], 'doubt', 'quarantine'],
    [['v=DMARC1; p=quarantine; sp=none'], 'good', 'p=quarantine'],
    [['v=DMARC1; rua=mailto:a@example.edu'], 'wrong', 'no policy'],
    [['v=DMARC1; p=none', 'v=DMARC1; p=reject'], 'wrong', 'several records'],
  ])('of DMARC %j that it is %s: %s', async (txt, state, words) => {
    const found = (await look({ ...sound, '_dmarc.example.edu': { txt } })).row('DMARC')
    expect([found?.state, found?.finding]).toEqual([state, expect.stringContaining(words)])
  })

  test('the DMARC of the domain above it, and that one’s word for those below', async () => {
    const zone: Zone = { ...sound, 'library.example.edu': { txt: ['v=spf1 -all'] } }
    expect((await look(zone, 'a@library.example.edu')).row('DMARC')).toMatchObject({ state: 'good' })
    zone['_dmarc.example.edu'] = { txt: ['v=DMARC1; p=reject; sp=none'] }
    expect((await look(zone, 'a@library.example.edu')).row('DMARC')).toMatchObject({ state: 'doubt' })
  })

  test('that DNS gives no answer', async () => {
    const { findings } = await look(sound, 'a@silent.example', 'b@silent.example')
    for (const { state, finding } of findings)
      expect([state, finding]).toEqual(['doubt', expect.stringMatching(/gives no answer|none of the usual/)])
  })
})

describe('the doctor says of the mail server', () => {
  const settings = (url: string, bounce: { address: string; imapUrl: string | null } | null = null) =>
    ({
      orcid: { registry: 'local' },
      mail: { smtp: { url }, from: { name: 'Library', address: 'orcid@example.edu' }, bounce, webhookSecret: null },
    }) as Env
  const examine = async (url: string) => (await examineMail(settings(url)))[0]

  test('that it takes the login, and sends nothing', async () => {
    const server = await startSmtpServer({ login: { user: 'library', password: 'p w/d' } })
    ends.push(server.stop)
    expect(await examine(server.url)).toMatchObject({
      state: 'good',
      finding: expect.stringContaining('not encrypted'),
    })
    expect(server.mails).toEqual([])
    const wrong = await examine(server.url.replace('p%20w', 'geheim'))
    expect(wrong).toMatchObject({
      state: 'wrong',
      finding: expect.stringContaining('refuses the user or the password'),
    })
    expect(wrong?.finding).not.toMatch(/geheim|library/)
  })

  test('that nobody vouches for its certificate', async () => {
    const server = await startSmtpServer({ tls: makeSelfSigned() })
    ends.push(server.stop)
    expect(await examine(server.url)).toMatchObject({
      state: 'wrong',
      finding: expect.stringMatching(/certificate that is not trusted.*NODE_EXTRA_CA_CERTS/),
    })
  })

  test('that it is not there, or is something else', async () => {
    const port = await freePort()
    expect(await examine(`smtp://a:geheim@127.0.0.1:${port}`)).toMatchObject({
      state: 'wrong',
      finding: `127.0.0.1:${port} cannot be reached: ECONNREFUSED`,
    })
    const other = createServer((socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    ends.push(() => void other.close())
    const address = other.address()
    const found = await examine(`smtp://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`)
    expect(found).toMatchObject({ state: 'wrong' })
  })

  test('whether the mailbox for bounces can be read, and that nobody notices bounces without one', async () => {
    const [smtp, imap] = [await startSmtpServer(), await startImapServer()]
    ends.push(smtp.stop, imap.stop)
    const mailbox = async (imapUrl: string | null) => {
      const all = await examineMail(settings(smtp.url, { address: 'bounces@example.edu', imapUrl }))
      return all.find(({ what }) => what === 'mailbox')
    }
    expect(await mailbox(imap.url)).toMatchObject({ state: 'good' })
    expect(await mailbox(imap.url.replace('bounces', 'geheim'))).toMatchObject({ state: 'wrong' })
    expect(await mailbox(null)).toMatchObject({ state: 'doubt', finding: expect.stringContaining('MAIL_BOUNCE_URL') })
    expect(imap.commands.join('\n')).not.toContain('STORE')
  })

  test('that it is not set up', async () => {
    const [found] = await examineMail({ mail: null, orcid: { registry: 'local' } } as Env)
    expect(found).toMatchObject({ what: 'mail', state: 'note' })
  })
})
