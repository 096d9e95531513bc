import pg from 'pg'
import { connectAs, expect, people, test } from '@/tests/support/browser-test'
import { expectAccessible } from '@/tests/support/page-check'

test('a researcher opens the receipt of a permission, prints it on one sheet and takes it as a file', async ({
  page,
  stack,
}) => {
  await connectAs(page, stack, people.ada)
  const database = new pg.Client({ connectionString: stack.database.url })
  await database.connect()
  await database.query(`select graphile_worker.add_job('audit-checkpoint')`)
  await expect.poll(async () => (await database.query('select 1 from audit_checkpoint')).rowCount).toBeGreaterThan(0)
  await database.end()

  await page.goto(`${stack.portal.url}/me`)
  await page.getByText('All your permissions, past and present').click()
  await page.getByRole('link', { name: /^Receipt of the permission given on / }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Receipt of a permission')
  const main = page.getByRole('main')
  await expect(main.getByText(people.ada.name)).toBeVisible()
  await expect(main.getByText('/read-limited', { exact: true })).toBeVisible()
  await expect(main.getByText('Connect your ORCID iD')).toBeVisible()
  await expect(main.getByText('Opens this receipt')).toBeVisible()
  await expect(main.getByText(/under checkpoint \d/)).toBeHidden()
  await main.getByText('Technical details: what proves it').click()
  await expect(main.getByText(/under checkpoint \d/)).toBeVisible()
  await expectAccessible(page)

  await main.getByText('Technical details: what proves it').click()
  const sheet = await page.pdf({ preferCSSPageSize: true })
  expect(sheet.toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(1)
  await page.emulateMedia({ media: 'print' })
  await expect(main.getByText('University of Example', { exact: true })).toBeVisible()
  await expect(main.getByText(/under checkpoint \d/)).toBeVisible()
  await expect(page.getByRole('link', { name: 'Download as a file (JSON-LD)' })).toBeHidden()
  await page.emulateMedia({ media: 'screen' })

  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download as a file (JSON-LD)' }).click(),
  ])
  expect(file.suggestedFilename()).toMatch(/^receipt-[0-9A-Z]{4}-[0-9A-Z]{4}\.jsonld$/)
  await page.getByRole('link', { name: 'My connection' }).first().click()
  await expect(page).toHaveURL(/\/me$/)
})
