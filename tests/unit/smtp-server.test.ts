import nodemailer from 'nodemailer'
import { afterEach, expect, test } from 'vitest'
import { makeSelfSigned } from '@/tests/support/self-signed'
import { type SmtpServer, startSmtpServer } from '@/tests/support/smtp-server'

let server: SmtpServer | null = null
afterEach(async () => {
  await server?.stop()
  server = null
})

const mail = (to: string) => ({
  from: 'Library <library@example.org>',
  envelope: { from: 'bounces+1@example.org', to },
  to: `"O’Neil, Zoë" <${to}>`,
  subject: 'Grüße',
  text: '.leading dot\nLink: http://127.0.0.1:3000/i/abc',
  html: '<p>Grüße</p>',
  headers: { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
})

test('the mail server of the tests gives a mail as it was written', async () => {
  server = await startSmtpServer()
  await nodemailer.createTransport(server.url).sendMail(mail('zoe@example.org'))
  expect(server.mails).toHaveLength(1)
  const [received] = server.mails
  expect(received).toMatchObject({ to: 'zoe@example.org', from: 'bounces+1@example.org', subject: 'Grüße' })
  expect(received?.html.trim()).toBe('<p>Grüße</p>')
  expect(received?.text).toContain('.leading dot')
  expect(received?.headers.get('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click')
  server.clear()
  expect(server.mails).toEqual([])
})

test('the mail server of the tests refuses, cuts off and checks passwords as it is told', async () => {
  const tls = makeSelfSigned()
  server = await startSmtpServer({ tls, login: { user: 'library', password: 'p:w/d' }, failWith: '550 5.1.1 Nobody' })
  const options = { url: server.url, tls: { ca: tls.cert } }
  const transport = nodemailer.createTransport(options)
  await expect(transport.sendMail(mail('a@example.org'))).rejects.toMatchObject({ responseCode: 550 })
  server.behave({ failWith: (to) => (to.startsWith('a') ? 451 : null) })
  await expect(transport.sendMail(mail('a@example.org'))).rejects.toMatchObject({ responseCode: 451 })
  await transport.sendMail(mail('b@example.org'))
  server.behave({ dropAfterData: true })
  await expect(transport.sendMail(mail('c@example.org'))).rejects.toThrow()
  expect(server.mails.map(({ to }) => to)).toEqual(['b@example.org', 'c@example.org'])
  const wrong = nodemailer.createTransport({ ...options, url: server.url.replace('library', 'nobody') })
  await expect(wrong.verify()).rejects.toMatchObject({ responseCode: 535 })
})
