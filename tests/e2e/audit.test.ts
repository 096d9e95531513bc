import pg from 'pg'
import { connectAs, expect, people, signInAs, test } from '@/tests/support/browser-test'
import { expectAccessible } from '@/tests/support/page-check'

test('an administrator finds who did what to whom and when, by filters that stand in the address', async ({
  page,
  browser,
  stack,
}) => {
  const context = await browser.newContext()
  await connectAs(await context.newPage(), stack, people.ada)
  await context.close()
  await signInAs(page, stack, people.admin)
  await page.getByRole('link', { name: 'Activity' }).click()
  await expect(page.getByRole('row')).not.toHaveCount(0)

  await page.goto(`${stack.portal.url}/staff/audit?subject=ada`)
  await page.getByRole('combobox', { name: 'Action', exact: true }).selectOption('Permission saved')
  await page.getByRole('main').getByRole('button', { name: 'Search' }).click()
  await expect(page).toHaveURL(/subject=ada.*action=grant.saved/)
  await expect(page.getByRole('row')).toHaveCount(2)
  await expect(page.getByRole('row').last()).toContainText(people.ada.name)

  await page.getByRole('main').locator('summary', { hasText: 'Export' }).click()
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'CSV file' }).click(),
  ])
  expect(file.suggestedFilename()).toMatch(/^audit-\d{4}-\d\d-\d\d\.csv$/)
  await page.getByRole('link', { name: 'Remove this filter: Permission saved' }).click()
  await expect(page).toHaveURL(/\/staff\/audit\?subject=ada$/)
  await expect(page.getByRole('cell', { name: 'Researcher looked up' })).toBeVisible()

  await page.getByRole('main').getByRole('searchbox').fill('nobody of this name')
  await page.keyboard.press('Enter')
  await expect(page.getByText('No event matches all of these filters.')).toBeVisible()
  const looser = page.getByRole('link', { name: 'Show it without this filter: Search: nobody of this name' })
  await expect(looser).toHaveAttribute('href', '/staff/audit?subject=ada')
})

test('a manager reads the history and cannot export it, and to a viewer it does not exist', async ({ page, stack }) => {
  await signInAs(page, stack, people.admin)
  const database = new pg.Client({ connectionString: stack.database.url })
  await database.connect()
  const setRole = (role: string) => database.query('update staff_member set role = $1', [role])
  const statusOf = async (path: string) => (await page.request.get(`${stack.portal.url}${path}`)).status()
  const file = '/staff/audit/export?format=csv'
  await setRole('manager')
  try {
    await page.goto(`${stack.portal.url}/staff`)
    await page.getByRole('link', { name: 'Activity' }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Activity')
    await expect(page.getByRole('row')).not.toHaveCount(0)
    await expect(page.getByRole('main').locator('summary', { hasText: 'Export' })).toHaveCount(0)
    expect(await statusOf(file)).toBe(404)
    await setRole('viewer')
    await page.goto(`${stack.portal.url}/staff`)
    await expect(page.getByRole('link', { name: 'Team' })).toBeVisible()
    await expect(page.getByRole('link', { name: 'Activity' })).toHaveCount(0)
    expect([await statusOf('/staff/audit'), await statusOf(file)]).toEqual([404, 404])
  } finally {
    await setRole('admin')
    await database.end()
  }
})

for (const width of [1280, 360]) {
  test(`the history is accessible in light and dark and fits at ${width} px`, {
    tag: width === 1280 ? '@release' : [],
  }, async ({ page, stack }) => {
    await page.setViewportSize({ width, height: 900 })
    await connectAs(page, stack, people.admin)
    for (const path of [
      '/staff/audit',
      '/staff/audit?subject=nobody-of-this-name',
      '/staff/audit?by=nobody&subject=grace&actor=grace&action=grant.saved&from=2020-01-01&to=2099-12-31',
    ]) {
      await page.goto(`${stack.portal.url}${path}`)
      await expectAccessible(page)
    }
  })
}
