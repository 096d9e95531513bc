import pg from 'pg'
import { expect, people, test } from '@/tests/support/browser-test'
import {
  activate,
  choose,
  forbidMouse,
  signInByKeyboard,
  tabTo,
  tick,
  typeInto,
  walkThrough,
} from '@/tests/support/keyboard'
import type { Stack } from '@/tests/support/portal'
import { addResearchers } from '@/tests/support/researchers'

// Wherever these tests come to by Tab, the focus has a ring, is on the screen and lies under nothing.
test.beforeEach(({ page }) => forbidMouse(page))

async function runSql<Row extends pg.QueryResultRow>(stack: Stack, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: stack.database.url })
  await client.connect()
  const { rows } = await client.query<Row>(sql)
  await client.end()
  return rows
}

test('without a mouse staff sign in, skip to the content, follow numbers to their rows, and sign out', async ({
  page,
  stack,
}) => {
  await addResearchers(stack.database.url, 60)
  await runSql(stack, `update person set department = 'Department ' || right(orcid, 1), local_id = orcid`)
  test.setTimeout(150_000)
  await signInByKeyboard(page, stack)
  const first = page.getByRole('main').getByRole('link', { name: /people$/ })
  await page.reload()
  await expect(first.first()).toBeVisible()
  await page.keyboard.press('Tab')
  const skip = page.getByRole('link', { name: 'Skip to the content' })
  await expect(skip).toBeFocused()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  await expect(first.first()).toBeFocused()

  await activate(page, page.getByRole('link', { name: 'All figures over time' }))
  const tile = page.getByRole('region', { name: 'Numbers' }).getByRole('link', { name: 'identity only' })
  const count = await tile.locator('span').first().textContent()
  await activate(page, tile)
  await expect(page).toHaveURL(/\/staff\/researchers\?state=identity-only$/)
  await expect(page.getByText(`${count} people`)).toBeVisible()

  await page.goBack()
  await activate(page, page.getByRole('main').getByRole('link', { name: 'Overview' }))
  await activate(page, page.getByRole('link', { name: /^All \d+ departments$/ }))
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Departments')
  const row = page.getByRole('main').getByRole('row').last().getByRole('link').last()
  const here = await row.textContent()
  await activate(page, row)
  await expect(page).toHaveURL(/\/staff\/people\?department=/)
  await expect(page.locator('a.whole-row')).toHaveCount(Number(here))

  await activate(page, page.getByRole('banner').locator('summary'))
  await activate(page, page.getByRole('button', { name: 'Sign out' }))
  await expect(page.getByRole('link', { name: 'Sign in', exact: true })).toBeVisible()
})

test('without a mouse the list is searched, narrowed down, sorted and paged, and its rows are walked and opened', {
  tag: '@release',
}, async ({ page, stack }) => {
  await addResearchers(stack.database.url, 120)
  await signInByKeyboard(page, stack)
  await activate(page, page.getByRole('link', { name: 'iDs', exact: true }).first())
  await expect(page.getByText('Keys: / to search')).toBeVisible()
  const rows = page.locator('a.whole-row')

  await activate(page, page.getByRole('link', { name: 'Older' }))
  await expect(page.getByText('51–100 of 120')).toBeVisible()
  await activate(page, page.getByRole('link', { name: 'Newer' }))
  await expect(page.getByText('1–50 of 120')).toBeVisible()
  await activate(page, page.getByRole('columnheader', { name: 'Name' }).getByRole('link'))
  await expect(page.getByRole('columnheader', { name: 'Name' })).toHaveAttribute('aria-sort', 'ascending')

  await choose(page, page.getByRole('combobox', { name: 'State' }), 'Connected')
  await activate(page, page.locator('summary', { hasText: 'Permissions' }))
  await tick(page, page.getByRole('checkbox', { name: 'Read what is set to' }))
  await page.keyboard.press('Escape')
  await expect(page.getByRole('checkbox', { name: 'Read what is set to' })).toBeHidden()
  await expect(page.locator('summary', { hasText: 'Permissions' })).toBeFocused()
  await activate(page, page.locator('summary', { hasText: 'Dates' }))
  await tabTo(page, page.getByLabel('Connected from'))
  await page.keyboard.type('01012020')
  await activate(page, page.locator('summary', { hasText: 'At the institution' }))
  await typeInto(page, page.getByRole('combobox', { name: 'Department' }), 'Chemistry')
  await activate(page, page.getByRole('button', { name: 'Search' }))
  await expect(page).toHaveURL(/state=connected.*scope=.*connected-from=2020-01-01.*department=Chemistry/)
  const narrow = await rows.count()
  expect(narrow).toBeGreaterThan(0)
  const chips = page.getByRole('list', { name: 'Active filters' }).getByRole('link')
  await expect(chips).toHaveCount(4)
  await activate(page, page.getByRole('link', { name: 'Remove this filter: Department: Chemistry' }))
  await expect(chips).toHaveCount(3)
  expect(await rows.count()).toBeGreaterThan(narrow)
  await activate(page, page.getByRole('link', { name: 'Clear all filters' }))
  await expect(chips).toHaveCount(0)

  await expect(page.getByText('Keys: / to search')).toBeVisible()
  await page.keyboard.press('/')
  await page.keyboard.type('zoe')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\?q=zoe/)
  await expect(page.getByText('Keys: / to search')).toBeVisible()
  const walk = ['j', 'j', 'ArrowDown', 'k', 'ArrowUp', 'j']
  for (const [index, row] of [0, 1, 2, 1, 0, 1].entries()) {
    await page.keyboard.press(walk[index] ?? '')
    await tabTo(page, rows.nth(row))
    await expect(rows.nth(row)).toBeFocused()
  }
  const href = await rows.nth(1).getAttribute('href')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(`${stack.portal.url}${href}`)
  await page.goBack()
  await expect(page).toHaveURL(/\?q=zoe/)
  await expect(page.getByText('Keys: / to search')).toBeVisible()
  await activate(page, page.getByRole('button', { name: 'Turn them off' }))
  await page.keyboard.press('/')
  await expect(page.getByRole('main').getByRole('searchbox')).not.toBeFocused()
})

test('without a mouse an export is narrowed down and taken, and one under way is watched and cancelled', {
  tag: '@release',
}, async ({ page, stack }) => {
  await addResearchers(stack.database.url, 12)
  await signInByKeyboard(page, stack)
  await activate(page, page.getByRole('link', { name: 'Exports' }).first())
  await tabTo(page, page.getByRole('radio', { name: 'CSV' }))
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('radio', { name: 'Excel' })).toBeFocused()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('radio', { name: 'JSON Lines' })).toBeFocused()
  await activate(page, page.locator('summary', { hasText: 'Columns, and settings' }))
  await tick(page, page.getByRole('checkbox', { name: 'In conflict' }))
  await tabTo(page, page.getByRole('button', { name: 'Export' }))
  const [file] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')])
  expect(file.suggestedFilename()).toMatch(/\.jsonl$/)

  await runSql(
    stack,
    `insert into export_run (id, action, format, filter, searched, rows, rows_expected)
     values (gen_random_uuid(), 'list.exported', 'csv', '', false, 400, 1000)`,
  )
  await activate(page, page.getByRole('link', { name: 'Show progress' }))
  await expect(page.getByText('Looks again every 3 seconds')).toBeVisible()
  await expect(page.getByText('400 of about 1,000 rows')).toBeVisible()
  await activate(page, page.getByRole('button', { name: 'Cancel' }))
  await expect(page.getByText('The export is being stopped.')).toBeVisible()
  await activate(page, page.getByRole('link', { name: 'Stop', exact: true }))
  await expect(page.getByText('Looks again every 3 seconds')).toBeHidden()
})

test('without a mouse an administrator lets somebody join, takes the link back, and reads what was done', {
  tag: '@release',
}, async ({ page, stack }) => {
  await signInByKeyboard(page, stack)
  await activate(page, page.getByRole('link', { name: 'Team' }).first())
  await choose(page, page.getByRole('combobox', { name: /^Role/ }), 'Manager')
  await activate(page, page.getByRole('button', { name: 'Create an invitation link' }))
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Invitation link')
  await tabTo(page, page.getByRole('textbox', { name: 'Link' }))
  await activate(page, page.getByRole('link', { name: 'Back to the team' }))
  await activate(page, page.getByRole('button', { name: /^Withdraw this link/ }))
  await expect(page.getByText('Invitation link: Manager')).toHaveCount(0)

  await activate(page, page.getByRole('link', { name: 'Activity' }).first())
  await typeInto(page, page.getByRole('main').getByRole('searchbox'), people.admin.name)
  await choose(page, page.getByRole('combobox', { name: 'Kind of actor' }), 'Staff')
  await activate(page, page.getByRole('main').getByRole('button', { name: 'Search' }))
  await expect(page).toHaveURL(/q=Grace/)
  await expect(page.getByRole('row')).not.toHaveCount(0)
  await activate(page, page.getByRole('link', { name: 'Clear all filters' }))
  await expect(page).toHaveURL(/\/staff\/audit$/)

  await activate(page, page.getByRole('banner').locator('summary'))
  await activate(page, page.getByRole('link', { name: 'Where you are signed in' }))
  await expect(page.getByRole('listitem').getByText('this one')).toHaveCount(1)
})

test('on a telephone every stop of every staff page is seen by whoever goes from the first to the last', {
  tag: '@release',
}, async ({ page, stack }) => {
  await addResearchers(stack.database.url, 12)
  await page.setViewportSize({ width: 360, height: 700 })
  await signInByKeyboard(page, stack)
  const [one] = await runSql<{ orcid: string }>(
    stack,
    `select orcid from researcher where state = 'connected' order by orcid limit 1`,
  )
  for (const path of [
    '',
    '/people?connection=connected',
    '/people/new',
    '/people/bulk?do=add_items&all=yes',
    '/researchers?state=connected',
    `/researchers/${one?.orcid}`,
    `/researchers/${one?.orcid}/erase`,
    `/researchers/${one?.orcid}/affiliation`,
    '/attempts',
    '/departments',
    '/exports',
    '/affiliations',
    '/import?kind=affiliations',
    '/team',
    '/audit',
    '/sessions',
    '/search?q=e',
    '/no-such-page',
  ]) {
    await page.goto(`${stack.portal.url}/staff${path}`)
    expect(await walkThrough(page)).toBeGreaterThan(5)
  }
})
