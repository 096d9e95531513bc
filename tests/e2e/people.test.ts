import type { Page } from '@playwright/test'
import pg from 'pg'
import { expect, people, signInAs, test } from '@/tests/support/browser-test'
import { activate, choose, forbidMouse, signInByKeyboard, tabTo, tick } from '@/tests/support/keyboard'
import { expectAccessible, expectToFit } from '@/tests/support/page-check'
import type { Stack } from '@/tests/support/portal'
import { addResearchers } from '@/tests/support/researchers'

async function runSql(stack: Stack, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: stack.database.url })
  await client.connect()
  await client.query(sql)
  await client.end()
}

/** `count` people on the roster without an iD, with long names and departments, in every state. */
const addRoster = (stack: Stack, count: number) =>
  runSql(
    stack,
    `with added as (
       insert into person (origin, local_id, given_name, family_name, email, department, kind, state, leaves_on, known_orcid)
       select 'entered', lpad(n::text, 4, '0'), 'Zoë', 'Wolfeschlegelsteinhausenbergerdorff-' || n, 'p' || n || '@example.edu',
         case when n % 2 = 0 then 'Faculty of Humanities / Department of Comparative Literature' else 'Law' end,
         (array['staff','student','guest'])[1 + n % 3]::person_kind, (array['active','leaving','paused','left'])[1 + n % 4]::person_state,
         case when n % 4 = 1 then date '2027-03-31' end, case when n = 4 then '0000-0002-1825-0097' end
       from generate_series(1, ${count}) n returning id, kind, department)
     insert into appointment (person_id, kind, title, department, start_on, "primary")
     select id, kind, 'Research fellow', department, '2021-03', true from added`,
  )

async function signIn(page: Page, stack: Stack): Promise<void> {
  await signInAs(page, stack, people.admin)
  await expect(page).toHaveURL(/\/staff$/)
}

test('the list and its pages fit a screen of 360 px, say of every person how they stand, and weigh little', async ({
  page,
  stack,
}) => {
  test.setTimeout(120_000)
  await signIn(page, stack)
  await addResearchers(stack.database.url, 40)
  await addRoster(stack, 40)
  await page.setViewportSize({ width: 360, height: 740 })
  for (const filters of [
    '',
    '?connection=not-connected&state=leaving&department=Law',
    '?kind=guest&connection=withdrew',
  ]) {
    await page.goto(`${stack.portal.url}/staff/people${filters}`)
    await expectAccessible(page)
  }
  await page.goto(`${stack.portal.url}/staff/people`)
  await expect(page.locator('tbody tr')).toHaveCount(50)
  const bytes = await page.evaluate(async () => (await (await fetch('/staff/people')).arrayBuffer()).byteLength)
  expect(bytes).toBeLessThan(200_000)
  await page.goto(`${stack.portal.url}/staff/people?q=0004`)
  const card = page.locator('tbody tr')
  await expect(card).toContainText('Not connected')
  await expect(card).toContainText('(unauthenticated)')
  await expect(card.locator('img')).toHaveAttribute('src', '/id-icon-unauthenticated.svg')
  await card
    .getByRole('link', { name: /Wolfeschlegel/ })
    .first()
    .click()
  await expectAccessible(page)
  await page.getByRole('link', { name: 'Edit' }).click()
  await expectAccessible(page)
  await page.getByRole('textbox', { name: 'E-mail' }).fill('nowhere')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.locator('#wrong')).toContainText('This is not an e-mail address')
  await expect(page.getByRole('textbox', { name: 'E-mail' })).toHaveValue('nowhere')
  await expectAccessible(page)
})

test('without script many people get an affiliation each: ten first, then the others, and it is undone', async ({
  page,
  context,
  stack,
}) => {
  await signIn(page, stack)
  await addRoster(stack, 60)
  const plain = await (
    await context.browser()?.newContext({ javaScriptEnabled: false, storageState: await context.storageState() })
  )?.newPage()
  if (!plain) throw new Error('the browser is gone')
  await plain.setViewportSize({ width: 360, height: 740 })
  await plain.goto(`${stack.portal.url}/staff/people?department=Law`)
  await plain.getByRole('combobox', { name: 'Do this' }).selectOption('Make affiliations from appointments')
  await plain.getByRole('button', { name: 'With all that match' }).click()
  await expect(plain.getByText('30 people are selected.')).toBeVisible()
  await plain.getByRole('button', { name: 'Preview' }).click()
  await expect(plain.getByRole('alert')).toHaveText('Please choose at least one kind.')
  for (const kind of ['Staff', 'Students', 'Guests']) await plain.getByRole('checkbox', { name: kind }).check()
  await plain.getByRole('button', { name: 'Preview' }).click()
  await expect(plain.getByText('30 affiliations would be written.')).toBeVisible()
  await expectToFit(plain)
  await plain.getByRole('button', { name: 'Write the first ten' }).click()
  await expect(plain.getByText('10 are written. 20 more wait.')).toBeVisible()
  await plain.getByRole('button', { name: 'Go on with the other 20' }).click()
  await expect(plain.getByText('30 are written.')).toBeVisible()
  await plain.getByRole('link', { name: 'Undo this' }).click()
  await expect(plain.getByText('30 would be undone.')).toBeVisible()
  await plain.getByRole('button', { name: 'Undo these 30' }).click()
  await expect(plain.getByText('30 were undone.')).toBeVisible()
  await expectToFit(plain)
  await plain.context().close()
})

test('without a mouse the list is narrowed down, saved as a view, walked and ticked', { tag: '@release' }, async ({
  page,
  stack,
}) => {
  test.setTimeout(120_000)
  await forbidMouse(page)
  await addRoster(stack, 60)
  await signInByKeyboard(page, stack)
  await activate(page, page.getByRole('link', { name: 'People', exact: true }).first())
  await expect(page.getByText('Keys: / to search')).toBeVisible()
  await activate(page, page.locator('summary', { hasText: 'More filters' }))
  await choose(page, page.getByRole('combobox', { name: 'At the institution' }), 'Leaving')
  await expect(page).toHaveURL(/state=leaving/)
  await expect(page.getByText('15 people')).toBeVisible()
  await activate(page, page.locator('summary', { hasText: 'Save this view' }))
  await tabTo(page, page.getByRole('textbox', { name: 'Name', exact: true }))
  await page.keyboard.type('Leavers')
  await page.keyboard.press('Enter')
  await expect(page.getByText('The view is saved.')).toBeVisible()
  await expect(page.getByRole('link', { name: 'Leavers' })).toHaveAttribute('href', '/staff/people?state=leaving')
  await expect(page.getByText('Keys: / to search')).toBeVisible()
  await page.keyboard.press('j')
  await expect(page.locator('a.whole-row').first()).toBeFocused()
  await tick(page, page.locator('tbody tr').nth(1).getByRole('checkbox'))
  await choose(page, page.getByRole('combobox', { name: 'Do this' }), 'Mark as leaving')
  await activate(page, page.getByRole('button', { name: 'With those ticked' }))
  await expect(page.getByText('One person is selected.')).toBeVisible()
})

test('a person leads back to the list from which they were opened, with its filters', { tag: '@release' }, async ({
  page,
  stack,
}) => {
  await signIn(page, stack)
  await addResearchers(stack.database.url, 3)
  await addRoster(stack, 3)
  for (const list of ['/staff/people?connection=connected', '/staff/researchers?state=connected']) {
    await page.goto(stack.portal.url + list)
    await page.locator('tbody tr').first().getByRole('link').first().click()
    await expect(page).toHaveURL(/\/staff\/researchers\/[\dX-]+$/)
    await page
      .getByRole('main')
      .getByRole('link', { name: list.includes('people') ? 'People' : 'iDs', exact: true })
      .click()
    await expect(page).toHaveURL(stack.portal.url + list)
  }
  await page.goto(`${stack.portal.url}/staff/people?connection=not-connected`)
  await page.locator('tbody tr').first().getByRole('link').first().click()
  await page.getByRole('main').getByRole('link', { name: 'People', exact: true }).click()
  await expect(page).toHaveURL(`${stack.portal.url}/staff/people?connection=not-connected`)
})
