import { expect, people, signInAs, signInAtOrcid, test } from '@/tests/support/browser-test'
import { expectAccessible } from '@/tests/support/page-check'

for (const width of [1280, 320]) {
  test(`at ${width} px, an administrator lets somebody join by a link, changes their role, and takes it away`, async ({
    page,
    browser,
    stack,
  }) => {
    await page.setViewportSize({ width, height: 900 })
    await signInAs(page, stack, people.admin)
    await page.goto(`${stack.portal.url}/staff/team`)
    await page.getByRole('combobox', { name: /^Role/ }).selectOption('Manager')
    await page.getByRole('button', { name: 'Create an invitation link' }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Invitation link')
    await expectAccessible(page)
    expect(page.url()).toBe(`${stack.portal.url}/staff/team/invitations/link`)
    const link = await page.getByLabel('Link', { exact: true }).inputValue()
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.getByRole('button', { name: 'Copy' }).click()
    await expect(page.getByText('Copied.')).toBeVisible()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link)
    await page.reload()
    await expect(page.getByText('A link is shown once.')).toBeVisible()
    await expect(page.getByText('Invitation link: Manager')).toBeVisible()
    await expectAccessible(page)

    const context = await browser.newContext({ viewport: { width, height: 900 } })
    const guest = await context.newPage()
    await guest.goto(link)
    await expect(guest).toHaveURL(`${stack.portal.url}/join`)
    await expectAccessible(guest)
    await guest.getByRole('button', { name: 'Sign in with ORCID and join' }).click()
    await signInAtOrcid(guest, people.ada)
    await guest.getByRole('button', { name: 'Authorize access' }).click()
    await expect(guest).toHaveURL(/\/staff$/)

    await page.reload()
    await expect(page.getByText('Invitation link: Manager')).toHaveCount(0)
    await page.getByRole('link', { name: `Change ${people.ada.name}` }).click()
    await expectAccessible(page)
    await page.getByRole('link', { name: 'Make Viewer' }).click()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Change the role' }).click()
    await expect(page.getByText('Saved. The change applies')).toBeVisible()
    await page.getByRole('link', { name: `Change ${people.ada.name}` }).click()
    await page.getByRole('link', { name: 'Remove from the team' }).click()
    await page.getByRole('button', { name: 'Remove from the team' }).click()
    await expect(page.getByText(`${people.ada.name} was removed from the team.`)).toBeVisible()
    expect((await guest.goto(`${stack.portal.url}/staff`))?.status()).toBe(404)
    await context.close()
  })
}

test('what a role allows is listed as far as it holds with the limits that are chosen', async ({ page, stack }) => {
  await signInAs(page, stack, people.admin)
  await page.goto(`${stack.portal.url}/staff/team`)
  await page.getByRole('link', { name: `Change ${people.admin.name}` }).click()
  await page.getByRole('link', { name: 'Make Manager' }).click()
  const item = (words: string) => page.getByRole('listitem').filter({ hasText: words })
  await expect(item('See whether every part works')).toBeVisible()
  await expect(item('Take away personal links')).toBeHidden()
  await page.getByLabel('May export people as files').check()
  await expect(item('Take away personal links')).toBeVisible()
  await page.getByLabel('Only people of these departments').check()
  await expect(item('See whether every part works')).toBeHidden()
  await expect(item('Take away personal links')).toBeHidden()
  await expect(item('Set the last day of a person')).toBeVisible()
})

test('the last administrator is told why they cannot leave', async ({ page, stack }) => {
  await signInAs(page, stack, people.admin)
  await page.goto(`${stack.portal.url}/staff/team`)
  await page.getByRole('link', { name: `Change ${people.admin.name}` }).click()
  await page.getByRole('link', { name: 'Remove from the team' }).click()
  await page.getByRole('button', { name: 'Remove from the team' }).click()
  await expect(page.getByText('this is the last administrator')).toBeVisible()
})

test.describe('without script', () => {
  test.use({ javaScriptEnabled: false })

  test('a link to join is copied into a field, and works as well', async ({ page, browser, stack }) => {
    await signInAs(page, stack, people.admin)
    await page.goto(`${stack.portal.url}/staff/team`)
    await page.getByRole('button', { name: 'Create an invitation link' }).click()
    await expect(page.getByRole('button', { name: 'Copy' })).toHaveCount(0)
    const link = await page.getByLabel('Link', { exact: true }).inputValue()
    const context = await browser.newContext({ javaScriptEnabled: false })
    const guest = await context.newPage()
    await guest.goto(link)
    await guest.getByLabel('Your link').fill(link)
    await guest.getByRole('button', { name: 'Sign in with ORCID and join' }).click()
    await signInAtOrcid(guest, people.josiah)
    await guest.getByRole('button', { name: 'Authorize access' }).click()
    await expect(guest).toHaveURL(/\/staff$/)
    await context.close()
  })
})

test('somebody sees where they are signed in, and ends the others', async ({ page, browser, stack }) => {
  const context = await browser.newContext()
  const elsewhere = await context.newPage()
  await signInAs(elsewhere, stack, people.admin)
  // ORCID asks for consent once.
  await page.goto(`${stack.portal.url}/sign-in`)
  await page.getByRole('button', { name: 'Sign in with ORCID' }).click()
  await signInAtOrcid(page, people.admin)
  await expect(page).toHaveURL(/\/staff$/)
  for (const path of ['/me#sessions', '/staff/sessions']) {
    await page.goto(`${stack.portal.url}${path}`)
    await expect(page.getByRole('listitem').getByText('this one')).toHaveCount(1)
    await expect(page.getByRole('button', { name: /^End session Chrome/ })).toHaveCount(1)
    await expectAccessible(page)
  }
  await page.getByRole('button', { name: 'End all other sessions' }).click()
  await expect(page).toHaveURL(/\/staff\/sessions\?note=others-ended#sessions$/)
  await expect(page.getByText('All other sessions have ended.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'End all other sessions' })).toHaveCount(0)
  await elsewhere.goto(`${stack.portal.url}/me`)
  await expect(elsewhere).toHaveURL(/\/sign-in\?to=%2Fme$/)
  await context.close()
})
