import type { Browser } from '@playwright/test'
import { connectAs, expect, openSiteMenu, people, signInAs, test } from '@/tests/support/browser-test'
import type { Stack } from '@/tests/support/portal'

async function connectElsewhere(browser: Browser, stack: Stack, person: { orcid: string }) {
  const context = await browser.newContext()
  await connectAs(await context.newPage(), stack, person)
  await context.close()
}

test('staff sign in with ORCID, find a researcher who has connected, and see what they granted', async ({
  page,
  browser,
  stack,
}) => {
  await connectElsewhere(browser, stack, people.ada)

  await signInAs(page, stack, people.admin)
  await expect(page).toHaveURL(/\/staff$/)
  await page.getByRole('link', { name: 'iDs', exact: true }).first().click()
  await page.getByRole('main').getByRole('searchbox').fill('example')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/q=example/)
  await page.getByRole('link', { name: people.ada.name }).first().click()
  await expect(page).toHaveURL(new RegExp(`/staff/researchers/${people.ada.orcid}$`))
  await expect(page.getByRole('main').getByText('/read-limited').first()).toBeVisible()
  const [token] = (await stack.registry.state()).tokens.filter(({ orcid }) => orcid === people.ada.orcid)
  expect(await page.content()).not.toContain(token?.accessToken)
})

test('to a researcher the staff pages do not exist, and a stranger is asked to sign in', async ({
  page,
  browser,
  stack,
}) => {
  await connectElsewhere(browser, stack, people.josiah)
  const paths = [
    '/staff',
    '/staff/researchers',
    `/staff/researchers/${people.josiah.orcid}`,
    '/staff/team',
    '/staff/researchers/export?format=csv',
  ]
  for (const path of paths) {
    const answer = await page.request.get(`${stack.portal.url}${path}`, { maxRedirects: 0 })
    expect([path, answer.status(), answer.headers().location]).toEqual([
      path,
      307,
      `/sign-in?${new URLSearchParams({ to: path })}`,
    ])
  }
  await connectAs(page, stack, people.ada)
  for (const path of paths) {
    const answer = await page.request.get(`${stack.portal.url}${path}`)
    expect([path, answer.status()]).toEqual([path, 404])
    expect(await answer.text()).not.toContain(people.josiah.name)
  }
})

test('staff who are also researchers have both pages', async ({ page, stack }) => {
  await connectAs(page, stack, people.admin)
  await expect(page).toHaveURL(/\/connect\/connected$/)
  for (const path of ['/me', '/staff']) {
    expect((await page.goto(`${stack.portal.url}${path}`))?.status()).toBe(200)
  }
})

test('an iD that nobody has, and one that is none, are not found', async ({ page, stack }) => {
  await signInAs(page, stack, people.admin)
  for (const orcid of ['0000-0001-2345-6789', '0000-0001-2345-6780', 'x', '%00']) {
    expect((await page.goto(`${stack.portal.url}/staff/researchers/${orcid}`))?.status()).toBe(404)
  }
})

test('a note that was typed when the session had ended is back in its box after signing in again, and is not saved', async ({
  page,
  context,
  browser,
  stack,
}) => {
  await connectElsewhere(browser, stack, people.ada)
  await signInAs(page, stack, people.admin)
  await page.goto(`${stack.portal.url}/staff/researchers/${people.ada.orcid}?tab=notes`)
  const text = 'Called on Monday:\n"she" <agrees> & will sign'
  const box = page.getByLabel('Add a note')
  await box.fill(text)
  const otherTab = await context.newPage()
  await otherTab.goto(`${stack.portal.url}/staff`)
  await openSiteMenu(otherTab)
  await otherTab.getByRole('button', { name: 'Sign out' }).click()
  await otherTab.close()

  await page.getByRole('button', { name: 'Add the note' }).click()
  await expect(page.getByRole('heading', { name: 'You were signed out' })).toBeVisible()
  await page.getByRole('button', { name: 'Sign in with ORCID' }).click()
  await expect(page).toHaveURL(new RegExp(`/staff/researchers/${people.ada.orcid}\\?kept=yes#notes$`))
  await expect(box).toHaveValue(text)
  await expect(page.getByText('It is not saved yet.')).toBeVisible()
  await expect(page.getByText('There are no notes yet.')).toBeVisible()

  await page.getByRole('button', { name: 'Add the note' }).click()
  await expect(page.getByText('The note is added.')).toBeVisible()
  await expect(box).toHaveValue('')
})
