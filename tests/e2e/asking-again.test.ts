import type { Page } from '@playwright/test'
import pg from 'pg'
import { test as base, connectAs, expect, people, signInAs, signInAtOrcid } from '@/tests/support/browser-test'
import { addInvited } from '@/tests/support/invitations'
import { runJob } from '@/tests/support/jobs'
import { expectAccessible } from '@/tests/support/page-check'
import { type ReceivedMail, type SmtpServer, startSmtpServer } from '@/tests/support/smtp-server'

const port = 2_700 + (process.pid % 20_000)

const test = base.extend<{
  smtp: SmtpServer
  rows: (sql: string, values?: unknown[]) => Promise<pg.QueryResult['rows']>
}>({
  smtp: async ({ stack }, use) => {
    expect(stack.portal.url).toContain('http')
    const server = await startSmtpServer({ port })
    await use(server)
    await server.stop()
  },
  rows: async ({ stack }, use) => {
    const client = new pg.Client({ connectionString: stack.database.url })
    await client.connect()
    await use(async (sql, values = []) => (await client.query(sql, values)).rows)
    await client.end()
  },
})

test.use({
  settings: {
    SMTP_URL: `smtp://127.0.0.1:${port}`,
    MAIL_FROM: 'Library <orcid@example.org>',
    MAIL_DOMAINS: 'example.org',
    MAIL_ALLOWED: '@example.org',
    INSTITUTION_EMAIL_DOMAINS: 'example.org',
    PRIVACY_URL: 'https://example.org/privacy',
    INSTITUTION_LANGUAGES: 'en',
  },
})

const { josiah } = people

async function nextMail({ mails }: SmtpServer): Promise<ReceivedMail> {
  await expect.poll(() => mails.length, { timeout: 60_000 }).toBe(1)
  return mails[0] as ReceivedMail
}

const linkIn = ({ text }: ReceivedMail) => /http\S+\/i\/[a-z2-7]+/.exec(text)?.[0] ?? 'no link'

async function allowAtOrcid(page: Page): Promise<void> {
  const authorize = page.getByRole('button', { name: 'Authorize access' })
  const signIn = page.locator(`button[name="orcid"][value="${josiah.orcid}"]`)
  await expect(authorize.or(signIn).first()).toBeVisible()
  if (await signIn.isVisible()) await signInAtOrcid(page, josiah)
  await authorize.click()
}

test('somebody who allowed less is asked for what an entry needs, allows it by the mail, and the entry is on their record', async ({
  browser,
  page,
  stack,
  smtp,
  rows,
}) => {
  test.setTimeout(240_000)
  const { url } = stack.portal
  await connectAs(page, stack, people.admin)
  const { token } = await addInvited({ rows })

  // They allow reading alone.
  const theirs = await (await browser.newContext({ locale: 'en-GB' })).newPage()
  await theirs.goto(`${url}/i/${token}`)
  await theirs.getByText('Choose what to allow').click()
  await theirs.locator('input[type=checkbox][value="/activities/update"]').uncheck()
  await theirs.getByRole('button', { name: 'Create or Connect your ORCID iD' }).click()
  await allowAtOrcid(theirs)
  await expect(theirs.getByRole('heading', { level: 1 })).toHaveText('Connected')

  // Staff enter a position for them, which waits.
  await page.goto(`${url}/staff/researchers/${josiah.orcid}/affiliation`)
  await page.getByLabel('Title').fill('Lecturer')
  await page.getByRole('button', { name: 'Check before writing' }).click()
  await page.getByRole('button', { name: 'Write this affiliation' }).click()
  await expect
    .poll(async () => (await rows('select state::text from affiliation'))[0]?.state, { timeout: 60_000 })
    .toBe('no_permission')
  await theirs.goto(`${url}/me`)
  await expect(theirs.getByText('One entry waits for your permission to write it.')).toBeVisible()

  // One click asks for it.
  await page.goto(`${url}/staff/researchers/${josiah.orcid}?tab=affiliations`)
  await page.getByRole('link', { name: 'Lecturer' }).click()
  await page.getByRole('button', { name: 'Ask for what is missing' }).click()
  await expect(page.getByText('The mail is in the outbox')).toBeVisible()
  await expectAccessible(page)
  await runJob(stack, 'send-mail')
  const mail = await nextMail(smtp)
  expect(mail.text).toContain('Lecturer')
  expect(mail.text).toContain('Add and update activities')
  expect(mail.text).not.toContain('Read what is set to')

  // Their answer.
  await theirs.goto(linkIn(mail))
  await expect(theirs.getByText(/^What is new: Add and update activities/)).toBeVisible()
  await expectAccessible(theirs)
  await theirs.getByRole('button', { name: 'Create or Connect your ORCID iD' }).click()
  await allowAtOrcid(theirs)
  await expect(theirs.getByRole('heading', { level: 1 })).toHaveText('Permissions updated')
  await expectAccessible(theirs)
  await expect(theirs.getByRole('heading', { name: /being written to your ORCID record/ })).toBeVisible()
  await expect
    .poll(
      async () => {
        const { items } = await stack.registry.record(josiah.orcid)
        return items
          .filter(({ source }) => source?.clientId === stack.registry.clientId)
          .map(({ content }) => content['role-title'])
      },
      { timeout: 60_000 },
    )
    .toEqual(['Lecturer'])
  await theirs.goto(`${url}/me`)
  await expect(theirs.getByText(/asked you, and you allowed: /).first()).toBeVisible()
  await expect(theirs.getByText('Read what is set to “Everyone” or “Trusted parties”').first()).toBeVisible()
})

test('a yearly check-up is made with one click, and a person keeps what they allow', { tag: '@release' }, async ({
  page,
  stack,
  smtp,
  rows,
}) => {
  test.setTimeout(240_000)
  const { url } = stack.portal
  const { token } = await addInvited({ rows })
  await page.goto(`${url}/i/${token}`)
  await page.getByRole('button', { name: 'Create or Connect your ORCID iD' }).click()
  await allowAtOrcid(page)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Connected')
  await rows(
    `update researcher set first_connected_at = now() - interval '2 years',
      live_scopes_given_at = array(select now() - interval '2 years' from unnest(live_scopes)) where orcid = $1`,
    [josiah.orcid],
  )
  await page.context().clearCookies()

  await connectAs(page, stack, people.admin)
  await page.goto(`${url}/staff/campaigns/new`)
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Make this draft: A yearly check-up' }).click()
  await expect(page.getByText('Nothing is missing: this campaign can be opened.')).toBeVisible()
  const campaign = page.url().replace(/\?.*/, '')
  await page.getByRole('link', { name: 'Edit' }).click()
  await page.getByLabel('Name').fill('Your yearly look')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('link', { name: 'Go on to the opening' }).click()
  await expect(page.getByText('One person would get this mail.')).toBeVisible()
  await page.getByLabel('Your address').fill('grace@example.org')
  await page.getByRole('button', { name: 'Send a test mail' }).click()
  expect((await nextMail(smtp)).text).toContain('What we wrote to your record')
  smtp.clear()
  await expect(async () => {
    await page.reload()
    await expect(page.getByText('You have had a test mail')).toBeVisible({ timeout: 1_000 })
  }).toPass({ timeout: 60_000 })
  await page.getByLabel('How many people get it').fill('1')
  await page.getByRole('button', { name: 'Open the campaign' }).click()
  await runJob(stack, 'campaign-steps')
  await rows(`update mailing set starts_at = now() - interval '1 minute'`)
  await runJob(stack, 'send-mail')
  const mail = await nextMail(smtp)
  expect(mail.subject).toContain('what you allow, once a year')

  await page.context().clearCookies()
  await page.goto(linkIn(mail))
  await expect(page.getByRole('heading', { name: 'What you allow' })).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Keep it as it is' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('It stays as it is')
  await page.context().clearCookies()
  await signInAs(page, stack, people.admin)
  await page.goto(campaign)
  await expect(page.getByText('1 of 1 people have answered')).toBeVisible()
})
