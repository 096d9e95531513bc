import nodemailer from 'nodemailer'
import { type Mailbox, startMailbox } from '@/scripts/mailbox'
import { expect, test } from '@/tests/support/browser-test'
import { expectAccessible, expectAccessibleAt } from '@/tests/support/page-check'

let mailbox: Mailbox
test.afterEach(() => mailbox.stop())

test('a link of a mail in the mailbox of the demo leads to the portal, in a page of its own', {
  tag: '@release',
}, async ({ page, stack }) => {
  const { url } = stack.portal
  mailbox = await startMailbox({ port: 0, smtpPort: 0, portal: url })
  await page.goto(mailbox.url)
  await expect(page.getByText('No mail yet.')).toBeVisible()
  const mail = {
    from: 'University Library <orcid@example.org>',
    to: 'ada.example@example.org',
    subject: 'Connect your ORCID iD to the University of Example',
    text: `Connect: ${url}/connect`,
    html: `<!doctype html><html lang="en"><title>x</title><main><h1>Hello</h1><a href="${url}/connect">Connect</a></main></html>`,
  }
  await nodemailer.createTransport(mailbox.smtpUrl).sendMail(mail)
  // The page looks again by itself while there is none.
  await expect(page.getByRole('link', { name: mail.subject })).toBeVisible({ timeout: 15_000 })
  await expectAccessible(page)
  await expectAccessibleAt(page, 320, 'dark', true)
  await page.getByRole('link', { name: mail.subject }).click()
  await expectAccessibleAt(page, 1280, 'light')
  await expectAccessibleAt(page, 320, 'dark', true)
  for (const inFrame of [true, false]) {
    if (!inFrame) await page.getByRole('link', { name: 'Plain text' }).click()
    const link = inFrame
      ? page.frameLocator('iframe').getByRole('link', { name: 'Connect' })
      : page.getByRole('link', { name: `${url}/connect` })
    const opened = page.context().waitForEvent('page')
    await link.click()
    const other = await opened
    await expect(other).toHaveURL(`${url}/connect`)
    await expect(other.getByRole('heading', { level: 1 })).toBeVisible()
    await other.close()
  }
})
