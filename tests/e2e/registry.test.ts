import { expect, test } from '@playwright/test'
import { people } from '@/tests/support/browser-test'
import { expectAccessible } from '@/tests/support/page-check'
import { startTestRegistry, type TestRegistry } from '@/tests/support/registry'

// The local registry alone: its pages need no portal.
let registry: TestRegistry
test.beforeAll(async () => {
  registry = await startTestRegistry()
})
test.afterAll(() => registry.close())

// A full record; and on a narrow screen a very long name, one written from right to left, and a record with nothing in it.
const owners = {
  1280: [people.ada.orcid],
  320: ['0000-0099-2040-5600', '0000-0099-0293-1375', '0000-0099-6224-1544'],
}

for (const width of [1280, 320] as const) {
  test(`the page of one’s own record is accessible in light and dark and fits at ${width} px`, {
    tag: width === 1280 ? '@release' : [],
  }, async ({ page }) => {
    await page.setViewportSize({ width, height: 900 })
    for (const orcid of owners[width]) {
      await page.goto(`${registry.url}/signin`)
      await page.locator(`button[name="orcid"][value="${orcid}"]`).click()
      await page.goto(`${registry.url}/my-orcid?deleted`)
      await expectAccessible(page)
    }
  })
}

test('a person deletes an item of their record by its name', async ({ page }) => {
  await page.goto(`${registry.url}/signin`)
  await page.getByRole('button', { name: people.ada.orcid }).click()
  await page.getByRole('link', { name: 'My record' }).click()
  const works = page.getByRole('region', { name: 'Works' })
  await expect(works.getByRole('listitem')).toHaveCount(5)
  await works.getByRole('button', { name: 'Delete A catalogue of counterexamples' }).click()
  await expect(page.getByRole('status')).toHaveText('The item was deleted from your record.')
  await expect(works.getByRole('listitem')).toHaveCount(4)
  await expect(works).not.toContainText('counterexamples')
})
