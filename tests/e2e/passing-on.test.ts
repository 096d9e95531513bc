import type { Page } from '@playwright/test'
import { connectAs, expect, people, signInAs, test } from '@/tests/support/browser-test'
import { expectAccessible } from '@/tests/support/page-check'

const purpose = 'Keeps your staff page and your record up to date.'
const doi = '10.5072/passing-on'

async function addSystem(page: Page, portal: { url: string }): Promise<void> {
  await page.goto(`${portal.url}/staff/systems/new`)
  await page.locator('#name').fill('CRIS')
  for (const field of await page.getByLabel(/^Purpose, in/).all()) await field.fill(purpose)
  await page.getByLabel('Contact').fill('cris@example.org')
  for (const right of ['See people', 'Read records', 'Write affiliations', 'Write works']) {
    await page.getByLabel(right).check()
  }
  await page.getByLabel('Read what is set to “Everyone” or “Trusted parties”').check()
  await page.getByLabel('Add and update activities').check()
  await page.getByRole('button', { name: 'Add the system' }).click()
}

/** The key, from the one page that shows it. */
async function makeKey(page: Page): Promise<string> {
  await page.locator('summary', { hasText: 'Make a key' }).click()
  await page.locator('#name').fill('server')
  await page.locator('input[name=kind][value=key]').check()
  await page.getByRole('button', { name: 'Make it and show it once' }).click()
  const key = await page.getByLabel('Key', { exact: true }).inputValue()
  await page.reload()
  await expect(page.getByText('A key is shown once.')).toBeVisible()
  return key
}

const identified = (type: string, value: string) => ({
  'external-ids': {
    'external-id': [{ 'external-id-type': type, 'external-id-value': value, 'external-id-relationship': 'self' }],
  },
})

test('a system reads a record, writes a position and a work, and is refused once the person has stopped it', async ({
  page,
  browser,
  stack,
}) => {
  test.setTimeout(120_000)
  const { portal, registry } = stack
  await signInAs(page, stack, people.admin)
  await addSystem(page, portal)
  const key = await makeKey(page)
  const record = `${portal.url}/api/v1/orcid/${people.ada.orcid}`
  const ask = (path: string, body?: object) =>
    fetch(`${record}${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { Authorization: `Bearer ${key}`, Accept: 'application/json', 'Content-Type': 'application/json' },
      body: body && JSON.stringify(body),
    })

  expect((await ask('/person')).status).toBe(404)
  const context = await browser.newContext()
  const ada = await context.newPage()
  await connectAs(ada, stack, people.ada)
  const read = await ask('/person')
  expect(read.status).toBe(200)
  expect((await read.json()).path).toContain(people.ada.orcid)

  const position = {
    'role-title': 'Lecturer',
    organization: { name: 'University of Example' },
    ...identified('other-id', 'hr-1'),
  }
  const employed = await ask('/employment', position)
  expect([employed.status, await employed.text()]).toEqual([201, ''])
  expect(employed.headers.get('location')).toMatch(/\/employment\/\d+$/)
  const work = { title: { title: { value: 'On bees' } }, type: 'journal-article', ...identified('doi', doi) }
  expect((await ask('/work', work)).status).toBe(202)

  await ada.goto(`${portal.url}/me/works`)
  await expect(ada.getByText('On bees', { exact: true }).first()).toBeVisible()
  await ada.getByRole('button', { name: 'Add On bees', exact: true }).click()
  await expect(async () => {
    const { items } = await registry.record(people.ada.orcid)
    expect(
      items
        .filter(({ source }) => source?.clientId === registry.clientId)
        .map(({ section }) => section)
        .sort(),
    ).toEqual(['employment', 'work'])
  }).toPass({ timeout: 30_000 })

  await ada.goto(`${portal.url}/me/systems`)
  const card = ada.getByRole('listitem').filter({ has: ada.getByRole('heading', { name: 'CRIS' }) })
  for (const words of ['reads your record, once', 'Lecturer · Employment', 'On bees · Work', 'In ORCID']) {
    await expect(card).toContainText(words)
  }
  await expectAccessible(ada)
  await ada.getByRole('button', { name: 'Stop this one' }).click()
  await expect(ada.getByText(/^Stopped since/)).toBeVisible()
  const refused = await ask('/person')
  expect([refused.status, (await refused.json()).code]).toEqual([403, 'not_permitted'])
  expect((await ask('/employment', position)).status).toBe(403)
  await context.close()
})
