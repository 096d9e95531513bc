import nodemailer from 'nodemailer'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Mailbox, startMailbox } from '@/scripts/mailbox'

let mailbox: Mailbox
let transport: ReturnType<typeof nodemailer.createTransport>

beforeAll(async () => {
  mailbox = await startMailbox({ port: 0, smtpPort: 0, portal: 'http://localhost:3000' })
  transport = nodemailer.createTransport({ url: mailbox.smtpUrl, pool: true, maxMessages: 1_000 })
})
afterAll(async () => {
  transport.close()
  await mailbox.stop()
})

const send = (more: object = {}) =>
  transport.sendMail({ from: 'Library <library@example.org>', to: 'bo@example.org', subject: 'An invitation', ...more })
const read = async (path: string) => {
  const answer = await fetch(`${mailbox.url}${path}`)
  return { status: answer.status, body: await answer.text(), policy: answer.headers.get('content-security-policy') }
}
const newest = async () => /href="\/mails\/(\d+)"/.exec((await read('/')).body)?.[1] ?? ''

beforeEach(() => send({ subject: 'The one before' }))

test('the mailbox lists the newest mail first, and shows it as HTML, plain text, headers and source', async () => {
  const text = 'Follow http://localhost:3000/i/abc. Thank you'
  await send({ text, html: `<p><a href="http://localhost:3000/i/abc">Connect</a></p>`, headers: { 'X-Test': 'yes' } })
  const list = (await read('/')).body
  expect(list.indexOf('An invitation')).toBeLessThan(list.indexOf('The one before'))
  const number = await newest()
  expect((await read(`/mails/${number}`)).body).toContain(`<iframe src="/mails/${number}/body"`)
  expect((await read(`/mails/${number}/body`)).body).toContain(
    '<base target="_blank"><p><a href="http://localhost:3000',
  )
  expect((await read(`/mails/${number}?view=text`)).body).toContain(
    '<a href="http://localhost:3000/i/abc" target="_blank" rel="noreferrer">http://localhost:3000/i/abc</a>. Thank',
  )
  expect((await read(`/mails/${number}?view=headers`)).body).toContain('x-test: yes')
  expect((await read(`/mails/${number}/source`)).body).toContain('Subject: An invitation')
  expect((await read('/?q=before')).body).not.toContain('An invitation')
})

test('the mailbox runs nothing of a mail, and loads nothing from elsewhere', async () => {
  const evil = '<script>alert(1)</script><img src="https://tracker.example/1.gif">'
  await send({ subject: evil, text: evil, html: evil })
  const number = await newest()
  for (const path of ['/', `/mails/${number}`, `/mails/${number}?view=text`, `/mails/${number}?view=headers`]) {
    const { body, policy } = await read(path)
    expect(body).not.toContain('<script')
    expect(policy).toContain("default-src 'none'")
  }
  expect((await read(`/mails/${number}`)).body).toMatch(/<iframe [^>]*sandbox="allow-popups allow-popups-to-escape/)
  const { policy } = await read(`/mails/${number}/body`)
  expect(policy).toMatch(/^default-src 'none'; img-src data: http:\/\/localhost:3000;.* sandbox allow-popups/)
  expect(policy).not.toMatch(/script|allow-same-origin/)
})

test('the mailbox keeps the last 500 mails, in pages', async () => {
  const first = Number(await newest())
  await Promise.all(Array.from({ length: 500 }, (_, n) => send({ subject: `Mail ${n}` })))
  const { body } = await read('/')
  expect(body).toContain('500 mails')
  expect(body).toContain('Page 1 of 10')
  expect(body.match(/<li>/g)).toHaveLength(50)
  expect((await read(`/mails/${first}`)).status).toBe(404)
  expect((await read(`/mails/${first + 1}`)).status).toBe(200)
  expect((await read('/?page=99')).body).toContain('Page 10 of 10')
})
