import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { test as base, connectAs, expect, people, signInAs, signInAtOrcid } from '@/tests/support/browser-test'
import { createTestDatabase } from '@/tests/support/database'
import { type OrcidShapedProvider, startOrcidShapedProvider } from '@/tests/support/orcid-shaped-provider'
import { expectAccessible } from '@/tests/support/page-check'
import { startPortal, type TestPortal } from '@/tests/support/portal'

type Fixture = { portal: TestPortal; provider: OrcidShapedProvider }

// Without the portal and the local registry of the other tests.
const test = base.extend({ fresh: async ({ watched }, use) => use(watched) })

const ends: (() => Promise<void>)[] = []
test.afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

/** A portal at a certified provider of somebody else's: what only our own registry would accept fails here. */
async function startFixture(api: 'member' | 'public'): Promise<Fixture> {
  const database = await createTestDatabase()
  ends.unshift(database.drop)
  const provider = await startOrcidShapedProvider(api)
  ends.unshift(provider.close)
  const env = { ORCID_API: api, STAFF_ADMINS: people.admin.orcid }
  const portal = await startPortal({ databaseUrl: database.portalUrl, registry: provider, env })
  ends.unshift(portal.stop)
  ends.push(async () => {
    const warnings = portal.logs.filter((line) => /"level":[456]0\b/.test(line))
    expect(warnings, 'nothing that the portal finds strange').toEqual([])
  })
  return { portal, provider }
}

const tokensOf = ({ provider }: Fixture, { orcid }: { orcid: string }) =>
  provider.liveTokens().filter((token) => token.orcid === orcid)

/** From the form of a trial to its page with the code, as somebody who has not signed in at the provider. */
async function getCode(page: Page, { portal }: Fixture, person: { orcid: string }, press: string): Promise<void> {
  await page.goto(`${portal.url}/staff/try`)
  await page.getByRole('button', { name: 'Create the URL' }).click()
  await page.context().clearCookies({ domain: '127.0.0.1' })
  await page.getByRole('link', { name: 'Go to ORCID' }).click()
  await signInAtOrcid(page, person)
  await page.getByRole('button', { name: press }).click()
  await expect(page).toHaveURL(/\/staff\/try\?trial=/)
}

async function press(page: Page, button: string, heading: string): Promise<void> {
  await page.getByRole('button', { name: button, exact: true }).click()
  await expect(page.getByRole('article', { name: heading }).getByText('It worked.')).toBeVisible()
}

test('a trial at a foreign provider goes from the URL to the revocation, and no token of it is left there', {
  tag: '@release',
}, async ({ page }) => {
  const fixture = await startFixture('member')
  const { provider } = fixture
  await signInAs(page, fixture, people.admin)
  await getCode(page, fixture, people.ada, 'Deny access')
  await expect(page.getByText('error=access_denied')).toBeVisible()

  await getCode(page, fixture, people.ada, 'Authorize access')
  await expect(page.getByText('GET /api/auth/callback/orcid?code=••••••&state=••••••')).toBeVisible()
  await press(page, 'Exchange', 'The exchange')
  const exchange = page.getByRole('article', { name: 'The exchange' })
  await expect(exchange.getByText(`"orcid": "${people.ada.orcid}"`)).toBeVisible()
  await expect(exchange.getByText('"access_token": "••••••"')).toBeVisible()
  await expectAccessible(page)
  await press(page, 'Read the record', 'Read the record')
  await page.getByLabel('Section').selectOption('employments')
  await press(page, 'Read this section', 'Read one section')
  await page.getByRole('button', { name: 'Add an affiliation' }).click()
  await expect(page.getByText('The entry was added.')).toBeVisible()
  expect(provider.titlesOf(people.ada.orcid)).toContain('Trial entry')
  await page.getByRole('button', { name: 'Delete that affiliation' }).click()
  await expect(page.getByText('The entry was deleted.')).toBeVisible()
  expect(provider.titlesOf(people.ada.orcid)).not.toContain('Trial entry')
  await page.getByRole('button', { name: 'Exchange the same code again' }).click()
  await expect(page.getByRole('article', { name: 'The same code once more' })).toContainText('it was used before')
  await expect(page.getByText('ORCID does not accept this token')).toBeVisible()
  expect(tokensOf(fixture, people.ada)).toEqual([])
  await press(page, 'Revoke the token and end the trial', 'Revoke the token')

  await getCode(page, fixture, people.ada, 'Authorize access')
  await press(page, 'Exchange', 'The exchange')
  expect(tokensOf(fixture, people.ada).map(({ kind }) => kind)).toEqual(['AccessToken', 'RefreshToken'])
  await press(page, 'Revoke the token and end the trial', 'Revoke the token')
  expect(tokensOf(fixture, people.ada)).toEqual([])
  const unknown = await page.goto(`${fixture.portal.url}/staff/researchers/${people.ada.orcid}`)
  expect(unknown?.status()).toBe(404)
})

test('a token of the client’s own from a foreign provider reads what is public, and is revoked there', async ({
  page,
}) => {
  const fixture = await startFixture('member')
  await signInAs(page, fixture, people.admin)
  await page.goto(`${fixture.portal.url}/staff/try`)
  await page.getByRole('button', { name: 'Get a token with client credentials' }).click()
  await expect(page.getByText('grant_type=client_credentials')).toBeVisible()
  const own = () => fixture.provider.liveTokens().filter(({ kind }) => kind === 'ClientCredentials')
  expect(own()).toEqual([{ kind: 'ClientCredentials', orcid: null, scopes: ['/read-public'] }])
  await page.getByLabel('ORCID iD of the record').fill(people.josiah.orcid)
  await press(page, 'Read public data', 'Read the record')
  await expect(page.getByText('Reader in foreign languages')).toBeVisible()
  await press(page, 'Revoke the token and end the trial', 'Revoke the token')
  expect(own()).toEqual([])
})

test('with public credentials at a foreign provider a person connects, is read, listed and exported, and withdraws', {
  tag: '@release',
}, async ({ page, browser }) => {
  const fixture = await startFixture('public')
  const { url } = fixture.portal
  await connectAs(page, fixture, people.ada)
  await expect(page).toHaveURL(/\/connect\/connected$/)
  await expect(page.getByRole('main').getByText(people.ada.name)).toBeVisible()
  await page.goto(`${url}/me/record`)
  await expect(page.getByText('Reader in foreign languages')).toBeVisible()
  expect(tokensOf(fixture, people.ada).map(({ kind, scopes }) => [kind, ...scopes])).toContainEqual([
    'AccessToken',
    'openid',
  ])

  const staff = await (await browser.newContext()).newPage()
  const main = staff.getByRole('main')
  await signInAs(staff, fixture, people.admin)
  await staff.goto(`${url}/staff/researchers/${people.ada.orcid}`)
  await main.getByRole('button', { name: 'Check now at ORCID' }).click()
  await expect(main.getByText('ORCID was asked just now.')).toBeVisible()
  await staff.goto(`${url}/staff/researchers`)
  await expect(main.getByRole('row', { name: people.ada.name })).toContainText('Identity only')
  await staff.goto(`${url}/staff/researchers/${people.ada.orcid}`)
  await main.getByRole('link', { name: 'See the ORCID record' }).click()
  await expect(main.getByText('Reader in foreign languages')).toBeVisible()
  await staff.goto(`${url}/staff/exports`)
  await main.getByRole('button', { name: 'Export' }).click()
  await expect(staff.getByRole('heading', { level: 1 })).toHaveText('Sign in again to continue')
  await expectAccessible(staff)
  await main.getByRole('button', { name: 'Sign in with ORCID' }).click()
  await signInAtOrcid(staff, people.admin)
  await expect(staff).toHaveURL(/\/staff\/exports/)
  const [download] = await Promise.all([
    staff.waitForEvent('download'),
    main.getByRole('button', { name: 'Export' }).click(),
  ])
  expect(await readFile(await download.path(), 'utf8')).toContain(people.ada.orcid)

  await page.goto(`${url}/me/withdraw`)
  await page.getByRole('button', { name: 'Stop all access' }).click()
  await expect(page).toHaveURL(/\/me\/withdrawn$/)
  await expect.poll(() => tokensOf(fixture, people.ada)).toEqual([])
  await staff.goto(`${url}/staff/researchers`)
  await expect(main.getByRole('row', { name: people.ada.name })).toContainText('Withdrawn')

  await getCode(staff, fixture, people.josiah, 'Authorize access')
  await press(staff, 'Exchange', 'The exchange')
  await press(staff, 'Read the record', 'Read the record')
  await press(staff, 'Revoke the token and end the trial', 'Revoke the token')
  expect(tokensOf(fixture, people.josiah)).toEqual([])
  await staff.context().close()
})
