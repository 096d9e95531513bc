import { connectAs, expect, people, signInAtOrcid, test } from '@/tests/support/browser-test'
import { expectAccessible } from '@/tests/support/page-check'

const usual = { interstitial: false, codeLifetimeS: 600 }
const longEnoughMs = 1_200

test.afterEach(({ stack }) => stack.registry.configure(usual))

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with script' : 'without script', {
    tag: javaScriptEnabled ? '@release' : [],
  }, () => {
    test.use({ javaScriptEnabled })

    test('whom ORCID sends to us is told so, and connects with one button', async ({
      page,
      stack: { registry, portal },
    }) => {
      const asked = new URLSearchParams({
        client_id: registry.clientId,
        response_type: 'code',
        scope: 'openid /read-limited /activities/update /person/update',
        redirect_uri: `${portal.url}/connect/from-orcid`,
      })
      await page.goto(`${registry.url}/oauth/authorize?${asked}`)
      await signInAtOrcid(page, people.ada)
      await page.getByRole('button', { name: 'Authorize access' }).click()
      await expect(page).toHaveURL(/\/connect\/sent-by-orcid\?ref=[0-9A-Z-]{9}$/)
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('ORCID sent you to us')
      expect((await registry.state()).tokenRequests).toEqual([])
      await page.getByRole('button', { name: 'Create or Connect your ORCID iD' }).click()
      await expect(page).toHaveURL(/\/connect\/connected$/)
      await expect(page.getByRole('main').getByText(people.ada.name)).toBeVisible()
    })

    test('whose code grew old at ORCID’s own questions asks once more and is connected', async ({ page, stack }) => {
      await stack.registry.configure({ interstitial: true, codeLifetimeS: 1 })
      await connectAs(page, stack, people.ada)
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Share your e-mail domain?')
      await page.waitForTimeout(longEnoughMs)
      await page.getByRole('link', { name: 'Continue' }).click()
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('ORCID’s answer reached us too late')
      await stack.registry.configure({ codeLifetimeS: 600 })
      await page.getByRole('button', { name: 'Ask ORCID again' }).click()
      await expect(page).toHaveURL(/\/connect\/connected$/)
      expect((await stack.registry.state()).tokens.filter(({ live }) => live)).toHaveLength(1)
    })
  })
}

test('a way back that the browser has prefetched leads to “Connected”', async ({ page, context, stack }) => {
  await stack.registry.configure({ interstitial: true })
  await connectAs(page, stack, people.ada)
  await expectAccessible(page)
  const onward = page.getByRole('link', { name: 'Continue' })
  const callback = (await onward.getAttribute('href')) ?? ''
  const tab = await context.newPage()
  await tab.goto(stack.portal.url)
  const prefetched = tab.waitForResponse(callback)
  await tab.evaluate((href) => {
    const link = Object.assign(document.createElement('link'), { rel: 'prefetch', href })
    document.head.append(link)
  }, callback)
  expect((await prefetched).status()).toBe(503)
  expect((await stack.registry.state()).tokenRequests).toEqual([])
  await onward.click()
  await expect(page).toHaveURL(/\/connect\/connected$/)
})
