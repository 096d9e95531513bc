import { test as base, expect, type Page } from '@playwright/test'
import pg from 'pg'
import { emptyTables } from '@/tests/support/database'
import { type Stack, startStack } from '@/tests/support/portal'
import { makePseudoServer } from '@/tests/support/pseudo'

export { expect }

/** The people of the local registry that the browser tests act as. */
export const people = {
  admin: { orcid: '0000-0099-5475-2774', name: 'Grace Adminson' },
  ada: { orcid: '0000-0099-9458-0735', name: 'Ada Q. Example' },
  josiah: { orcid: '0000-0002-1825-0097', name: 'Josiah Carberry' },
}

type Shared = {
  /** What the portal of a file is configured with besides the usual. */
  settings: Record<string, string>
  stack: Stack & { empty(): Promise<void> }
}

/**
 * A browser at a portal, a registry and a database of its own. A test fails on anything that a page writes to the
 * console as an error, on a script error, and on any request to a host other than this machine.
 */
export const test = base.extend<{ watched: undefined; fresh: undefined }, Shared>({
  settings: [{}, { option: true, scope: 'worker' }],
  stack: [
    async ({ settings }, use) => {
      const server = makePseudoServer()
      const env = { STAFF_ADMINS: people.admin.orcid, ...settings }
      const stack = await startStack({ env, standalone: server.folder })
      const client = new pg.Client({ connectionString: stack.database.url })
      await client.connect()
      const empty = async () => {
        await stack.registry.clearFaults()
        await stack.registry.forget()
        await emptyTables(client)
      }
      await use({ ...stack, empty })
      await client.end()
      await stack.stop()
      server.remove()
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  fresh: [
    async ({ stack }, use) => {
      await stack.empty()
      await use(undefined)
    },
    { auto: true },
  ],
  watched: [
    async ({ context }, use) => {
      const complaints: string[] = []
      context.on('console', (message) => {
        if (message.type() === 'error' && !/status of (404|403|503)/.test(message.text()))
          complaints.push(message.text())
      })
      context.on('weberror', (error) => {
        // The browser says so of each fade that the next visit cuts short.
        if (!/Transition was skipped/.test(String(error.error()))) complaints.push(String(error.error()))
      })
      context.on('request', (request) => {
        const { hostname, protocol } = new URL(request.url())
        if (protocol.startsWith('http') && !['localhost', '127.0.0.1'].includes(hostname))
          complaints.push(request.url())
      })
      await use(undefined)
      expect(complaints, 'nothing to complain about').toEqual([])
    },
    { auto: true },
  ],
})

/** Chooses a person at the registry's sign-in page, where it shows one. */
export async function signInAtOrcid(page: Page, person: { orcid: string }): Promise<void> {
  await page.locator(`button[name="orcid"][value="${person.orcid}"]`).click()
}

/** From the portal's front page to the page that says how it went. */
export async function connectAs(page: Page, stack: Pick<Stack, 'portal'>, person: { orcid: string }): Promise<void> {
  await page.goto(stack.portal.url)
  await page.getByRole('button', { name: 'Create or Connect your ORCID iD' }).click()
  await signInAtOrcid(page, person)
  await page.getByRole('button', { name: 'Authorize access' }).click()
}

export async function signInAs(page: Page, stack: Pick<Stack, 'portal'>, person: { orcid: string }): Promise<void> {
  await page.goto(`${stack.portal.url}/sign-in`)
  await page.getByRole('button', { name: 'Sign in with ORCID' }).click()
  await signInAtOrcid(page, person)
  await page.getByRole('button', { name: 'Authorize access' }).click()
}

/** Opens the menu of the header. A page that still loads may swallow a click. */
export async function openSiteMenu(page: Page): Promise<void> {
  const menu = page.getByRole('banner').locator('details')
  await expect(async () => {
    if ((await menu.getAttribute('open')) === null) await menu.locator('summary').click({ timeout: 2_000 })
    await expect(menu.getByRole('button').first()).toBeVisible({ timeout: 1_000 })
  }).toPass()
}
