import type { Browser, Page } from '@playwright/test'
import pg from 'pg'
import { test as base, connectAs, expect, people, signInAtOrcid } from '@/tests/support/browser-test'
import { runJob } from '@/tests/support/jobs'
import type { Stack } from '@/tests/support/portal'
import { type ReceivedMail, type SmtpServer, startSmtpServer } from '@/tests/support/smtp-server'

const port = 2_525 + (process.pid % 20_000)

const test = base.extend<{ smtp: SmtpServer }>({
  smtp: async ({ stack }, use) => {
    expect(stack.portal.url).toContain('http')
    const server = await startSmtpServer({ port })
    await use(server)
    await server.stop()
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

const hanako = { orcid: '0000-0099-8145-4211' }

const size = 200
const invited = {
  allowsAll: ['p001', 'Josiah', 'Carberry'],
  allowsLess: ['p002', 'Ada', 'Example'],
  refuses: ['p003', 'Hanako', 'Sato'],
  anotherId: ['p004', 'Hannah', 'Weber'],
  unsubscribes: ['p005', 'Uma', 'Subscribe'],
} as const

const addressOf = (id: string) => `${id}@example.org`
const roster = Array.from({ length: size }, (_, n) => {
  const id = `p${String(n + 1).padStart(3, '0')}`
  const [, given, family] = Object.values(invited).find(([one]) => one === id) ?? [id, 'Given', `Family${n}`]
  return { id, line: `${id},${given},${family},${addressOf(id)},Physics,staff` }
})

async function withRows<T>({ database }: Stack, sql: string, values: unknown[] = []): Promise<T[]> {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  try {
    return (await client.query(sql, values)).rows as T[]
  } finally {
    await client.end()
  }
}

/** As if so many days had gone by for all that was sent. */
async function passDays(stack: Stack, days: number): Promise<void> {
  const later = `- make_interval(days => ${days})`
  await withRows(stack, `update mail set sent_at = sent_at ${later}, sending_at = sending_at ${later}`)
  await withRows(stack, `update mailing set confirmed_at = confirmed_at ${later}, ended_at = ended_at ${later}`)
  await withRows(stack, `update invitation set last_mail_at = last_mail_at ${later}`)
}

/** The half hour in which a mailing can be stopped. */
const passWait = (stack: Stack) =>
  withRows(stack, `update mailing set starts_at = now() - interval '1 minute' where state = 'first'`)

const linkIn = ({ text }: ReceivedMail) => {
  const [link] = /http\S+\/i\/[a-z2-7]+/.exec(text) ?? []
  if (!link) throw new Error(`No personal link in:\n${text}`)
  return link
}

/** Mails of the last mailing that went out, or whose turn came and which were withheld. */
const turnedTo = `select count(*)::int as mails from mail where state in ('sent', 'withheld')
  and mailing_id = (select id from mailing order by confirmed_at desc limit 1)`

/** The mails of a mailing go out: fifty, a look, the others. */
async function sendMailing(page: Page, stack: Stack, smtp: SmtpServer, campaign: string, count: number): Promise<void> {
  await passWait(stack)
  await runJob(stack, 'send-mail')
  await expect.poll(() => withRows(stack, turnedTo), { timeout: 60_000 }).toEqual([{ mails: 50 }])
  await expect(async () => {
    await page.goto(campaign)
    await expect(page.getByRole('button', { name: 'Send the others' })).toBeVisible({ timeout: 1_000 })
  }).toPass({ timeout: 60_000 })
  await page.getByRole('button', { name: 'Send the others' }).click()
  await runJob(stack, 'send-mail')
  await expect.poll(() => smtp.mails.length, { timeout: 120_000 }).toBe(count)
}

/** Somebody opens their link on a computer of their own and goes to ORCID. */
async function follow(browser: Browser, link: string, person: { orcid: string }): Promise<Page> {
  const page = await (await browser.newContext({ locale: 'en-GB' })).newPage()
  await page.goto(link)
  if (person === people.ada) {
    await page.getByText('Choose what to allow').click()
    await page.locator('input[type=checkbox][value="/activities/update"]').uncheck()
  }
  await page.getByRole('button', { name: 'Create or Connect your ORCID iD' }).click()
  await signInAtOrcid(page, person)
  return page
}

const bound = `select p.local_id as "localId", p.orcid, b.proof::text from person p
  join binding b on b.person_id = p.id and b.ended_at is null where p.local_id is not null order by 1`

test('a campaign asks 200 people by mail, takes their answers, and reminds exactly those who are still to be asked', {
  tag: '@release',
}, async ({ browser, page, stack, smtp }) => {
  test.setTimeout(600_000)
  const { url } = stack.portal
  await connectAs(page, stack, people.admin)

  // A roster.
  await page.goto(`${url}/staff/import`)
  const text = `local_id,given_name,family_name,email,department,kind\r\n${roster.map(({ line }) => line).join('\r\n')}\r\n`
  const file = { name: 'roster.csv', mimeType: 'text/csv', buffer: Buffer.from(text) }
  await page.locator('input[type="file"]').setInputFiles(file)
  await page.getByRole('button', { name: 'Upload and preview' }).click()
  await page.getByRole('button', { name: `Save ${size} people` }).click()
  await expect(page.getByText(`${size} people were added, nobody changed.`)).toBeVisible({ timeout: 60_000 })

  // A campaign.
  await page.goto(`${url}/staff/campaigns/new`)
  await page.getByLabel('Name').fill('Autumn')
  await page.getByLabel('Why we ask, for staff').fill('More of our people.')
  await page.getByRole('button', { name: 'Make a draft' }).click()
  await page.getByLabel('These people, and anybody with the link').check()
  await page.getByLabel('Filters of the list of people').fill('kind=staff')
  await page.getByLabel(/^Why we ask(?!, for staff)/).fill('You need not type your publications again.')
  for (const scope of ['read-limited', 'activities-update']) await page.locator(`#scope-${scope}`).check()
  for (const reason of await page.getByLabel(/^Why .*: (Read|Add and update)/).all())
    await reason.fill('Fills your page.')
  await page.getByLabel('Last day').fill('2999-12-31')
  await page.getByRole('button', { name: 'Save' }).click()
  const campaign = page.url().replace(/\?.*/, '')
  await page.getByLabel('How, when, and with which words or link').fill('By letter, 3 May.')
  await page.getByRole('button', { name: 'Record it' }).click()
  await page.getByRole('link', { name: 'Go on to the opening' }).click()
  await expect(page.getByText(`${size} people would get this mail.`)).toBeVisible()
  await page.getByLabel('Your address').fill('grace@example.org')
  await page.getByRole('button', { name: 'Send a test mail' }).click()
  await expect.poll(() => smtp.mails.map(({ to }) => to), { timeout: 60_000 }).toEqual(['grace@example.org'])
  smtp.clear()
  await page.getByLabel('How many people get it').fill(String(size))
  await page.getByRole('button', { name: 'Open the campaign' }).click()
  await expect(page.getByText('The campaign is open.', { exact: true })).toBeVisible()
  await runJob(stack, 'campaign-steps')
  await sendMailing(page, stack, smtp, campaign, size)
  const first = new Map(smtp.mails.map((mail) => [mail.to, mail]))
  expect([...first.keys()].sort()).toEqual(roster.map(({ id }) => addressOf(id)))
  const mailTo = ([id]: readonly string[]) => first.get(addressOf(String(id))) as ReceivedMail

  // Their answers.
  const all = await follow(browser, linkIn(mailTo(invited.allowsAll)), people.josiah)
  await all.getByRole('button', { name: 'Authorize access' }).click()
  await expect(all.getByRole('heading', { level: 1 })).toHaveText('Connected')
  const less = await follow(browser, linkIn(mailTo(invited.allowsLess)), people.ada)
  await less.getByRole('button', { name: 'Authorize access' }).click()
  await expect(less.getByRole('heading', { level: 1 })).toHaveText('Connected')
  const refusing = await follow(browser, linkIn(mailTo(invited.refuses)), hanako)
  await refusing.getByRole('button', { name: 'Deny access' }).click()
  await expect(refusing).toHaveURL(/\/connect\/denied/)
  const another = await follow(browser, linkIn(mailTo(invited.anotherId)), people.josiah)
  await another.waitForURL(/\/connect\/|\/authorize|\/me/)
  const authorize = another.getByRole('button', { name: 'Authorize access' })
  if (await authorize.isVisible()) await authorize.click()
  await expect
    .poll(() => withRows(stack, 'select kind::text from conflict where resolved_at is null'))
    .toEqual([{ kind: 'one_id_two_people' }])
  expect(await withRows(stack, bound)).toEqual([
    { localId: 'p001', orcid: people.josiah.orcid, proof: 'invitation' },
    { localId: 'p002', orcid: people.ada.orcid, proof: 'invitation' },
  ])
  const oneClick = mailTo(invited.unsubscribes)
    .headers.get('list-unsubscribe')
    ?.match(/<(http[^>]+)>/)?.[1]
  const stopped = await fetch(String(oneClick), {
    method: 'POST',
    body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
  })
  expect(stopped.status).toBe(200)

  // Reminders.
  smtp.clear()
  await passDays(stack, 8)
  await runJob(stack, 'campaign-steps')
  const without = [invited.allowsAll, invited.allowsLess, invited.refuses, invited.unsubscribes].map(([id]) => id)
  const reminded = roster.map(({ id }) => id).filter((id) => !without.some((one) => one === id))
  await sendMailing(page, stack, smtp, campaign, reminded.length)
  expect(smtp.mails.map(({ to }) => to).sort()).toEqual(reminded.map(addressOf))
  expect(new Set(smtp.mails.map(({ subject }) => subject)).size).toBe(1)
})
