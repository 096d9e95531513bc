import { connectAs, expect, people, test } from '@/tests/support/browser-test'

test('a page is there before ORCID has answered, and says that it is being asked', async ({ page, stack }) => {
  await connectAs(page, stack, people.ada)
  await stack.registry.addFault({ on: 'api', fault: 'slow', delayMs: 4_000 })
  await page.goto(`${stack.portal.url}/me/record`, { waitUntil: 'commit' })
  await expect(page.getByRole('status')).toContainText('Asking ORCID')
  await expect(page.getByText('Draft of a second catalogue')).toBeHidden()
  await expect(page.getByText('Draft of a second catalogue')).toBeVisible()
})

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with script' : 'without script', {
    tag: javaScriptEnabled ? '@release' : [],
  }, () => {
    test.use({ javaScriptEnabled })

    test('a researcher sees what can be seen, gives a part of it up in words, and sees less', async ({
      page,
      stack,
    }) => {
      await connectAs(page, stack, people.ada)
      await page.goto(`${stack.portal.url}/me`)
      await page.getByText('Your data', { exact: true }).click()
      await page.getByRole('link', { name: 'see your ORCID record' }).click()
      const wait = page.getByRole('link', { name: 'Show the record on a page that waits for it' })
      if (!javaScriptEnabled) await wait.click()
      await expect(page.getByText('Draft of a second catalogue')).toBeVisible()
      await expect(page.getByRole('heading', { name: 'Employment' })).toBeVisible()
      await expect(page.getByText('Asking ORCID')).toBeHidden()

      await page.goto(`${stack.portal.url}/me`)
      await page.getByRole('button', { name: 'Continue with this choice' }).click()
      await expect(page.getByText('Nothing changed: the ticks were as before.')).toBeVisible()
      await page.locator('input[type=checkbox][value="/read-limited"]').uncheck()
      await page.getByRole('button', { name: 'Continue with this choice' }).click()
      await expect(page.getByRole('heading', { name: 'Stop allowing these?' })).toBeVisible()
      await expect(page.getByText('Nothing changes yet.', { exact: false })).toBeVisible()
      await page.getByRole('button', { name: 'Continue at ORCID' }).click()
      await page.getByRole('button', { name: 'Authorize access' }).click()
      await expect(page.getByRole('heading', { name: 'You allow less now' })).toBeVisible()

      await page.goto(`${stack.portal.url}/me/record?wait`)
      await expect(page.getByText('public data only')).toBeVisible()
      await expect(page.getByText('On the length of short examples')).toBeVisible()
      await expect(page.getByText('Draft of a second catalogue')).toBeHidden()
    })
  })
}
