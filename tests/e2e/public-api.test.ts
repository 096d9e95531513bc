import { connectAs, expect, people, signInAs, test } from '@/tests/support/browser-test'
import { expectAccessible } from '@/tests/support/page-check'

test.use({ settings: { ORCID_API: 'public' } })

const talkOfMore = /read-limited|activities|add(ed)? to your|affiliation|(permit|allow) (more|less)|what to allow/i

test('a researcher is asked for their iD alone, connects, sees what is public, and withdraws', async ({
  page,
  stack,
}) => {
  const main = page.getByRole('main')
  const open = async (path: string) => {
    await page.goto(`${stack.portal.url}${path}`)
    await expectAccessible(page)
    await expect(main).not.toContainText(talkOfMore)
  }
  await open('/')
  await expect(main.getByRole('listitem')).toContainText(['Know your iD'])
  await open('/connect')
  await expect(main.getByRole('checkbox')).toHaveCount(0)

  await connectAs(page, stack, people.ada)
  await expect(page).toHaveURL(/\/connect\/connected$/)
  await expect(main.getByText('Your iD is saved.')).toBeVisible()
  await expectAccessible(page)
  await expect(main).not.toContainText(talkOfMore)

  await open('/me')
  await expect(main.getByText('We ask for nothing else.')).toBeVisible()
  await expect(main.getByRole('button', { name: 'Connect again' })).toHaveCount(0)
  await page.goto(`${stack.portal.url}/me/record`)
  await expect(main.getByText('Read as anybody can read it')).toBeVisible()
  await expect(main.getByText('On the length of short examples')).toBeVisible()
  await expect(main.getByText('Draft of a second catalogue')).toHaveCount(0)
  await expectAccessible(page)

  await open('/me/erase')
  await open('/me/withdraw')
  await page.getByRole('button', { name: 'Stop all access' }).click()
  await expect(page).toHaveURL(/\/me\/withdrawn$/)
  await expectAccessible(page)
  await expect(main).not.toContainText(talkOfMore)
  const theirs = async () =>
    (await stack.registry.state()).tokens.filter(({ live, orcid }) => live && orcid === people.ada.orcid)
  await expect.poll(theirs).toEqual([])
  await open('/me')
  await expect(main.getByRole('button', { name: 'Connect again' })).toBeVisible()
})

test('a researcher who says no is offered nothing less, because there is nothing less', async ({ page, stack }) => {
  await page.goto(stack.portal.url)
  await page.getByRole('button', { name: 'Create or Connect your ORCID iD' }).click()
  await page.locator(`button[name="orcid"][value="${people.ada.orcid}"]`).click()
  await page.getByRole('button', { name: 'Deny access' }).click()
  await expect(page).toHaveURL(/\/connect\/denied/)
  await expectAccessible(page)
  await expect(page.getByRole('main').getByRole('button')).toHaveCount(0)
  await page.getByRole('main').getByRole('link', { name: 'Start again' }).click()
  await expect(page.getByRole('button', { name: 'Create or Connect your ORCID iD' })).toBeVisible()
})

test('staff list, check, read and export, and are offered nothing that needs Member credentials', {
  tag: '@release',
}, async ({ page, browser, stack }) => {
  const context = await browser.newContext()
  await connectAs(await context.newPage(), stack, people.ada)
  await context.close()
  await signInAs(page, stack, people.admin)
  const main = page.getByRole('main')
  const open = async (path: string) => {
    await page.goto(`${stack.portal.url}${path}`)
    await expectAccessible(page)
    await expect(page.getByRole('link', { name: /affiliation|writes/i })).toHaveCount(0)
  }

  await open('/staff')
  await expect(main.getByRole('link', { name: 'One person is connected' })).toBeVisible()
  await open('/staff/figures')
  await expect(main.getByRole('link', { name: /^1\s*identity only$/ })).toBeVisible()
  await expect(main.getByText(/allow less than|over time|by permission/i)).toHaveCount(0)
  await open('/staff/departments')

  await open('/staff/researchers')
  await expect(main.getByRole('columnheader')).toHaveText(['Name', 'iD', 'State', 'Last checked'])
  const states = await main.locator('select[name=state] option').allTextContents()
  expect(states).toContain('Identity only')
  expect(states).not.toContain('Connected')
  await page.setViewportSize({ width: 360, height: 740 })
  await expectAccessible(page)
  await page.setViewportSize({ width: 1280, height: 900 })

  await open(`/staff/researchers/${people.ada.orcid}`)
  await main.getByRole('button', { name: 'Check now at ORCID' }).click()
  await expect(main.getByText('ORCID was asked just now.')).toBeVisible()
  await main.getByRole('link', { name: 'See the ORCID record' }).click()
  await expect(main.getByText('Read as anybody can read it')).toBeVisible()
  await expectAccessible(page)

  await open('/staff/exports')
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    main.getByRole('button', { name: 'Export' }).click(),
  ])
  const { readFile } = await import('node:fs/promises')
  expect(await readFile(await download.path(), 'utf8')).toContain(people.ada.orcid)
})

test('a page that needs Member credentials says why it offers nothing, and what membership adds', async ({
  page,
  stack,
}) => {
  await signInAs(page, stack, people.admin)
  for (const path of ['/staff/affiliations', '/staff/affiliations/confirm']) {
    await page.goto(`${stack.portal.url}${path}`)
    await expectAccessible(page)
    const main = page.getByRole('main')
    await expect(main.getByText('This portal has ORCID’s Public API credentials')).toBeVisible()
    await expect(main.getByRole('heading', { name: 'What ORCID membership adds' })).toBeVisible()
    await expect(main.getByRole('listitem')).toContainText(['ask researchers', 'Trusted parties', 'affiliations'])
    await expect(main.locator('form')).toHaveCount(0)
    await expect(page.locator('nav [aria-current]')).toHaveCount(0)
  }
})

test('an administrator tries the flow with what these credentials may ask for', { tag: '@release' }, async ({
  page,
  stack,
}) => {
  await signInAs(page, stack, people.admin)
  await page.goto(`${stack.portal.url}/staff/try`)
  await expect(page.getByText('This portal has ORCID’s Public API credentials').first()).toBeVisible()
  await expectAccessible(page)
  await page.getByLabel('More scopes').fill('/read-limited')
  await page.getByRole('button', { name: 'Create the URL' }).click()
  await expect(page.getByText('The credentials of this portal may not ask for “/read-limited”.')).toBeVisible()
  await page.getByLabel('More scopes').fill('')
  await page.getByRole('button', { name: 'Create the URL' }).click()
  await page.getByRole('link', { name: 'Go to ORCID' }).click()
  const authorize = page.getByRole('button', { name: 'Authorize access' })
  if (!page.url().startsWith(stack.portal.url)) await authorize.click()
  await expect(page).toHaveURL(/\/staff\/try\?trial=/)
  await page.getByRole('button', { name: 'Exchange', exact: true }).click()
  await expect(page.getByRole('article', { name: 'The exchange' }).getByText('It worked.')).toBeVisible()
  await page.getByRole('button', { name: 'Read the record' }).click()
  await expect(page.getByRole('article', { name: 'Read the record' }).getByText('It worked.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Add an affiliation' })).toHaveCount(0)
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Revoke the token and end the trial' }).click()
  await expect(page.getByRole('article', { name: 'Revoke the token' }).getByText('It worked.')).toBeVisible()
})
