import type { Page } from '@playwright/test'
import { connectAs, expect, people, signInAs, test } from '@/tests/support/browser-test'
import { expectAccessible } from '@/tests/support/page-check'

const purpose = 'Shows your works on your staff page.'

async function addSystem(page: Page, portal: { url: string }): Promise<void> {
  await page.goto(`${portal.url}/staff/systems`)
  await page.getByRole('link', { name: 'Add a system' }).first().click()
  await page.getByRole('button', { name: 'Add the system' }).click()
  await expect(page.locator('#wrong')).toContainText('Choose at least one right.')
  await expectAccessible(page)
  await page.locator('#name').fill('Staff pages')
  for (const field of await page.getByLabel(/^Purpose, in/).all()) await field.fill(purpose)
  await page.getByLabel('Contact').fill('pages@example.org')
  await page.getByLabel('See people').check()
  await page.getByLabel('Read records').check()
  await page.getByLabel('Department 1').fill('Nowhere')
  await page.getByRole('button', { name: 'Add the system' }).click()
  await expect(page.locator('#wrong')).toContainText(
    '“Read records” needs the ORCID scope: Read what is set to “Everyone” or “Trusted parties”',
  )
  await expect(page.locator('#wrong')).toContainText('Nobody is in: Nowhere.')
  await expect(page.getByLabel('Name of the processor or member')).toBeHidden()
  await expect(page.getByLabel('Client id of the member at ORCID')).toBeHidden()
  await page.getByLabel('Department 1').fill('')
  await page.getByLabel('Read what is set to “Everyone” or “Trusted parties”').check()
  await page.getByRole('button', { name: 'Add the system' }).click()
  await expect(page.getByText('It can do nothing until it has a key.')).toBeVisible()
  await expectAccessible(page)
}

async function makeKey(page: Page, name: string, kind: string): Promise<void> {
  await page.locator('summary', { hasText: 'Make a key' }).click()
  await page.locator('#name').fill(name)
  await page.locator(`input[name=kind][value=${kind}]`).check()
  await page.getByRole('button', { name: 'Make it and show it once' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('The new key')
  await expectAccessible(page)
}

test('an administrator adds a system and shows its key once; a researcher reads of it, sees it and stops it', async ({
  page,
  browser,
  stack,
}) => {
  const { portal } = stack
  await signInAs(page, stack, people.admin)
  await addSystem(page, portal)
  await makeKey(page, 'web server', 'key')
  const key = await page.getByLabel('Key', { exact: true }).inputValue()
  expect(key).toMatch(/^cnc_test_[0-9A-Za-z]{38}$/)
  await page.reload()
  await expect(page.getByText('A key is shown once.')).toBeVisible()
  await page.getByRole('link', { name: 'Staff pages' }).click()
  await expect(page.getByText(`${key.slice(0, 13)}…`)).toBeVisible()
  expect(await page.content()).not.toContain(key.slice(0, 20))
  await expect(page.getByText('It may send requests.')).toBeVisible()
  await makeKey(page, 'batch', 'client')
  const [clientId, secret] = [
    await page.getByLabel('Client id').inputValue(),
    await page.getByLabel('Client secret').inputValue(),
  ]
  const ask = (fields: Record<string, string>) =>
    fetch(`${portal.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(fields) })
  const client = { grant_type: 'client_credentials', client_id: clientId, client_secret: secret }
  const given = await ask({ ...client, scope: 'people:read' })
  expect(given.headers.get('cache-control')).toBe('no-store')
  expect(await given.json()).toMatchObject({ token_type: 'Bearer', expires_in: 900, scope: 'people:read' })
  const refusals = [
    await ask({ ...client, scope: 'works:write' }),
    await ask({ ...client, grant_type: 'password' }),
    await ask({ ...client, client_secret: key }),
  ]
  expect(await Promise.all(refusals.map(async (one) => [one.status, (await one.json()).error]))).toEqual([
    [400, 'invalid_scope'],
    [400, 'unsupported_grant_type'],
    [401, 'invalid_client'],
  ])

  const context = await browser.newContext()
  const ada = await context.newPage()
  await ada.goto(portal.url)
  await ada.getByText('What each permission covers').click()
  await expect(ada.getByText(`Staff pages reads your record: ${purpose}`)).toBeVisible()
  await expectAccessible(ada)
  await connectAs(ada, stack, people.ada)
  await ada.goto(`${portal.url}/me`)
  await ada.getByRole('link', { name: 'Systems that use what you allow' }).click()
  await expect(ada.getByText('One system uses what you allow.')).toBeVisible()
  await expect(ada.getByText(purpose)).toBeVisible()
  await expectAccessible(ada)
  await ada.getByRole('button', { name: 'Pause' }).click()
  await expect(ada.getByText(/^Paused since/)).toBeVisible()
  await ada.goto(`${portal.url}/me`)
  await expect(ada.getByText('All is well. You paused one system.', { exact: false })).toBeVisible()
  await expect(ada.getByText('We have written nothing to your ORCID record.')).toBeVisible()
  await ada.goto(`${portal.url}/me/systems`)
  await ada.getByRole('button', { name: 'Resume' }).click()
  await expect(ada.getByText('May use what you allow')).toBeVisible()
  await ada.getByRole('button', { name: 'Stop this one' }).click()
  await expect(ada.getByText(/^Stopped since/)).toBeVisible()
  await expect(ada.getByText('No system listed here uses what you allow.')).toBeVisible()
  await expectAccessible(ada)
  await ada.goto(`${portal.url}/me`)
  await expect(ada.getByText('You stopped a system: Staff pages')).toBeVisible()
  await context.close()

  await page.goto(`${portal.url}/staff/systems`)
  await page.getByRole('link', { name: 'Staff pages' }).click()
  await page.locator('summary', { hasText: 'Revoke' }).first().click()
  await page.getByLabel('Requests with it fail at once.').first().check()
  await page.getByRole('button', { name: 'Revoke' }).first().click()
  await expect(page.getByText('Revoked. The next request with it is refused.')).toBeVisible()
  await expectAccessible(page)
})

test('somebody who connected before a system came is told on their page, and it begins two weeks later', {
  tag: '@release',
}, async ({ page, browser, stack }) => {
  const context = await browser.newContext()
  const ada = await context.newPage()
  await connectAs(ada, stack, people.ada)
  await signInAs(page, stack, people.admin)
  await addSystem(page, stack.portal)
  await expect(page.getByText('Told 0 of 1; 0 are covered.')).toBeVisible()
  await ada.goto(`${stack.portal.url}/me`)
  await expect(ada.getByText(`Staff pages wants to use what you allow: “${purpose}”`)).toBeVisible()
  await expect(ada.getByText('One new system wants to use what you allow.', { exact: false })).toBeVisible()
  await expect(ada.getByText('All is well')).toHaveCount(0)
  await expectAccessible(ada)
  await ada.getByRole('link', { name: 'See who uses what you allow' }).click()
  await expect(ada.getByText(/^Begins on/)).toBeVisible()
  await page.reload()
  await expect(page.getByText('Told 1 of 1; 0 are covered.')).toBeVisible()
  await expect(page.getByText(/It sees nobody before \d/)).toBeVisible()
  await page.locator('summary', { hasText: 'Who they are (1)' }).click()
  await expect(page.getByRole('listitem').filter({ hasText: people.ada.name })).toContainText(/Told; covered from \d/)
  await expectAccessible(page)
  await ada.locator('summary', { hasText: 'Stop all systems' }).click()
  await ada.getByLabel('Stop all systems for me.').check()
  await ada.getByRole('button', { name: 'Stop all systems' }).click()
  await expect(ada.getByText('All systems are stopped for you.')).toBeVisible()
  await context.close()
})
