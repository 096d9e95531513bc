import type { Page } from '@playwright/test'
import pg from 'pg'
import { expect, people, signInAs, test } from '@/tests/support/browser-test'
import { addInvited, addMail } from '@/tests/support/invited'
import { expectAccessible, expectAccessibleAt, expectToFit, expectTranslated } from '@/tests/support/page-check'
import { pseudoLocale } from '@/tests/support/pseudo'
import { makeLinkOf } from '@/tests/support/unsubscribe-link'

let client: pg.Client
test.beforeEach(async ({ stack }) => {
  client = new pg.Client({ connectionString: stack.database.url })
  await client.connect()
})
test.afterEach(() => client.end())
const rows = async (sql: string, values: unknown[] = []) => (await client.query(sql, values)).rows

/** As `pages.test.ts` looks at the others, which need no link. */
async function expectGood(page: Page, origin: string) {
  await page.setViewportSize({ width: 1280, height: 900 })
  await expectAccessible(page)
  await expectAccessibleAt(page, 320, 'dark', true)
  await page.context().addCookies([{ name: 'concord.locale', value: pseudoLocale, url: origin }])
  await page.reload()
  await expectTranslated(page)
  await expectToFit(page)
  await page.context().addCookies([{ name: 'concord.locale', value: 'en', url: origin }])
  await page.reload()
}

test('somebody stops mail with two presses of keys, then all asking, and staff see it', async ({ page, stack }) => {
  const { url } = stack.portal
  const bo = await addInvited(rows, 'bo')
  const link = await makeLinkOf(bo.sent.id, stack)
  await page.goto(link)
  await expect(page.getByRole('heading', { name: 'Mail about your ORCID iD' })).toBeVisible()
  await expectGood(page, url)
  await page.getByRole('button', { name: 'Do not write to me any more about this' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByText('You get no more mail about this.')).toBeVisible()
  await expectGood(page, url)
  await page.getByRole('button', { name: 'Do not ask me again' }).click()
  await expect(page.getByText('We do not ask you again.')).toBeVisible()
  await expect(page.getByRole('main').getByRole('button')).toHaveCount(0)
  await expectGood(page, url)
  await signInAs(page, stack, people.admin)
  await page.goto(`${url}/staff/campaigns/suppressions`)
  await expect(page.getByText('One address gets no invitations')).toBeVisible()
  await expectGood(page, url)
  await page
    .getByRole('row', { name: /Wexford-bo/ })
    .getByText('Take off the list')
    .click()
  await expectAccessible(page)
  await page.getByRole('checkbox', { name: 'The person asks for it.' }).check()
  await page.getByRole('button', { name: 'Take this address off the list' }).click()
  await expect(page.getByText('The address is off the list.')).toBeVisible()
  await expectGood(page, url)
  await page.getByLabel('E-mail address').fill('someone@example.org')
  await page.getByRole('button', { name: 'Add to the list' }).click()
  await expect(page.getByText('Nobody whom we know now')).toBeVisible()
  await expectGood(page, url)
})

test('the link of a test mail and one that is broken say so', async ({ page, stack }) => {
  await signInAs(page, stack, people.admin)
  const [member] = await rows('select id::text from staff_member limit 1')
  const mail = await addMail(rows, { state: 'sent', kind: 'test', staffId: member?.id })
  await page.goto(await makeLinkOf(mail.id, stack))
  await expect(page.getByText('This link is from a test mail')).toBeVisible()
  await expectGood(page, stack.portal.url)
  await page.goto(`${stack.portal.url}/unsubscribe/mail?m=${mail.id}&s=cut-o`)
  await expect(page.getByRole('heading', { name: 'This link does not work' })).toBeVisible()
  await expectGood(page, stack.portal.url)
})
