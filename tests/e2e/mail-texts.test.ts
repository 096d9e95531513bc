import { connectAs, expect, people, test } from '@/tests/support/browser-test'
import { expectAccessible } from '@/tests/support/page-check'

const page360 = { width: 360, height: 800 }

test('the preview follows what is typed, in four looks, and without a request to another host', async ({
  page,
  stack,
}) => {
  await connectAs(page, stack, people.admin)
  const asked: string[] = []
  page.on('request', (request) => asked.push(new URL(request.url()).host))
  await page.goto(`${stack.portal.url}/staff/campaigns/texts/invitation?locale=en`)
  const wide = page.frameLocator('[data-look="light"] iframe')
  await expect(wide.getByText('Dear Josiah Carberry,')).toBeVisible()
  await page.getByLabel('Text', { exact: false }).first().fill('Hello {name}.\n\n{why}\n\n{button}')
  await page.getByLabel('Subject').fill('A <b>subject</b> for {name}')
  await expect(wide.getByText('Hello Josiah Carberry.')).toBeVisible()
  await expect(page.getByText('A <b>subject</b> for Josiah Carberry', { exact: true })).toBeVisible()
  await expect(wide.getByRole('link', { name: 'Connect your ORCID iD' })).toBeVisible()

  await page.getByLabel('Narrow').check()
  expect((await page.locator('[data-look="light"] iframe').boundingBox())?.width).toBeLessThanOrEqual(360)
  await page.getByLabel('Dark').check()
  const dark = page.frameLocator('[data-look="dark"] iframe')
  await expect(dark.locator('.surface')).toHaveCSS('background-color', 'rgb(26, 29, 33)')
  await expect(page.locator('[data-look="light"]')).toBeHidden()
  await page.getByLabel('Plain text').check()
  await expect(page.locator('.mail-plain')).toContainText('Hello Josiah Carberry.')
  await expect(page.locator('[data-look="dark"]')).toBeHidden()
  expect([...new Set(asked)]).toEqual([new URL(stack.portal.url).host])
})

test('a mail fits a narrow screen and is accessible on light and dark, and so is its page', async ({ page, stack }) => {
  await connectAs(page, stack, people.admin)
  await page.goto(`${stack.portal.url}/staff/campaigns/texts/invitation?locale=en`)
  await expectAccessible(page)
  const html = (await page.locator('[data-look="light"] iframe').getAttribute('srcdoc')) ?? ''
  await page.setViewportSize(page360)
  await page.setContent(html.replace('@media not all', '@media (prefers-color-scheme:dark)'))
  const overflow = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect(await overflow()).toBeLessThanOrEqual(0)
})

test('without script, a button shows the preview, and faults lead to their fields', async ({
  browser,
  page,
  stack,
}) => {
  await connectAs(page, stack, people.admin)
  const context = await browser.newContext({
    javaScriptEnabled: false,
    storageState: await page.context().storageState(),
  })
  const plain = await context.newPage()
  await plain.goto(`${stack.portal.url}/staff/campaigns/texts/invitation?locale=en`)
  await plain.getByLabel('Subject').fill('Seen for {name}')
  await plain.getByRole('button', { name: 'Preview without saving' }).click()
  await expect(plain.getByText('This is not saved yet.')).toBeVisible()
  await expect(plain.getByText('Seen for Josiah Carberry', { exact: true })).toBeVisible()
  await plain.getByLabel('Dark').check()
  await expect(plain.locator('[data-look="dark"] iframe')).toBeVisible()
  await plain.getByLabel('Subject').fill('For {nobody}')
  await plain.getByRole('button', { name: 'Save' }).click()
  await expect(plain).toHaveTitle(/^Error: /)
  await plain.getByRole('link', { name: 'Subject: {nobody} is not a variable.' }).click()
  await expect(plain).toHaveURL(/#subject$/)
  await expect(plain.getByLabel('Subject')).toHaveValue('For {nobody}')
  await context.close()
})
