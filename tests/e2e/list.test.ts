import type { BrowserContext, Page } from '@playwright/test'
import pg from 'pg'
import { listColumns } from '@/lib/researchers/schema'
import { expect, people, signInAs, test } from '@/tests/support/browser-test'
import { expectAccessible, expectToFit } from '@/tests/support/page-check'
import { addResearchers } from '@/tests/support/researchers'

const longName =
  'Wolfeschlegelsteinhausenbergerdorff welchevoralternwarengewissenhaftschaferswessenschafewarenwohlgepflege'

/** The same person in a browser that runs no script. */
async function withoutScript(context: BrowserContext, run: (page: Page) => Promise<void>) {
  const other = await context.browser()?.newContext({
    javaScriptEnabled: false,
    storageState: await context.storageState(),
  })
  if (!other) throw new Error('the browser is gone')
  await run(await other.newPage())
  await other.close()
}

test('without script the list is there with its rows, filters, orders and pages', async ({ page, context, stack }) => {
  await signInAs(page, stack, people.admin)
  await addResearchers(stack.database.url, 120)
  await withoutScript(context, async (plain) => {
    await plain.goto(`${stack.portal.url}/staff/researchers`)
    await expect(plain.locator('a.whole-row')).toHaveCount(50)
    await plain.getByRole('link', { name: 'Older' }).click()
    await expect(plain.getByText('51–100 of 120')).toBeVisible()
    await plain.getByRole('columnheader', { name: 'Last checked' }).getByRole('link').click()
    await expect(plain).toHaveURL(/sort=checked$/)
    await plain.getByRole('combobox', { name: 'State' }).selectOption('Withdrawn')
    await plain.locator('summary', { hasText: 'Permissions' }).click()
    await plain.getByRole('checkbox', { name: 'Read what is set to' }).check()
    await plain.getByRole('button', { name: 'Search' }).click()
    await expect(plain.getByText('Nobody matches all of these filters.')).toBeVisible()
    await plain.getByRole('main').getByRole('link', { name: 'Clear all filters' }).last().click()
    await expect(plain).toHaveURL(/\/staff\/researchers\?sort=checked$/)
    await expect(plain.locator('a.whole-row')).toHaveCount(50)
  })
})

test('while rows are being looked for the page is there already, and they follow with and without script', async ({
  page,
  context,
  stack,
}) => {
  await signInAs(page, stack, people.admin)
  await addResearchers(stack.database.url, 60)
  const client = new pg.Client({ connectionString: stack.database.url })
  await client.connect()
  // The query of the list waits for as long as this test holds the lock.
  await client.query(`
    create function wait_for_test() returns boolean language plpgsql as $$ begin
      if current_query() like '%"firstConnectedAt"%from person%' then perform pg_advisory_xact_lock_shared(42); end if;
      return true; end $$;
    alter table person enable row level security;
    create policy slow on person using (wait_for_test())`)
  const follow = async (one: Page) => {
    await client.query('select pg_advisory_lock(42)')
    await one.goto(`${stack.portal.url}/staff/researchers?sort=name`, { waitUntil: 'commit' })
    await expect(one.getByRole('main').getByRole('searchbox')).toBeVisible()
    await expect(one.locator('a.whole-row')).toHaveCount(0)
    await client.query('select pg_advisory_unlock(42)')
    await expect(one.locator('a.whole-row')).toHaveCount(50)
    await expect(one.locator('a.whole-row').first()).toBeVisible()
    await expect(one.getByText('Looking for people')).toBeHidden()
    const [row, footer] = await Promise.all([
      one.locator('a.whole-row').last().boundingBox(),
      one.getByRole('contentinfo').boundingBox(),
    ])
    expect(row?.y).toBeLessThan(footer?.y ?? 0)
  }
  await follow(page)
  await withoutScript(context, follow)

  await client.query('select pg_advisory_lock(42)')
  await page.goto(`${stack.portal.url}/staff/researchers?sort=name&q=ada&state=connected`)
  const without = page.getByRole('alert').getByRole('link', { name: 'Show it without this filter: “ada”' })
  await expect(without).toHaveAttribute('href', '/staff/researchers?state=connected&sort=name', { timeout: 20_000 })
  await page.goto(`${stack.portal.url}/staff/researchers?department=Chemistry&state=connected`)
  const last = page.getByRole('alert').getByRole('link', { name: 'Show it without this filter: Department: Chemistry' })
  await expect(last).toHaveAttribute('href', '/staff/researchers?state=connected', { timeout: 20_000 })
  await client.query('select pg_advisory_unlock(42); drop policy slow on person; drop function wait_for_test')
  await client.query('alter table person disable row level security')
  await client.end()
})

test('who withdrew has the day of it, the latest first, and nobody who came back does', async ({ page, stack }) => {
  await signInAs(page, stack, people.admin)
  await addResearchers(stack.database.url, 60)
  const client = new pg.Client({ connectionString: stack.database.url })
  await client.connect()
  await client.query(`update researcher set withdrew_at = now() where state = 'connected'`)
  await client.end()
  await page.goto(`${stack.portal.url}/staff/researchers?state=withdrawn`)
  await expect(page.getByRole('columnheader', { name: 'Withdrew' })).toHaveAttribute('aria-sort', 'descending')
  const days = await page.locator('td[data-place=withdrew]').allTextContents()
  expect(days).toHaveLength(12)
  const times = days.map((day) => Date.parse(day))
  expect(times).toEqual(times.toSorted((one, other) => other - one))
  await page.goto(`${stack.portal.url}/staff/researchers?state=connected`)
  await expect(page.locator('tbody tr')).toHaveCount(24)
  await expect(page.getByRole('columnheader', { name: 'Withdrew' })).toHaveCount(0)
})

test('every menu of filters opens inside the screen at any width', { tag: '@release' }, async ({ page, stack }) => {
  await signInAs(page, stack, people.admin)
  await addResearchers(stack.database.url, 3)
  for (const width of [320, 360, 414, 640, 767, 768, 1023, 1024, 1279, 1280, 1366, 1536, 1920]) {
    await page.setViewportSize({ width, height: 900 })
    await page.goto(`${stack.portal.url}/staff/researchers`)
    if (width < 768) await page.locator('.filter-fold > summary').click()
    for (const name of ['Permissions', 'Dates', 'At the institution']) {
      const menu = page.locator('details[name=filter-menu] > summary', { hasText: `${name}:` })
      await menu.click()
      const box = await page.getByRole('group', { name, exact: true }).boundingBox()
      expect(box?.x, `${name} at ${width} px`).toBeGreaterThanOrEqual(0)
      expect((box?.x ?? 0) + (box?.width ?? width + 1), `${name} at ${width} px`).toBeLessThanOrEqual(width)
      await expectToFit(page)
      // It may lie above the next one.
      await menu.click()
    }
  }
})

test('on a telephone a row is three lines, nothing reaches beyond the screen and all of it is accessible', async ({
  page,
  stack,
}) => {
  await signInAs(page, stack, people.admin)
  await addResearchers(stack.database.url, 12, longName)
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 740 })
    await page.goto(`${stack.portal.url}/staff/researchers?scope=openid`)
    const heights = await page
      .locator('tbody tr')
      .evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().height))
    expect(Math.max(...heights)).toBeLessThanOrEqual(width === 360 ? 100 : 44.5)
    await expectAccessible(page)
  }
})

test('a chosen filter applies at once and keeps the focus, going back shows what was chosen before', async ({
  page,
  stack,
}) => {
  await signInAs(page, stack, people.admin)
  await addResearchers(stack.database.url, 60)
  await page.goto(`${stack.portal.url}/staff/researchers`)
  await expect(page.getByText('Keys: / to search')).toBeVisible()
  const state = page.getByRole('combobox', { name: 'State' })
  await state.focus()
  await state.selectOption('Withdrawn')
  await expect(page).toHaveURL(/\/staff\/researchers\?.*state=withdrawn/)
  await expect(page.getByText('12 people')).toBeVisible()
  await expect(state).toBeFocused()
  await expect(page.getByRole('link', { name: 'Remove this filter: Withdrawn' })).toBeVisible()
  await page.goBack()
  await expect(page.getByText('60 people')).toBeVisible()
  await expect(state).toHaveValue('')
})

test('chosen columns stay through pages, orders and a search, with and without script', { tag: '@release' }, async ({
  page,
  context,
  stack,
}) => {
  await signInAs(page, stack, people.admin)
  await addResearchers(stack.database.url, 120)
  const heads = ['Name', 'State', 'Department']
  const choose = async (one: Page) => {
    const expectColumns = () => expect(one.getByRole('columnheader')).toHaveText(heads)
    await one.goto(`${stack.portal.url}/staff/researchers`)
    const menu = one.locator('summary', { hasText: 'Export and columns' })
    await menu.click()
    for (const name of ['iD', 'Permissions', 'Connected', 'Last checked']) {
      await one.getByRole('checkbox', { name, exact: true }).uncheck()
    }
    await one.getByRole('checkbox', { name: 'Department' }).check()
    await one.getByRole('button', { name: 'Show these columns' }).click()
    await expectColumns()
    await one.getByRole('link', { name: 'Older' }).click()
    await expect(one.getByText('51–100 of 120')).toBeVisible()
    await expectColumns()
    await one.getByRole('columnheader', { name: 'Name' }).getByRole('link').click()
    await expect(one).toHaveURL(/sort=name/)
    await expectColumns()
    await one.getByRole('main').getByRole('searchbox').fill('zoe')
    await one.getByRole('button', { name: 'Search', exact: true }).last().click()
    await expect(one).toHaveURL(/q=zoe/)
    await expectColumns()
  }
  await choose(page)
  await withoutScript(context, choose)
})

test('many columns move beside a name and below a head that stay, and the page does not', { tag: '@release' }, async ({
  page,
  stack,
}) => {
  await signInAs(page, stack, people.admin)
  await addResearchers(stack.database.url, 60)
  const all = listColumns.filter((column) => column !== 'local-id')
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 740 })
    await page.goto(`${stack.portal.url}/staff/researchers?${all.map((column) => `show=${column}`).join('&')}`)
    await expectToFit(page)
    await expectAccessible(page)
  }
  await page.setViewportSize({ width: 1280, height: 740 })
  const rows = page.locator('.people')
  const name = page.getByRole('columnheader', { name: 'Name' })
  const before = await name.boundingBox()
  await rows.evaluate((box) => box.scrollTo(box.scrollWidth, 400))
  expect(await name.boundingBox()).toEqual(before)
  await expect(page.getByRole('columnheader', { name: 'Department' })).toBeInViewport()
})

test('the menu of a list opens and closes by the keyboard', async ({ page, stack }) => {
  await signInAs(page, stack, people.admin)
  await addResearchers(stack.database.url, 3)
  await page.goto(`${stack.portal.url}/staff/researchers`)
  await expect(page.getByText('Keys: / to search')).toBeVisible()
  const menu = page.locator('summary', { hasText: 'Export and columns' })
  await menu.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('link', { name: 'CSV, as shown here' })).toBeVisible()
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'CSV, as shown here' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('link', { name: 'CSV, as shown here' })).toBeHidden()
  await expect(menu).toBeFocused()
})

test('a name that turns the direction or cannot be seen disturbs no row', async ({ page, stack }) => {
  await signInAs(page, stack, people.admin)
  await addResearchers(stack.database.url, 1, '\u202Edesrever\u200B')
  await page.goto(`${stack.portal.url}/staff/researchers`)
  await expect(page.locator('a.whole-row')).toHaveText(['desrever'])
  const client = new pg.Client({ connectionString: stack.database.url })
  await client.connect()
  await client.query(`update researcher set name = E'\\u200B\\u2800' where name is not null and not staff_only`)
  await client.end()
  await page.reload()
  await expect(page.locator('a.whole-row')).toHaveText(['Name not public'])
})
