import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '@/scripts/processes'
import { expect, people, signInAs, test } from '@/tests/support/browser-test'
import { expectAccessible } from '@/tests/support/page-check'
import { makeSelfSigned } from '@/tests/support/self-signed'
import { addSystemRow } from '@/tests/support/system-row'
import { startReceiver } from '@/tests/support/webhook-receiver'

const pair = makeSelfSigned()
const authority = join(root, '.concord', 'webhook-authority.pem')
mkdirSync(join(root, '.concord'), { recursive: true })
writeFileSync(authority, pair.cert)
test.use({ settings: { NODE_EXTRA_CA_CERTS: authority, WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8' } })

test('an administrator adds a webhook, sends a test, sees that it arrived, and sends it again', async ({
  page,
  stack,
}) => {
  const receiver = await startReceiver(pair)
  const systems = `${stack.portal.url}/staff/systems`
  await signInAs(page, stack, people.admin)
  const system = await addSystemRow(stack.database.url)
  await page.goto(`${systems}/${system}`)
  await page.getByRole('link', { name: 'Events' }).click()
  await expectAccessible(page)
  await page.locator('#url').fill(receiver.url.replace('https', 'http'))
  await page.getByRole('button', { name: 'Switch on and show the secret' }).click()
  await expect(page.getByText('Not saved. Write an address that begins with https://')).toBeVisible()
  await page.locator('#url').fill('https://10.0.0.1:9999/')
  await page.getByRole('button', { name: 'Switch on and show the secret' }).click()
  await expect(page.getByText('Not saved. This host leads to a private address')).toBeVisible()
  await page.locator('#url').fill(`https://127.0.0.1:${receiver.port}/`)
  await page.getByRole('button', { name: 'Switch on and show the secret' }).click()
  receiver.state.secret = await page.getByLabel('Signing secret').inputValue()
  await expectAccessible(page)
  await page.goto(`${systems}/${system}/events`)
  await expect(page.getByText('On', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Send a test' }).click()
  await expect(page.getByText('The test is on its way.')).toBeVisible()
  const row = page.getByRole('row').filter({ hasText: 'webhook.test' })
  const expectTries = (tries: number) =>
    expect(async () => {
      await page.goto(`${systems}/${system}/events`)
      await expect(row).toContainText('Delivered', { timeout: 500 })
      expect(receiver.received.map(({ type }) => type)).toEqual(Array(tries).fill('webhook.test'))
    }).toPass()
  await expectTries(1)
  await expectAccessible(page)
  await row.getByRole('button', { name: 'Send again' }).click()
  await expectTries(2)
  expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(1)
  expect(receiver.refused).toEqual([])
  receiver.state.answer = (response) => response.writeHead(503).end()
  await page.getByRole('button', { name: 'Send a test' }).click()
  await expect(async () => {
    await page.goto(`${systems}/${system}/events`)
    await expect(page.getByText('On, but failing')).toBeVisible({ timeout: 500 })
  }).toPass()
  await page.locator('summary', { hasText: 'Remove the webhook' }).click()
  await page.getByLabel('Forget the address, the secret and all deliveries.').check()
  await page.getByRole('button', { name: 'Remove the webhook' }).click()
  await expect(page.getByText('The webhook is removed.')).toBeVisible()
  await receiver.close()
})
