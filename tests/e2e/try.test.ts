import type { Page } from '@playwright/test'
import { expect, people, signInAs, signInAtOrcid, test } from '@/tests/support/browser-test'
import { expectAccessible } from '@/tests/support/page-check'

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with script' : 'without script', {
    tag: !javaScriptEnabled ? '@release' : [],
  }, () => {
    test.use({ javaScriptEnabled })
    // axe runs as a script of the page.
    const look = async (page: Page) => (javaScriptEnabled ? expectAccessible(page) : undefined)

    test('an administrator walks the flow from the URL to the revocation, and sees what a code used twice does', async ({
      page,
      stack,
    }) => {
      await signInAs(page, stack, people.admin)
      await page.goto(`${stack.portal.url}/staff/try`)
      await look(page)
      await page.getByRole('button', { name: 'Create the URL' }).click()
      await expect(page.getByRole('textbox', { name: 'Authorization URL' })).toHaveValue(
        /\/oauth\/authorize\?client_id=.*nonce=/,
      )
      await look(page)

      await page.getByRole('link', { name: 'Go to ORCID' }).click()
      await page.locator('#content').getByRole('link', { name: 'Sign out' }).click()
      await signInAtOrcid(page, people.ada)
      await page.getByRole('button', { name: 'Authorize access' }).click()
      await expect(page).toHaveURL(/\/staff\/try\?trial=/)
      await expect(page.getByText('GET /api/auth/callback/orcid?code=••••••&state=••••••')).toBeVisible()

      const toSend = page.getByRole('region', { name: 'The request that “Exchange” sends' })
      await expect(toSend).toContainText('client_secret=••••••')
      await page.getByRole('button', { name: 'Exchange', exact: true }).click()
      const exchange = page.getByRole('article', { name: 'The exchange' })
      await expect(exchange.getByText('grant_type=authorization_code')).toBeVisible()
      await expect(exchange.getByText('client_secret=••••••')).toBeVisible()
      await expect(exchange.getByText('It worked.')).toBeVisible()
      await expect(exchange.getByText(`"orcid": "${people.ada.orcid}"`)).toBeVisible()
      await expect(exchange.getByText('"access_token": "••••••"')).toBeVisible()
      await look(page)

      await page.getByRole('button', { name: 'Read the record' }).click()
      await expect(page.getByRole('article', { name: 'Read the record' }).getByText('It worked.')).toBeVisible()
      await page.getByLabel('Section').selectOption('employments')
      await page.getByRole('button', { name: 'Read this section' }).click()
      await expect(page.getByRole('article', { name: 'Read one section' }).getByText('It worked.')).toBeVisible()
      await page.getByRole('button', { name: 'Add an affiliation' }).click()
      await expect(page.getByText('The entry was added.')).toBeVisible()
      const added = async () =>
        (await stack.registry.record(people.ada.orcid)).items.filter((item) =>
          JSON.stringify(item).includes('Trial entry'),
        )
      expect(await added()).toHaveLength(1)
      await page.getByRole('button', { name: 'Delete that affiliation' }).click()
      await expect(page.getByText('The entry was deleted.')).toBeVisible()
      expect(await added()).toHaveLength(0)

      await page.getByRole('button', { name: 'Exchange the same code again' }).click()
      const again = page.getByRole('article', { name: 'The same code once more' })
      await expect(again.getByText('it was used before')).toBeVisible()
      await expect(page.getByText('ORCID does not accept this token')).toBeVisible()

      await page.getByRole('button', { name: 'Revoke the token and end the trial' }).click()
      await expect(page.getByRole('article', { name: 'Revoke the token' }).getByText('It worked.')).toBeVisible()
      await look(page)
      const { tokens } = await stack.registry.state()
      expect(tokens.filter(({ live, orcid }) => live && orcid === people.ada.orcid)).toEqual([])
      const unknown = await page.goto(`${stack.portal.url}/staff/researchers/${people.ada.orcid}`)
      expect(unknown?.status()).toBe(404)
    })

    test('a token of the client’s own reads what is public, and is revoked', async ({ page, stack }) => {
      await signInAs(page, stack, people.admin)
      await page.goto(`${stack.portal.url}/staff/try`)
      await page.getByRole('button', { name: 'Get a token with client credentials' }).click()
      await expect(page.getByText('grant_type=client_credentials')).toBeVisible()
      await page.getByLabel('ORCID iD of the record').fill('0000-0002-1825-0098')
      await page.getByRole('button', { name: 'Read public data' }).click()
      await expect(page.getByRole('main').getByRole('alert')).toContainText('This is not an ORCID iD')
      await page.getByLabel('ORCID iD of the record').fill(people.josiah.orcid)
      await page.getByRole('button', { name: 'Read public data' }).click()
      await expect(page.getByRole('article', { name: 'Read the record' }).getByText('It worked.')).toBeVisible()
      await look(page)
      await page.getByRole('button', { name: 'Revoke the token and end the trial' }).click()
      await expect(page.getByRole('article', { name: 'Revoke the token' }).getByText('It worked.')).toBeVisible()
      const { tokens } = await stack.registry.state()
      expect(tokens.filter(({ live, scopes }) => live && scopes.includes('/read-public'))).toEqual([])
    })
  })
}

test('the pasted link ends in another browser on a page which says that nothing was recorded', async ({
  page,
  browser,
  stack,
}) => {
  await signInAs(page, stack, people.admin)
  await page.goto(`${stack.portal.url}/staff/try`)
  await page.getByRole('button', { name: 'Create the URL' }).click()
  const url = await page.getByRole('textbox', { name: 'Authorization URL' }).inputValue()
  const before = (await stack.registry.state()).tokenRequests.length
  for (const { press, title } of [
    { press: 'Deny access', title: 'This was a trial, and you declined' },
    { press: 'Authorize access', title: 'This was a trial' },
  ]) {
    const other = await (await browser.newContext()).newPage()
    await other.goto(url)
    await signInAtOrcid(other, people.josiah)
    await other.getByRole('button', { name: press }).click()
    await expect(other.getByRole('heading', { level: 1 })).toHaveText(title)
    await expectAccessible(other)
    await other.context().close()
  }
  expect((await stack.registry.state()).tokenRequests).toHaveLength(before)
  await page.reload()
  await expect(page.getByText('in another browser: the code was left unused').first()).toBeVisible()
  await page.getByRole('button', { name: 'Exchange', exact: true }).click()
  await expect(page.getByRole('main').getByRole('alert')).toContainText('There is no code yet.')
})
