import pg from 'pg'
import { expect, people, signInAs, signInAtOrcid, test } from '@/tests/support/browser-test'
import { addCampaign, addInvited } from '@/tests/support/invitations'
import { expectAccessible } from '@/tests/support/page-check'
import type { Stack } from '@/tests/support/portal'

test.use({
  settings: {
    SMTP_URL: 'smtp://localhost:1',
    MAIL_FROM: 'Library <library@example.org>',
    MAIL_DOMAINS: 'example.org',
  },
})

async function withRows<T>(
  { database }: Stack,
  work: (fixture: { rows(sql: string, values?: unknown[]): Promise<Record<string, string>[]> }) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  try {
    return await work({ rows: async (sql, values = []) => (await client.query(sql, values)).rows })
  } finally {
    await client.end()
  }
}

test('a personal link leads to ORCID and back, fits a phone, and then nothing is needed', async ({ page, stack }) => {
  const { token, personId } = await withRows(stack, (fixture) => addInvited(fixture))
  await withRows(stack, ({ rows }) =>
    rows(
      `insert into affiliation (person_id, kind, external_id, title, department, start_on, origin, state)
       values ($1, 'employment', 'hr-1', 'Professor of Psychoceramics', 'Physics', '2021-03', 'imported', 'waiting_for_person')`,
      [personId],
    ),
  )
  await page.setViewportSize({ width: 360, height: 740 })
  await page.goto(`${stack.portal.url}/i/${token.toUpperCase()}.`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Dear Josiah Carberry')
  await expect(page.getByText('Professor of Psychoceramics')).toBeVisible()
  await expectAccessible(page)
  await page.getByText('Choose what to allow').click()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Create or Connect your ORCID iD' }).click()
  await signInAtOrcid(page, people.josiah)
  await page.getByRole('button', { name: 'Authorize access' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Connected')
  await page.goto(`${stack.portal.url}/i/${token}`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Nothing is needed')
  await expectAccessible(page)
})

test('without script a link that is over, unknown or not one’s own is answered, each with a way on', async ({
  browser,
  stack,
}) => {
  const context = await browser.newContext({ javaScriptEnabled: false, locale: 'en-GB' })
  const page = await context.newPage()
  const { token, linkId } = await withRows(stack, (fixture) => addInvited(fixture))
  await page.goto(`${stack.portal.url}/i/${token}`)
  await page.getByRole('button', { name: 'Do not ask me again' }).click()
  await expect(page.getByText('We will not ask you again.')).toBeVisible()
  await page.getByRole('button', { name: 'You may ask me again' }).click()
  await expect(page.getByRole('button', { name: 'Do not ask me again' })).toBeVisible()
  await page.getByRole('button', { name: 'This is not me' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Thank you for telling us')
  await withRows(stack, ({ rows }) =>
    rows(`update invitation_link set expires_at = now() - interval '1 day' where id = $1`, [linkId]),
  )
  await page.goto(`${stack.portal.url}/i/${token}`)
  await page.getByRole('button', { name: 'Send me a new one' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Look into your mailbox')
  await page.goto(`${stack.portal.url}/i/unknown`)
  await page.getByRole('textbox', { name: /E-mail address/ }).fill('nobody@example.org')
  await page.getByRole('button', { name: 'Send me a link' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Look into your mailbox')
  await context.close()
})

test('at a desk nobody stays signed in, and the page says to sign out at ORCID too', async ({ page, stack }) => {
  await withRows(stack, (fixture) => addCampaign(fixture))
  await page.goto(`${stack.portal.url}/c/spring`)
  await expectAccessible(page)
  await page.getByRole('link', { name: 'This computer is used by many (at a desk)' }).click()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Create or Connect your ORCID iD' }).click()
  await signInAtOrcid(page, people.ada)
  await page.getByRole('button', { name: 'Authorize access' }).click()
  await expect(page).toHaveURL(/\/connect\/at-desk$/)
  await expect(page.getByText(people.ada.orcid).first()).toBeVisible()
  await expectAccessible(page)
  await expect(page.getByRole('link', { name: 'Sign in' })).toBeVisible()
  await page.getByRole('link', { name: 'Sign out at ORCID' }).click()
  await expect(page).toHaveURL(new RegExp(`^${stack.registry.url}`))
})

test('staff see the mail before they invite somebody, and take a public link with them', async ({ page, stack }) => {
  const { personId } = await withRows(stack, (fixture) => addInvited(fixture))
  await signInAs(page, stack, people.admin)
  const campaignId = await withRows(stack, (fixture) => addCampaign(fixture))
  await page.goto(`${stack.portal.url}/staff/people/${personId}`)
  await page.getByRole('link', { name: 'Invite' }).first().click()
  await expect(page.getByText('It goes to josiah@example.org.')).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Send the invitation' }).click()
  await expect(page.getByText('The invitation is in the outbox')).toBeVisible()
  await page.getByRole('button', { name: 'Revoke' }).click()
  await expect(page.getByText('The links no longer work.')).toBeVisible()
  await expectAccessible(page)
  await page.goto(`${stack.portal.url}/staff/campaigns/${campaignId}/link`)
  await expectAccessible(page)
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download as PNG' }).click(),
  ])
  expect(file.suggestedFilename()).toBe('orcid-spring.png')
})
