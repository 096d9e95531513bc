import type { Page } from '@playwright/test'
import pg from 'pg'
import { connectAs, expect, people, test } from '@/tests/support/browser-test'
import { expectAccessibleAt, expectToFit, expectTranslated } from '@/tests/support/page-check'
import { pseudoLocale } from '@/tests/support/pseudo'

test.use({
  settings: {
    WORKER: 'none',
    INSTITUTION_EMAIL_DOMAINS: 'example.org',
    SMTP_URL: 'smtp://mailer:b6c7a1d4-not-asked@127.0.0.1:9',
    MAIL_FROM: 'Library <orcid@example.org>',
    MAIL_ALLOWED: 'p1@example.org,p2@example.org,grace@example.org',
  },
})

async function withRows(
  url: string,
  work: (rows: (sql: string, values?: unknown[]) => Promise<unknown>) => Promise<void>,
) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await work((sql, values = []) => client.query(sql, values))
  } finally {
    await client.end()
  }
}

const open = async (page: Page, url: string, locale: string) => {
  await page.context().addCookies([{ name: 'concord.locale', value: locale, url: new URL(url).origin }])
  await page.goto(url)
}

/** In English at 360 px, then a third longer on a wide screen. */
async function expectGood(page: Page, url: string) {
  await open(page, url, 'en')
  await expectAccessibleAt(page, 360, 'dark', true)
  await open(page, url, pseudoLocale)
  await expectTranslated(page)
  await page.setViewportSize({ width: 360, height: 900 })
  await expectToFit(page)
  await expectAccessibleAt(page, 1280, 'light')
  await open(page, url, 'en')
}

test('an administrator writes a campaign, sees what is missing, and opens it, without script', async ({
  browser,
  page,
  stack,
}) => {
  test.setTimeout(300_000)
  await withRows(stack.database.url, async (rows) => {
    await rows(`insert into person (local_id, given_name, family_name, email, kind, origin)
      select 'p' || n, 'Person', 'Number' || n, 'p' || n || '@example.org', 'staff', 'imported' from generate_series(1, 2) n`)
  })
  await connectAs(page, stack, people.admin)
  const { url } = stack.portal
  const context = await browser.newContext({
    javaScriptEnabled: false,
    storageState: await page.context().storageState(),
  })
  const plain = await context.newPage()
  await plain.goto(`${url}/staff/campaigns`)
  await plain.getByRole('link', { name: 'New campaign' }).first().click()
  await plain.getByLabel('Name').fill('Autumn')
  await plain.getByLabel('Why we ask, for staff').fill('More of our people.')
  await plain.getByRole('button', { name: 'Make a draft' }).click()
  await plain.getByLabel('These people, and anybody with the link').check()
  await plain.getByLabel('Filters of the list of people').fill('kind=staff')
  for (const language of ['English', 'Spanish']) {
    await plain.getByLabel(`Why we ask (${language})`).fill('You need not type your publications again.')
    await plain
      .getByLabel(`Why (${language}): Read what is set to “Everyone” or “Trusted parties”`)
      .fill('Fills your staff page.')
  }
  await plain.locator('#scope-read-limited').check()
  await plain.getByRole('button', { name: 'Save' }).click()
  await expect(plain.getByText('2 things are missing before this campaign can be opened.')).toBeVisible()
  const campaign = plain.url().replace(/\?.*/, '')
  await expectGood(page, campaign)
  await expectGood(page, `${campaign}/edit`)

  await plain.getByRole('link', { name: 'Fix: Choose a last day' }).click()
  await plain.getByLabel('Last day').fill('2999-12-31')
  await plain.getByRole('button', { name: 'Save' }).click()
  await plain.getByLabel('How, when, and with which words or link').fill('By letter, 3 May.')
  await plain.getByRole('button', { name: 'Record it' }).click()
  await plain.getByRole('link', { name: 'Go on to the opening' }).click()
  await expect(plain.getByText('2 people would get this mail.')).toBeVisible()
  await expectGood(page, `${campaign}/open`)
  await plain.getByLabel('Your address').fill('grace@example.org')
  await plain.getByRole('button', { name: 'Send a test mail' }).click()
  await withRows(stack.database.url, async (rows) => {
    await rows(`update mail set state = 'sent', sent_at = now() where kind = 'test'`)
  })
  await plain.getByLabel('How many people get it').fill('2')
  await plain.getByRole('button', { name: 'Open the campaign' }).click()
  await expect(plain.getByText('The campaign is open.', { exact: true })).toBeVisible()
  await withRows(stack.database.url, async (rows) => {
    await rows(
      `insert into invitation (campaign_id, person_id) select c.id, p.id from campaign c, person p where p.email is not null`,
    )
    await rows(`update campaign set invited_at = now()`)
  })
  await expectGood(page, campaign)
  await expectGood(page, `${campaign}/people`)
  await expectGood(page, `${url}/staff/campaigns`)
  await expectGood(page, `${url}/staff/campaigns/new`)
  await plain.getByRole('button', { name: 'Stop' }).click()
  await expect(plain.getByText('Stopped', { exact: true })).toBeVisible()
  await context.close()
})
