import { connectAs, expect, people, signInAs, test } from '@/tests/support/browser-test'
import { expectAccessible } from '@/tests/support/page-check'

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with script' : 'without script', {
    tag: !javaScriptEnabled ? '@release' : [],
  }, () => {
    test.use({ javaScriptEnabled })

    test('a researcher erases everything in two steps and is unknown afterwards', async ({ page, stack }) => {
      await connectAs(page, stack, people.ada)
      await page.goto(`${stack.portal.url}/me`)
      await page.getByText('Your data', { exact: true }).click()
      await page.getByRole('link', { name: 'erase everything' }).click()
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Erase everything about you?')
      await expect(page.getByRole('heading', { name: 'What stays, and why' })).toBeVisible()
      if (javaScriptEnabled) await expectAccessible(page)
      await page.getByRole('button', { name: 'Continue to erase' }).click()

      await expect(page).toHaveURL(/\/me\/erase\/confirm\??$/)
      if (javaScriptEnabled) await expectAccessible(page)
      await page.getByRole('button', { name: 'Erase everything' }).click()
      await expect(page, 'the box is not ticked').toHaveURL(/\/me\/erase\/confirm\??$/)
      await page.getByRole('checkbox').check()
      await page.getByRole('button', { name: 'Erase everything' }).click()
      await expect(page).toHaveURL(/\/erased$/)
      await expect(page.getByRole('link', { name: 'Sign in' })).toBeVisible()
      if (javaScriptEnabled) await expectAccessible(page)
      await expect.poll(async () => (await stack.registry.state()).tokens.filter(({ live }) => live)).toEqual([])

      await page.goto(`${stack.portal.url}/me`)
      await expect(page).toHaveURL(/\/sign-in\?to=%2Fme$/)
    })
  })
}

test('an administrator erases a person from their page, by a reason of a list', async ({ page, browser, stack }) => {
  const context = await browser.newContext()
  await connectAs(await context.newPage(), stack, people.ada)
  await context.close()

  await signInAs(page, stack, people.admin)
  await page.goto(`${stack.portal.url}/staff/researchers/${people.ada.orcid}`)
  await page.getByRole('link', { name: 'Erase this person' }).click()
  await page.getByLabel('They asked for it').check()
  await page.getByRole('button', { name: 'Continue to erase' }).click()
  await expect(page.getByRole('main').getByText('They asked for it')).toBeVisible()
  await page.getByRole('checkbox').check()
  await page.getByRole('button', { name: 'Erase this person' }).click()
  await expect(page).toHaveURL(/\/staff\/researchers\/erased$/)
  await page.getByRole('link', { name: 'All researchers' }).click()
  await expect(page.getByText(people.ada.name)).toHaveCount(0)
})
