import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext } from '@playwright/test'
import { expect, test } from '@/tests/support/browser-test'
import { expectAccessible, expectAccessibleAt } from '@/tests/support/page-check'

const trap = 'http://trap.localhost'
const hostile = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 64 32"
  onload="document.documentElement.setAttribute('data-ran', 'onload')">
  <style>@import url(${trap}/style.css); rect { fill: #1d4f91 }</style>
  <script>document.documentElement.setAttribute('data-script', 'ran'); fetch('${trap}/script')</script>
  <script href="${trap}/script.js"/>
  <rect width="64" height="32"/>
  <image href="${trap}/image.png" width="9" height="9"/>
  <image xlink:href="/me" width="9" height="9"/>
  <foreignObject width="9" height="9">
    <body xmlns="http://www.w3.org/1999/xhtml">
      <iframe src="${trap}/frame"/>
      <img src="${trap}/img.png" onerror="document.documentElement.setAttribute('data-ran', 'onerror')"/>
    </body>
  </foreignObject>
</svg>`

const file = join(mkdtempSync(join(tmpdir(), 'concord-logo-')), 'logo.svg')
writeFileSync(file, hostile)

test.use({ settings: { INSTITUTION_LOGO: file, INSTITUTION_TIME_ZONE: 'Europe/Madrid', INSTITUTION_COUNTRY: 'ES' } })

/** Every request that gets as far as another host. */
async function setTrap(context: BrowserContext): Promise<string[]> {
  const caught: string[] = []
  await context.route(`${trap}/**`, async (route) => {
    caught.push(route.request().url().slice(trap.length))
    await route.fulfill({ body: '' })
  })
  return caught
}

test('nothing in a logo runs and nothing is fetched, neither in a page nor where somebody opens it alone', async ({
  browser,
  stack,
}) => {
  const context = await browser.newContext()
  const caught = await setTrap(context)
  const page = await context.newPage()
  const marks = () =>
    page.locator(':root').evaluate((root) => root.getAttributeNames().filter((name) => /^data-/.test(name)))

  // As a check of the trap: the same drawing where nothing holds it back.
  await context.route('http://unprotected.localhost/logo.svg', (route) =>
    route.fulfill({ contentType: 'image/svg+xml', body: readFileSync(file, 'utf8') }),
  )
  await page.goto('http://unprotected.localhost/logo.svg')
  await expect
    .poll(() => caught.toSorted())
    .toEqual(expect.arrayContaining(['/frame', '/image.png', '/img.png', '/script', '/script.js', '/style.css']))
  expect((await marks()).toSorted()).toEqual(['data-ran', 'data-script'])

  caught.length = 0
  for (const query of ['', '?theme=dark']) {
    await page.goto(`${stack.portal.url}/logo${query}`, { waitUntil: 'networkidle' })
    expect(await marks()).toEqual([])
  }
  await page.goto(stack.portal.url, { waitUntil: 'networkidle' })
  const logo = page.getByRole('banner').locator('img').first()
  expect(await logo.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth > 0)).toBe(true)
  expect(await marks()).toEqual([])
  expect(caught).toEqual([])
  await context.close()
})

test('the header has the logo beside the name, on white in the dark, and the page says its time zone', async ({
  page,
  stack,
}) => {
  await page.emulateMedia({ colorScheme: 'light' })
  await page.goto(stack.portal.url)
  const home = page.getByRole('banner').getByRole('link', { name: 'University of Example', exact: true })
  const plate = home.locator('picture')
  await expect(plate).toHaveCSS('background-color', 'rgba(0, 0, 0, 0)')
  await expect(home.locator('img')).toHaveCSS('height', '32px')
  await page.emulateMedia({ colorScheme: 'dark' })
  await expect(plate).toHaveCSS('background-color', 'rgb(255, 255, 255)')
  await expect(page.getByRole('contentinfo')).toContainText('Times are in Europe/Madrid')
  await expectAccessible(page)
  await expectAccessibleAt(page, 320, 'light')
})
