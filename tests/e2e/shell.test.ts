import type { Page } from '@playwright/test'
import pg from 'pg'
import { connectAs, expect, people, signInAs, test } from '@/tests/support/browser-test'
import { activate, forbidMouse, signInByKeyboard, tabTo } from '@/tests/support/keyboard'
import { expectAccessible } from '@/tests/support/page-check'
import type { Stack } from '@/tests/support/portal'
import { addResearchers } from '@/tests/support/researchers'

const menuOf = (page: Page, name: string) => page.getByRole('banner').locator('summary', { hasText: name })
const rail = (page: Page) => page.getByRole('navigation', { name: 'Staff' })

async function runSql(stack: Stack, sql: string): Promise<pg.QueryResultRow[]> {
  const client = new pg.Client({ connectionString: stack.database.url })
  await client.connect()
  const { rows } = await client.query(sql)
  await client.end()
  return rows
}

test('language, theme, sessions and sign-out are in a menu under the name, and a choice applies at once', async ({
  page,
  stack,
}) => {
  await connectAs(page, stack, people.ada)
  await page.goto(`${stack.portal.url}/me`)
  await menuOf(page, people.ada.name).click()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Dark' }).click()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await expect(page).toHaveURL(/\/me$/)
  await menuOf(page, people.ada.name).click()
  await page.getByRole('button', { name: 'español' }).click()
  await expect(page.locator('html')).toHaveAttribute('lang', 'es')
  await menuOf(page, people.ada.name).click()
  await page.getByRole('button', { name: 'English', exact: true }).click()
  await menuOf(page, people.ada.name).click()
  await page.getByRole('link', { name: 'Where you are signed in' }).click()
  await expect(page).toHaveURL(/\/me#sessions$/)
  await menuOf(page, people.ada.name).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByRole('link', { name: 'Sign in', exact: true })).toBeVisible()
})

test('the menu opens and closes without a mouse', async ({ page, stack }) => {
  await forbidMouse(page)
  await page.goto(stack.portal.url)
  const menu = menuOf(page, 'Language and theme')
  await activate(page, menu)
  await tabTo(page, page.getByRole('button', { name: 'Light' }))
  await page.keyboard.press('Escape')
  await expect(menu).toBeFocused()
  await expect(page.getByRole('button', { name: 'Light' })).toBeHidden()
})

test.describe('without script', () => {
  test.use({ javaScriptEnabled: false })

  test('a researcher reaches the menu, and staff search by a plain form', async ({ page, stack }) => {
    await connectAs(page, stack, people.admin)
    await menuOf(page, people.admin.name).click()
    await page.getByRole('button', { name: 'Dark' }).click()
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
    await page.getByRole('banner').getByRole('searchbox').fill('grace')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('main').getByRole('link', { name: people.admin.name })).toBeVisible()
    await menuOf(page, people.admin.name).click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await expect(page.getByRole('link', { name: 'Sign in', exact: true })).toBeVisible()
  })
})

test('one search finds people, references, pages and actions by keyboard alone', async ({ page, stack }) => {
  await forbidMouse(page)
  await addResearchers(stack.database.url, 1, 'Amalia Reyes')
  await signInByKeyboard(page, stack)
  const field = page.getByRole('banner').getByRole('searchbox')
  const search = async (key: string, words: string) => {
    await expect(async () => {
      await page.keyboard.press(key)
      await expect(field).toBeFocused({ timeout: 1_000 })
    }).toPass()
    await page.keyboard.type(words)
    await page.keyboard.press('Enter')
  }
  await search('/', 'reyes')
  await activate(page, page.getByRole('main').getByRole('link', { name: 'Amalia Reyes' }))
  await expect(page).toHaveURL(/\/staff\/researchers\/[\dX-]+$/)
  await search('Control+k', 'dep')
  await activate(page, page.getByRole('main').getByRole('link', { name: 'Departments' }))
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Departments')
  // Here `/` is for the search in the list.
  await search('Control+k', 'invite')
  await activate(page, page.getByRole('main').getByRole('link', { name: 'Invite a colleague' }))
  await expect(page).toHaveURL(/\/staff\/team#invite$/)
  const [attempt] = await runSql(stack, 'select reference from authorization_attempt limit 1')
  await search('Control+k', String(attempt?.reference).toLowerCase())
  await expect(page).toHaveURL(new RegExp(`/staff/attempts/${attempt?.reference}$`))
  await search('/', 'zzzz')
  await expect(page.getByText('Nothing has this name.')).toBeVisible()

  await page.goto(`${stack.portal.url}/staff/researchers`)
  const ofList = page.getByRole('main').getByRole('searchbox')
  await expect(async () => {
    await page.keyboard.press('/')
    await expect(ofList).toBeFocused({ timeout: 1_000 })
  }).toPass()
})

test('a page that does not exist keeps the header, and for staff the rail, and leads back', async ({ page, stack }) => {
  await page.goto(`${stack.portal.url}/no-such-page`)
  await expect(page.getByRole('banner').getByRole('link', { name: 'Sign in' })).toBeVisible()
  await expect(page.getByRole('main').getByRole('link', { name: 'To the front page' })).toBeVisible()
  await signInAs(page, stack, people.admin)
  for (const path of ['/staff/no-such-page', '/staff/researchers/x', '/staff/attempts/AAAA-AAAA']) {
    await page.goto(`${stack.portal.url}${path}`)
    await expect(rail(page).getByRole('link', { name: 'People' })).toBeVisible()
    await expectAccessible(page)
  }
  await page.goto(`${stack.portal.url}/staff/no-such-page`)
  await page.getByRole('link', { name: 'To the overview' }).click()
  await expect(page).toHaveURL(/\/staff$/)
})

test('after a failure the page keeps the header and the rail, names the reference and leads back', async ({
  browser,
  stack,
}) => {
  // A context of its own: the console of this page reports the failure, as it should.
  const page = await (await browser.newContext()).newPage()
  await signInAs(page, stack, people.admin)
  await runSql(stack, 'alter table export_run rename to export_run_away')
  try {
    await page.goto(`${stack.portal.url}/staff/exports`)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Error: something went wrong on our side')
    await expect(rail(page).getByRole('link', { name: 'People' })).toBeVisible()
    await expect(menuOf(page, people.admin.name)).toBeVisible()
    await expect(page.getByText(/^Reference /)).toBeVisible()
    await expectAccessible(page)
    await page.getByRole('link', { name: 'To the overview' }).click()
    await expect(page).toHaveURL(/\/staff$/)
  } finally {
    await runSql(stack, 'alter table export_run_away rename to export_run')
    await page.context().close()
  }
})

test('a link that is hovered is prefetched, and one to a person is not', async ({ page, stack }) => {
  await addResearchers(stack.database.url, 1, 'Amalia Reyes')
  await signInAs(page, stack, people.admin)
  const delivery = () =>
    page.evaluate(() => {
      const [visit] = performance.getEntriesByType('navigation')
      return (visit as unknown as { deliveryType: string }).deliveryType
    })
  const follow = async (name: string, where: 'navigation' | 'main') => {
    const link = page.getByRole(where).getByRole('link', { name }).first()
    await link.hover()
    await page.waitForTimeout(1_500)
    await link.click()
  }
  await follow('People', 'navigation')
  await expect(page).toHaveURL(/\/staff\/people$/)
  expect(await delivery()).toBe('navigational-prefetch')
  await follow('Amalia Reyes', 'main')
  await expect(page).toHaveURL(/\/staff\/researchers\/[\dX-]+$/)
  expect(await delivery()).toBe('')
})

test('pages cross-fade, unless the person asked for less motion', async ({ page, stack }) => {
  await page.addInitScript(() => {
    addEventListener('pagereveal', (event) => {
      Object.assign(window, { hasFaded: Boolean((event as { viewTransition?: unknown }).viewTransition) })
    })
  })
  for (const [reducedMotion, fades] of [
    ['no-preference', true],
    ['reduce', false],
  ] as const) {
    await page.emulateMedia({ reducedMotion })
    await page.goto(stack.portal.url)
    await page.getByRole('link', { name: 'Sign in', exact: true }).click()
    await expect(page).toHaveURL(/\/sign-in$/)
    expect(await page.evaluate(() => (window as { hasFaded?: boolean }).hasFaded)).toBe(fades)
  }
})
