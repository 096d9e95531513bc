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
    MAIL_ALLOWED: '@example.org',
  },
})

/** Forty people in two departments: every third connected, every sixth allows all, some failed. */
const world = `
  with maker as (select id from staff_member limit 1),
  asked as (
    insert into person (local_id, given_name, family_name, email, kind, origin, department)
    select 'p' || n, 'Person', 'Number' || n, 'p' || n || '@example.org', (array['staff', 'student'])[1 + n % 2]::person_kind,
      'imported', case when n <= 15 then 'Law' when n <= 30 then 'Physics / Optics' end
    from generate_series(1, 40) n returning id, local_id),
  campaign as (
    insert into campaign (name, state, code, purpose, audience, scopes, ends_on, made_by_id, opened_at, invited_at)
    select 'Autumn', 'open', 'autumn', 'More of us', 'kind=staff', '{/read-limited}', '2999-12-31', id, now(), now() from maker
    returning id),
  steps as (
    insert into campaign_step (campaign_id, place, template, after_days, audience)
    select id, 1, 'invitation', 0, 'not_connected'::campaign_audience from campaign
    union all select id, 2, 'reminder', 7, 'not_connected'::campaign_audience from campaign)
  insert into invitation (campaign_id, person_id, step, times, last_mail_at, failed_at)
  select campaign.id, asked.id, 1, 1, now() - interval '9 days',
    case when substr(local_id, 2)::int % 10 = 1 then now() end from campaign, asked returning campaign_id`

const connected = `
  update person set connection = 'connected', live_scopes = case when substr(local_id, 2)::int % 6 = 0
    then array['openid', '/read-limited'] else array['openid', '/person/update'] end
  where local_id ~ '^p' and substr(local_id, 2)::int % 3 = 0`

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

test('every number of a campaign leads to its people, and these are reminded', { tag: '@release' }, async ({
  page,
  stack,
}) => {
  test.setTimeout(300_000)
  await connectAs(page, stack, people.admin)
  const client = new pg.Client({ connectionString: stack.database.url })
  await client.connect()
  const { rows } = await client.query<{ campaign_id: string }>(world)
  await client.query(connected)
  const campaign = `${stack.portal.url}/staff/campaigns/${rows[0]?.campaign_id}`

  const said = async () => {
    const text = await page
      .getByText(/^(\d+ people|One person|Nobody)$/)
      .first()
      .textContent()
    return text === 'Nobody' ? 0 : text === 'One person' ? 1 : Number.parseInt(text ?? '', 10)
  }
  const numbers = async (name: RegExp) =>
    page
      .getByRole('row', { name })
      .getByRole('link')
      .evaluateAll((links) =>
        links.map((link) => ({ words: link.textContent ?? '', href: (link as HTMLAnchorElement).href })),
      )
  await page.goto(campaign)
  await expect(page.getByText('Fewer than 10 people declined at ORCID.')).toBeVisible()
  const sums = []
  for (const figure of [
    'Invited',
    'Came back',
    'Allowed everything',
    'Allowed less',
    'Failed on the way',
    'Not connected',
  ]) {
    const [number] = await numbers(new RegExp(`^${figure} `))
    sums.push(Number(number?.words))
    await page.goto(number?.href ?? '')
    expect([figure, await said()]).toEqual([figure, Number(number?.words)])
    await page.goto(campaign)
  }
  expect(sums[0]).toBe(40)
  expect((sums[2] ?? 0) + (sums[3] ?? 0) + (sums[4] ?? 0) + (sums[5] ?? 0)).toBe(40)

  await page.getByRole('link', { name: 'By department and kind' }).click()
  await expect(page.getByRole('heading', { name: 'Who is missing' })).toBeVisible()
  const units = page.getByRole('table', { name: 'By department, lowest share first' })
  await expect(units.getByRole('row')).toHaveCount(5)
  for (const unit of ['Law', 'Physics ', 'Physics / Optics', 'No department known']) {
    for (const { words, href } of await numbers(new RegExp(`^${unit}`))) {
      await page.goto(href)
      expect([unit, href, await said()]).toEqual([unit, href, Number(words)])
      await page.goto(`${campaign}/missing`)
    }
  }
  await expectGood(page, `${campaign}/missing`)

  await page.goto(`${campaign}/people?department=Law&state=not_connected`)
  await expectGood(page, `${campaign}/people?department=Law&state=not_connected`)
  const shown = await said()
  await page.getByRole('link', { name: 'Remind these' }).click()
  await expect(page.getByRole('heading', { name: 'Remind these people' })).toBeVisible()
  await expect(page.getByText(`${shown} people would get this mail.`)).toBeVisible()
  await expectGood(page, page.url())
  await page.getByLabel('Your address').fill('grace@example.org')
  await page.getByRole('button', { name: 'Send a test mail' }).click()
  await client.query(`update mail set state = 'sent', sent_at = now() where kind = 'test'`)
  await page.getByLabel('How many people get it').fill(String(shown))
  await page.getByRole('button', { name: 'Send it in 30 minutes' }).click()
  await expect(page.getByText('The mailing is confirmed.')).toBeVisible()
  await expect(page.getByText('Reminder to a part of the list')).toBeVisible()
  const prepared = await client.query(
    `select local_id from mailing_recipient r join invitation i on i.id = r.invitation_id join person p on p.id = i.person_id`,
  )
  expect(prepared.rows).toHaveLength(shown)
  await client.end()
})
