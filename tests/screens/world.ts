import { join } from 'node:path'
import { type BrowserContext, test as base, type Page } from '@playwright/test'
import { seed } from '@/prisma/seed'
import { addKnownPeopleToRoster } from '@/scripts/local-roster'
import { onDatabase } from '@/scripts/on-database'
import { root } from '@/scripts/processes'
import { moveTimes, seededAt } from '@/tests/screens/move-times'
import { connectAs, expect, people } from '@/tests/support/browser-test'
import { createTestDatabase } from '@/tests/support/database'
import { startPortal, type TestPortal } from '@/tests/support/portal'
import { startTestRegistry } from '@/tests/support/registry'

export type World = {
  url: string
  admin: BrowserContext
  researcher: BrowserContext
  /** By how much the times of the database were moved. */
  movedMs: number
  /** Paths that are made while the world is. */
  paths: { system: string; campaign: string; import: string; receipt: string; reference: string }
}

/** A portal of the same 1,060 people each time, an administrator and a researcher who are signed in, and something of each kind. */
export const test = base.extend<object, { world: World }>({
  world: [
    async ({ browser }, use) => {
      const database = await createTestDatabase()
      await seed(database.url, { researchers: 500, unconnected: 560, now: seededAt })
      const movedMs = await onDatabase(database.url, async (client) => {
        await addKnownPeopleToRoster(client)
        return moveTimes(client)
      })
      const registry = await startTestRegistry()
      const crest = join(root, 'scripts', 'crest.svg')
      const env = { STAFF_ADMINS: people.admin.orcid, INSTITUTION_LOGO: crest, INSTITUTION_LOGO_DARK: crest }
      const portal = await startPortal({ databaseUrl: database.portalUrl, registry, env })
      const newContext = () => browser.newContext({ locale: 'en-GB', timezoneId: 'UTC', reducedMotion: 'reduce' })
      const [admin, researcher] = [await newContext(), await newContext()]
      const paths = await furnish({ portal, admin, researcher })
      await use({ url: portal.url, admin, researcher, movedMs, paths })
      await Promise.all([admin.close(), researcher.close()])
      await portal.stop()
      await registry.close()
      await database.drop()
    },
    { scope: 'worker', timeout: 300_000 },
  ],
})

type Making = { portal: TestPortal; admin: BrowserContext; researcher: BrowserContext }

async function furnish({ portal, admin, researcher }: Making): Promise<World['paths']> {
  const [page, ada] = [await admin.newPage(), await researcher.newPage()]
  await connectAs(page, { portal }, people.admin)
  const { system, key } = await addSystem(page, portal.url)
  await connectAs(ada, { portal }, people.ada)
  await ada.goto(`${portal.url}/me`)
  await ada.getByRole('button', { name: 'Yes, this is me' }).click()
  await sendWork(portal.url, key)
  const receipt = await receiptOf(ada, portal.url)
  const campaign = await draftCampaign(page, portal.url)
  const imported = await uploadRoster(page, portal.url)
  await Promise.all([page.close(), ada.close()])
  const reference = receipt.replace('/me/receipts', '/staff/attempts')
  return { system, campaign, import: imported, receipt, reference }
}

const pathOf = (page: Page) => new URL(page.url()).pathname

async function addSystem(page: Page, url: string): Promise<{ system: string; key: string }> {
  await page.goto(`${url}/staff/systems/new`)
  await page.locator('#name').fill('Staff pages')
  for (const field of await page.getByLabel(/^Purpose, in/).all()) {
    await field.fill('Shows your works and your position on your staff page.')
  }
  await page.getByLabel('Contact').fill('pages@example.org')
  for (const right of ['See people', 'Read records', 'Write works']) await page.getByLabel(right).check()
  await page.getByLabel('Read what is set to “Everyone” or “Trusted parties”').check()
  await page.getByLabel('Add and update activities').check()
  await page.getByRole('button', { name: 'Add the system' }).click()
  const system = pathOf(page)
  await page.locator('summary', { hasText: 'Make a key' }).click()
  await page.locator('#name').fill('web server')
  await page.locator('input[name=kind][value=key]').check()
  await page.getByRole('button', { name: 'Make it and show it once' }).click()
  return { system, key: await page.getByLabel('Key', { exact: true }).inputValue() }
}

async function sendWork(url: string, key: string): Promise<void> {
  const ask = (path: string, body?: object) =>
    fetch(`${url}/api/v1/orcid/${people.ada.orcid}${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { Authorization: `Bearer ${key}`, Accept: 'application/json', 'Content-Type': 'application/json' },
      body: body && JSON.stringify(body),
    })
  expect((await ask('/person')).status).toBe(200)
  const ids = {
    'external-id': [
      {
        'external-id-type': 'doi',
        'external-id-value': '10.5072/bees',
        'external-id-relationship': 'self',
      },
    ],
  }
  const work = {
    title: { title: { value: 'How bees find their way home' } },
    type: 'journal-article',
    'external-ids': ids,
    'publication-date': { year: { value: '2026' } },
    'journal-title': { value: 'Journal of Examples' },
  }
  expect((await ask('/work', work)).status).toBe(202)
}

async function receiptOf(page: Page, url: string): Promise<string> {
  await page.goto(`${url}/me`)
  const href = await page.locator('a[href^="/me/receipts/"]').first().getAttribute('href')
  return String(href)
}

async function draftCampaign(page: Page, url: string): Promise<string> {
  await page.goto(`${url}/staff/campaigns/new`)
  await page.getByLabel('Name').fill('Autumn')
  await page.getByLabel('Why we ask, for staff').fill('Half of the staff are not connected yet.')
  await page.getByRole('button', { name: 'Make a draft' }).click()
  await page.getByLabel('These people, and anybody with the link').check()
  await page.getByLabel('Filters of the list of people').fill('kind=staff')
  await page.locator('#scope-read-limited').check()
  await page.getByRole('button', { name: 'Save' }).click()
  return pathOf(page).replace(/\/edit$/, '')
}

const roster = Array.from({ length: 40 }, (_, n) => {
  const start = n % 20 === 0 ? '31.02.2021' : '2021-03-01'
  return `n${1_000 + n},Given,Newcomer ${n},newcomer${n}@example.org,Law,staff,Lecturer,${start}`
})

async function uploadRoster(page: Page, url: string): Promise<string> {
  await page.goto(`${url}/staff/import`)
  const text = ['local_id,given_name,family_name,email,department,kind,title,start', ...roster].join('\r\n')
  await page
    .locator('input[type="file"]')
    .setInputFiles({ name: 'newcomers.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
  await page.getByRole('button', { name: 'Upload and preview' }).click()
  await expect(page.getByRole('heading', { name: 'Rows' })).toBeVisible({ timeout: 60_000 })
  return pathOf(page)
}
