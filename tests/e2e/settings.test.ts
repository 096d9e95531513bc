import { expect, people, signInAs, test } from '@/tests/support/browser-test'
import { expectAccessible } from '@/tests/support/page-check'

// What the environment does not set is for the settings page.
test.use({ settings: { INSTITUTION_NAME: '', SUPPORT_EMAIL: '' } })

test('an administrator names the institution, colours it and says why it asks, and the front page and the history have it', async ({
  page,
  stack,
}) => {
  const at = (path: string) => `${stack.portal.url}${path}`
  await page.goto(at('/'))
  await expect(page.getByText('This portal is not ready yet', { exact: false })).toBeVisible()
  await signInAs(page, stack, people.admin)
  await page.goto(at('/staff'))
  await page.getByRole('link', { name: 'Settings' }).click()
  await expect(page.getByText('Nobody can connect yet.', { exact: false })).toBeVisible()

  await page.getByLabel('Name', { exact: false }).first().fill('Example College')
  await page.getByLabel('Accent colour', { exact: false }).fill('#ffcc00')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  const fault = page.getByRole('alert').getByRole('link')
  await expect(fault).toContainText('has to be 4.5:1')
  const nearest = /passes is (#[0-9a-f]{6})/.exec((await fault.textContent()) ?? '')?.[1] ?? ''
  await expect(page.getByLabel('Name', { exact: false }).first()).toHaveValue('Example College')

  await page.getByLabel('Accent colour', { exact: false }).fill(nearest)
  await page.getByRole('button', { name: 'Preview without saving' }).click()
  await expect(page.getByText('This is not saved yet.')).toBeVisible()
  const preview = page.getByRole('region', { name: 'Preview of the front page' })
  await expect(preview.getByText('Example College').first()).toBeVisible()
  await expect(page.getByRole('banner')).not.toContainText('Example College')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByRole('banner')).toContainText('Example College')
  expect(await page.evaluate(() => document.documentElement.style.getPropertyValue('--accent-light'))).toBe(nearest)

  await page.getByRole('link', { name: 'Contact and links' }).click()
  await page.getByLabel('Contact address', { exact: false }).fill('ids@example.edu')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByText('Saved.')).toBeVisible()
  await page.getByRole('link', { name: 'Texts and reasons' }).click()
  await page.getByLabel('Reason: Read what is set').fill('so that nobody asks you for a list again')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByText('Saved.')).toBeVisible()

  await page.goto(at('/'))
  await expect(page.getByText('so that nobody asks you for a list again')).toBeVisible()
  const contact = page.getByRole('contentinfo').getByRole('link', { name: 'Contact' })
  await expect(contact).toHaveAttribute('href', /ids@example\.edu/)
  await page.goto(at('/staff/audit?action=settings.changed'))
  await expect(page.getByText('so that nobody asks you for a list again')).toBeVisible()
  await expect(page.getByText('Name: not set → Example College')).toBeVisible()
})

test('what the environment sets is there to read, with the name of its variable', async ({ page, stack }) => {
  await signInAs(page, stack, people.admin)
  await page.goto(`${stack.portal.url}/staff/settings?section=contact`)
  await expect(
    page.getByText('Set by PRIVACY_URL in the environment. Ask whoever runs the server to change it.'),
  ).toBeVisible()
  await expect(page.locator('[name="PRIVACY_URL"]')).toHaveCount(0)
  await page.goto(`${stack.portal.url}/staff/search?q=sett`)
  await expect(page.getByRole('main').getByRole('link', { name: 'Settings' })).toBeVisible()
})

test('the settings are accessible and fit 360 pixels', async ({ page, stack }) => {
  await signInAs(page, stack, people.admin)
  await page.setViewportSize({ width: 360, height: 800 })
  for (const section of ['identity', 'contact', 'languages', 'texts', 'defaults']) {
    await page.goto(`${stack.portal.url}/staff/settings?section=${section}`)
    await expectAccessible(page)
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    expect(overflow, section).toBeLessThanOrEqual(0)
  }
})
