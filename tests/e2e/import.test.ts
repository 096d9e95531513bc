import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { expect, people, signInAs, test } from '@/tests/support/browser-test'

const count = 1_000
const badEvery = 50

const rows = Array.from({ length: count }, (_, n) => ({
  id: String(n + 1).padStart(6, '0'),
  // One row in fifty has a date that is none.
  start: n % badEvery === 0 ? '31.02.2021' : '2021-03-01',
}))
const ours = `local_id,given_name,family_name,email,department,kind,title,start\r\n${rows
  .map(({ id, start }) => `${id},Given${id},Family${id},p${id}@example.org,Law,staff,Lecturer,${start}`)
  .join('\r\n')}\r\n`
const memberPortal = `email;affiliation-section;department-name;role-title;start-date;end-date\n${rows
  .map(({ id }) => `p${id}@example.org;EMPLOYMENT;History;Lecturer;2021-03-01;`)
  .join('\n')}\n`

async function upload(page: Page, url: string, text: string): Promise<void> {
  await page.goto(`${url}/staff/import`)
  const file = { name: 'roster.csv', mimeType: 'text/csv', buffer: Buffer.from(text) }
  await page.locator('input[type="file"]').setInputFiles(file)
  await page.getByRole('button', { name: 'Upload and preview' }).click()
  await expect(page.getByRole('heading', { name: 'Rows' })).toBeVisible({ timeout: 60_000 })
}

test('a roster of 1,000 people with 20 bad rows is mended by the downloaded file, and its departments come from the Member Portal', async ({
  page,
  stack,
}) => {
  test.setTimeout(180_000)
  const { url } = stack.portal
  await signInAs(page, stack, people.admin)
  await upload(page, url, ours)
  await expect(page.getByRole('link', { name: 'Refused (20)' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'New (980)' })).toBeVisible()
  await page.getByRole('link', { name: 'Refused (20)' }).click()
  await expect(page.getByText('Start: “31.02.2021” is not a date.').first()).toBeVisible()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download the refused rows with the reasons' }).click(),
  ])
  const refused = readFileSync(await download.path(), 'utf8')
  expect(refused.trim().split('\r\n')).toHaveLength(21)
  await page.getByRole('button', { name: 'Save 980 people' }).click()
  await expect(page.getByText('980 people were added, nobody changed.')).toBeVisible({ timeout: 60_000 })
  await page.getByRole('link', { name: 'New (980)' }).click()
  await expect(page.getByRole('link', { name: 'Given000002 Family000002' })).toBeVisible()
  await page.getByText('Undo this import').click()
  await expect(page.getByText('You can undo it until')).toBeVisible()
  await page.getByRole('link', { name: 'Refused (20)' }).click()
  await page.getByRole('link', { name: 'Upload the mended file' }).click()
  await expect(page).toHaveURL(/\/staff\/import\?kind=people$/)

  await upload(page, url, refused.replaceAll('31.02.2021', '2021-02-28'))
  await expect(page.getByText('Not used:')).toHaveCount(0)
  await page.getByRole('button', { name: 'Save 20 people' }).click()
  await expect(page.getByText('20 people were added, nobody changed.')).toBeVisible({ timeout: 60_000 })

  await upload(page, url, memberPortal)
  await expect(page.getByText('No column is the local identifier')).toBeVisible()
  await expect(page.getByRole('link', { name: 'Changed (1,000)' })).toBeVisible()
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Nobody was added, 1,000 changed.')).toBeVisible({ timeout: 60_000 })
})
