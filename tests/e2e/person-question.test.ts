import type { Page } from '@playwright/test'
import pg from 'pg'
import { ourItems } from '@/tests/support/affiliations'
import { connectAs, expect, people, test } from '@/tests/support/browser-test'
import { expectAccessible } from '@/tests/support/page-check'
import type { Stack } from '@/tests/support/portal'

/** Ada on the roster with her iD, and two entries that wait for her. */
async function addAda({ database }: Stack): Promise<void> {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query(
    `with ada as (
       insert into person (local_id, given_name, family_name, email, department, kind, origin, known_orcid)
       values ('hr-4711', 'Ada', 'Example', 'ada@example.org', 'Physics', 'staff', 'imported', $1) returning id)
     insert into affiliation (person_id, kind, external_id, title, department, start_on, origin, state)
     select id, 'employment', title, title, 'Physics', '2021-03', 'imported', 'waiting_for_person'
     from ada, unnest('{Lecturer, Head of the laboratory}'::text[]) as title`,
    [people.ada.orcid],
  )
  await client.end()
}

const question = (page: Page) =>
  page.getByRole('region', { name: 'Are you Ada Example, Physics? Are these entries right?' })
const titles = async ({ registry }: Stack) =>
  (await ourItems(registry, people.ada.orcid)).map(({ content }) => content['role-title']).sort()

test('somebody whom the roster has is asked who they are, sees what ORCID receives, leaves one entry out, and says yes', async ({
  page,
  stack,
}) => {
  await addAda(stack)
  await connectAs(page, stack, people.ada)
  await page.getByRole('link', { name: 'Answer the question' }).click()
  await expect(question(page)).toBeVisible()
  await expect(page.locator('main')).not.toContainText('hr-4711')
  await expect(page.locator('main')).not.toContainText('ada@example.org')
  await expectAccessible(page)
  await question(page).getByText('Exactly what ORCID receives Lecturer').click()
  await expect(question(page).getByText('"role-title": "Lecturer"')).toBeVisible()
  await question(page).getByRole('button', { name: 'This entry is wrong Head of the laboratory' }).click()
  await page.getByRole('button', { name: 'Yes, this is me' }).click()
  await expect(page.getByRole('button', { name: 'Yes, this is me' })).toHaveCount(0)

  const items = page.getByRole('region', { name: 'Entries that we added to your record' })
  await expect
    .poll(async () => {
      await page.reload()
      return items.getByText('In ORCID', { exact: true }).count()
    })
    .toBe(1)
  expect(await titles(stack)).toEqual(['Lecturer'])
  const known = page.getByRole('region', { name: 'University of Example knows you as Ada Example' })
  await expect(known).toContainText('hr-4711')
  await expect(known).toContainText('You confirmed this on')
  await expectAccessible(page)

  const putBack = items.getByRole('button', { name: 'Put back on my record Head of the laboratory' })
  await putBack.click()
  await expect(putBack).toHaveCount(0)
  await expect
    .poll(async () => {
      await page.reload()
      return items.getByText('In ORCID', { exact: true }).count()
    })
    .toBe(2)
  expect(await titles(stack)).toEqual(['Head of the laboratory', 'Lecturer'])
})

test('without scripts somebody says that they are not that person, also after they had said yes, and has everything removed', async ({
  browser,
  stack,
}) => {
  await addAda(stack)
  const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage()
  await connectAs(page, stack, people.ada)
  await page.goto(`${stack.portal.url}/me`)
  await page.getByRole('button', { name: 'Yes, this is me' }).click()
  await expect.poll(() => titles(stack)).toEqual(['Head of the laboratory', 'Lecturer'])

  await page.goto(`${stack.portal.url}/me`)
  await page.getByText(/knows you as/).click()
  await page.getByRole('button', { name: 'This is not me' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('We no longer take you for that person')
  await expect(page.locator('main')).toContainText('Reference')
  await page.getByRole('button', { name: 'Remove these 2 entries from my record' }).click()
  await expect.poll(() => titles(stack)).toEqual([])
  await page.goto(`${stack.portal.url}/me`)
  await expect(page.locator('main')).not.toContainText('Ada Example')
  await expect(page.getByText('We wrote this because we took you for somebody else.')).toHaveCount(2)
  await expect(page.getByRole('button', { name: /Put back/ })).toHaveCount(0)
})

test('somebody who says no at once sees what was stopped', async ({ page, stack }) => {
  await addAda(stack)
  await connectAs(page, stack, people.ada)
  await page.goto(`${stack.portal.url}/me`)
  await page.getByRole('button', { name: 'This is not me' }).click()
  await expect(page.locator('main')).toContainText('2 entries were waiting. We stopped them')
  await expectAccessible(page)
  expect(await titles(stack)).toEqual([])
})
