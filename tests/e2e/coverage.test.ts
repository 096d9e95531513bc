import type { Page } from '@playwright/test'
import pg from 'pg'
import { seed } from '@/prisma/seed'
import { connectAs, expect, people, signInAs, test } from '@/tests/support/browser-test'
import type { Stack } from '@/tests/support/portal'

test.setTimeout(180_000)

/** What a small town has too little of. */
const unusual = [
  `update researcher set withdrew_at = now() - interval '2 days' where state = 'withdrawn'`,
  // The seed throws dice for each: all of so few may have withdrawn at ORCID.
  `update researcher set finding = null where id = (select id from researcher where state = 'withdrawn' order by id limit 1)`,
  `update person set department = (array['Law', 'Faculty of Science / Physics', 'Faculty of Science / Chemistry'])
     [1 + abs(hashtext(id::text)) % 3] where local_id is not null`,
  `update authorization_attempt set state = 'ended', outcome = 'not_saved', started_at = now() - interval '1 hour'
   where id = (select id from authorization_attempt where purpose = 'connect' and researcher_id is not null order by id limit 1)`,
  `update person set leaves_on = current_date + 20, state = 'leaving' where id = (
     select id from person where local_id is not null and state = 'active' order by id limit 1)`,
]

async function prepare(stack: Stack, more: readonly string[] = []): Promise<pg.Client> {
  await seed(stack.database.url, { researchers: 90, unconnected: 80, seed: 5 })
  const client = new pg.Client({ connectionString: stack.database.url })
  await client.connect()
  for (const sql of [...unusual, ...more]) await client.query(sql)
  return client
}

const main = (page: Page) => page.getByRole('main')
const numberIn = (text: string | null) => Number(text?.replaceAll(',', '').match(/\d+/)?.[0])

/** Clicks on a link with a number in it, and says which number the list then says. */
async function follow(page: Page, name: RegExp): Promise<[number, number]> {
  const link = main(page).getByRole('link', { name }).first()
  const said = numberIn(await link.textContent())
  await link.click()
  const count = main(page)
    .getByText(/^(One person|Nobody|[\d,]+ people)/)
    .first()
  await expect(count).toBeVisible()
  const words = (await count.textContent()) ?? ''
  return [said, words.startsWith('One') ? 1 : words.startsWith('Nobody') ? 0 : numberIn(words)]
}

test('a librarian answers ten questions by clicking, without a word typed into an address', {
  tag: '@release',
}, async ({ page, browser, stack }) => {
  const client = await prepare(stack)
  const overview = () => page.getByRole('navigation', { name: 'Staff' }).getByRole('link', { name: 'Overview' }).click()
  await signInAs(page, stack, people.admin)

  await test.step('How many of our people are connected?', async () => {
    await expect(main(page).getByRole('heading', { level: 1 })).toHaveText('How many of our people are connected?')
    await expect(main(page).getByText(/^\d+% of \d+ staff connected$/)).toBeVisible()
    const [said, found] = await follow(page, /^\d+ connected$/)
    expect(found).toBe(said)
    await overview()
  })

  await test.step('Who is not?', async () => {
    const [said, found] = await follow(page, /^\d+ not connected$/)
    expect(found).toBe(said)
    await expect(main(page).getByRole('row').nth(1)).toContainText(/Not connected|Identity only|Withdrawn|Expired/)
    await overview()
  })

  await test.step('Which departments lag?', async () => {
    await main(page).getByRole('link', { name: 'All 4 departments' }).click()
    const shares = await main(page).getByRole('table').locator('tbody tr td:nth-of-type(1)').allTextContents()
    expect(shares.map(numberIn)).toEqual(shares.map(numberIn).toSorted((one, other) => one - other))
    await main(page).getByRole('link', { name: 'Faculty of Science / Physics' }).click()
    await expect(main(page).getByRole('heading', { level: 1 })).toHaveText('Faculty of Science / Physics')
    const [said, found] = await follow(page, /^Never connected/)
    expect(found).toBe(said)
    await overview()
  })

  await test.step('Who withdrew, and when?', async () => {
    await main(page)
      .getByRole('link', { name: /withdrew here in the last 7 days/ })
      .click()
    await expect(main(page).getByRole('row').nth(1)).toContainText(/Withdrawn\d{1,2} \w+ 20\d\d/)
    await overview()
  })

  await test.step('Who allows us to write?', async () => {
    const section = main(page).getByRole('region', { name: 'By permission' })
    const writing = section.getByRole('listitem').filter({ hasText: 'Add and update activities' }).getByRole('link')
    const said = numberIn(await writing.textContent())
    await writing.click()
    await expect(main(page).getByText(`${said} people`).first()).toBeVisible()
    await overview()
  })

  await test.step('What changed this month?', async () => {
    await main(page).getByRole('link', { name: 'All figures over time' }).click()
    const growth = main(page).locator('#over-time')
    await growth.getByText('As a table').click()
    const month = new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date())
    await expect(growth.getByRole('row', { name: new RegExp(`^${month}`) }).getByRole('cell')).toHaveCount(3)
    await overview()
  })

  await test.step('What did a colleague do?', async () => {
    const colleague = await browser.newContext()
    const hers = await colleague.newPage()
    await client.query(`insert into staff_member (orcid, name, role, origin) values ($1, $2, 'manager', 'test')`, [
      people.ada.orcid,
      people.ada.name,
    ])
    await signInAs(hers, stack, people.ada)
    await hers.getByRole('button', { name: /^Take it: .*withdrew here/ }).click()
    await expect(main(hers).getByRole('link', { name: 'Mine' })).toBeVisible()
    await colleague.close()
    await page.reload()
    await main(page).getByRole('link', { name: people.ada.name }).click()
    await expect(main(page).getByText(`${people.ada.name} has it (taken`)).toBeVisible()
    await page.getByRole('link', { name: 'Activity', exact: true }).first().click()
    await expect(main(page).getByRole('row').filter({ hasText: 'Work of the team taken' })).toContainText(
      people.ada.name,
    )
    // The portal is also that of other tests.
    await client.query('update staff_member set ended_at = now() where orcid = $1', [people.ada.orcid])
    await overview()
  })

  await test.step('Who is leaving?', async () => {
    await main(page).getByRole('link', { name: 'Who is leaving' }).click()
    await expect(main(page).getByRole('table').first().getByRole('row')).not.toHaveCount(1)
    await overview()
  })

  await test.step('Where did somebody’s attempt fail?', async () => {
    await page.getByRole('link', { name: 'Support', exact: true }).first().click()
    await main(page).locator('a[href^="/staff/attempts/"]').first().click()
    await expect(main(page).getByRole('heading', { name: 'What you can say' })).toBeVisible()
    await overview()
  })

  await test.step('How was it a year ago?', async () => {
    await main(page)
      .getByRole('link', { name: /points in 30 days$/ })
      .click()
    const coverage = main(page).locator('#coverage')
    await coverage.getByText('As a table').click()
    const then = new Date()
    then.setUTCDate(1)
    then.setUTCMonth(then.getUTCMonth() - 12)
    const month = new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(then)
    await expect(coverage.getByRole('row', { name: new RegExp(`^${month} \\d+%`) })).toBeVisible()
  })
  await client.end()
})

test('what needs somebody is taken, done and put off, and shows who has it, until something new comes', async ({
  page,
  stack,
}) => {
  const client = await prepare(stack)
  await signInAs(page, stack, people.admin)
  await main(page).getByRole('link', { name: 'Mark as done, put off, see who has what' }).click()
  const item = main(page).locator('#withdrawnHere')
  await item.getByRole('button', { name: 'Take it' }).click()
  await expect(item).toContainText('Yours (taken')
  await item.getByRole('button', { name: 'Give it back' }).click()
  await expect(item).not.toContainText('Yours')
  await item.getByRole('button', { name: 'Done' }).click()
  await expect(item).toHaveCount(0)
  const settled = main(page).getByRole('region', { name: 'Done or put off' })
  await expect(settled).toContainText('withdrew here in the last 7 days')
  const expiring = main(page).locator('#expiring')
  await expiring.getByRole('button', { name: 'Put off' }).click()
  await expect(settled).toContainText('Put off until')
  await page.goto(`${stack.portal.url}/staff`)
  await expect(main(page).getByText('withdrew here in the last 7 days')).toHaveCount(0)

  await client.query(`update researcher set withdrew_at = now() + interval '1 minute' where id = (
    select id from researcher where state = 'withdrawn' and finding is distinct from 'withdrawn_at_orcid' limit 1)`)
  await page.goto(`${stack.portal.url}/staff/attention`)
  await expect(item).toContainText('Something new has come since.')
  await settled.getByRole('button', { name: 'Show it again' }).click()
  await expect(expiring).toContainText('Put off')
  await client.end()
})

test('the overview is on one screen and below 100 kB, and the summary for the dean on one sheet without a name', async ({
  page,
  stack,
}) => {
  // As many departments as the sheet has room for, with long names.
  const client = await prepare(stack, [
    `insert into person (local_id, given_name, family_name, department, kind, origin)
     select 'many-' || n, 'Somebody', 'Nameworthy', 'Faculty of long names / Department of Applied Historical Linguistics ' || n % 70,
       'staff', 'imported' from generate_series(1, 900) n`,
    // One of everything that may need somebody.
    `insert into foreign_answer (endpoint, count, first_seen_at, last_seen_at, status, content_type, server, title)
     values ('token', 2, now(), now(), 403, 'text/html', 'proxy', 'Blocked')`,
  ])
  await signInAs(page, stack, people.admin)
  await page.setViewportSize({ width: 1280, height: 900 })
  await page.goto(`${stack.portal.url}/staff`)
  const bottom = await main(page).evaluate((element) => element.getBoundingClientRect().bottom)
  expect(bottom).toBeLessThanOrEqual(900)
  const html = await (await page.request.get(`${stack.portal.url}/staff`)).body()
  expect(html.length).toBeLessThan(100_000)

  await main(page).getByRole('link', { name: 'Summary for the dean, without names' }).click()
  await expect(main(page).getByRole('heading', { level: 1 })).toHaveText('ORCID at University of Example')
  await expect(main(page)).not.toContainText('Nameworthy')
  const sheet = await page.pdf({ preferCSSPageSize: true })
  expect(sheet.toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(1)
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    main(page).getByRole('link', { name: 'As a file (CSV)' }).click(),
  ])
  const text = (await (await page.request.get(file.url())).body()).toString()
  expect(text).toMatch(/^﻿group,name,people,connected,percent,at\r\nall,,\d+,\d+,/)
  expect(text).toContain('department,Faculty of long names / Department of Applied Historical Linguistics 7,')
  expect(text).not.toContain('Nameworthy')
  await client.end()
})

test('without a roster the overview says how many are connected, and how to see of how many', async ({
  page,
  stack,
}) => {
  await connectAs(page, stack, people.admin)
  await page.goto(`${stack.portal.url}/staff`)
  await expect(main(page).getByRole('link', { name: 'One person is connected' })).toBeVisible()
  await expect(main(page).getByRole('link', { name: 'Import people' })).toBeVisible()
})
