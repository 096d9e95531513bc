import pg from 'pg'
import { connectAs, expect, people, signInAs, test } from '@/tests/support/browser-test'
import { expectAccessibleAt, expectToFit, expectTranslated } from '@/tests/support/page-check'
import { pseudoLocale } from '@/tests/support/pseudo'

const { admin, ada, josiah } = people

const roster = `
  insert into person (local_id, given_name, family_name, email, department, known_orcid, origin) values
    ('0007', 'Anna Maria', 'Müller', 'anna.maria.mueller@faculty-of-science.example.edu', 'Faculty of Science / Physics', $1, 'imported'),
    ('0008', 'Ada', 'Example', 'ada@example.edu', 'Law', $2, 'imported'),
    ('0009', 'Ada Quill', 'Example', null, 'Law', null, 'imported')`

const more = `
  with josiah as (select id, researcher_id from person where orcid = $1), ada as (select id from person where orcid = $2),
    nine as (select id from person where local_id = '0009'), seven as (select id from person where local_id = '0007')
  insert into conflict (kind, person_id, other_person_id, researcher_id, evidence)
  select 'two_people_are_one'::conflict_kind, ada.id, nine.id, null, '{}'::text[] from ada, nine
  union all select 'one_person_two_ids', ada.id, josiah.id, josiah.researcher_id, '{}' from ada, josiah
  union all select 'proposal', nine.id, josiah.id, josiah.researcher_id, '{names,email}' from nine, josiah
  union all select 'proposal', josiah.id, null, josiah.researcher_id, '{domain}' from josiah`

test('a manager finds a conflict on the overview, compares both sides, decides, and takes it back', {
  tag: '@release',
}, async ({ page, stack, browser }) => {
  test.setTimeout(300_000)
  const { url } = stack.portal
  const client = new pg.Client({ connectionString: stack.database.url })
  await client.connect()
  await client.query(roster, [josiah.orcid, ada.orcid])
  for (const person of [josiah, ada]) {
    const context = await browser.newContext()
    await connectAs(await context.newPage(), stack, person)
    await context.close()
  }
  await client.query(more, [josiah.orcid, ada.orcid])
  await client.end()

  await signInAs(page, stack, admin)
  await page.goto(`${url}/staff`)
  await page.getByRole('link', { name: /iD conflicts to resolve/ }).click()
  await expect(page).toHaveURL(/\/staff\/conflicts\?kind=conflict$/)
  await page.getByRole('link', { name: 'Clear all filters' }).click()
  await expect(page).toHaveURL(/\/staff\/conflicts$/)
  const paths = ['/staff/conflicts', '/staff/conflicts?kind=proposal']
  for (const link of await page.locator('a[href^="/staff/conflicts/"]').all()) {
    paths.push(String(await link.getAttribute('href')))
  }
  expect(paths).toHaveLength(7)

  for (const [index, path] of [...paths, `/staff/researchers/${ada.orcid}`].entries()) {
    const [wide, narrow] = index % 2 ? (['dark', 'light'] as const) : (['light', 'dark'] as const)
    await page.context().addCookies([{ name: 'concord.locale', value: 'en', url }])
    await page.goto(`${url}${path}`)
    await expectAccessibleAt(page, 320, narrow, true)
    await page.context().addCookies([{ name: 'concord.locale', value: pseudoLocale, url }])
    await page.goto(`${url}${path}`)
    await expectTranslated(page)
    await expectToFit(page)
    await expectAccessibleAt(page, 1280, wide)
  }

  await page.context().addCookies([{ name: 'concord.locale', value: 'en', url }])
  await page.goto(`${url}/staff/conflicts`)
  await page.getByRole('link', { name: 'Very different names' }).click()
  await expect(page.getByRole('region', { name: 'Anna Maria Müller' })).toContainText('0007')
  await expect(page.getByRole('region', { name: 'Josiah Carberry' })).toContainText('Only an iD is known')
  // Without a reason the browser asks for one.
  await page.getByRole('button', { name: 'They are the same person' }).click()
  await expect(page.getByLabel('Reason', { exact: true })).toBeFocused()
  await page.getByLabel('Reason', { exact: true }).fill('Her maiden name')
  await page.getByRole('button', { name: 'They are the same person' }).click()
  await expect(page.getByText('Decided. You can reopen it at any time.')).toBeVisible()
  await page.getByText('Reopen', { exact: true }).first().click()
  await page.getByLabel('Reason', { exact: true }).fill('Mixed up')
  await page.getByRole('button', { name: 'Reopen' }).click()
  await expect(page.getByText('The question is open again, and both sides are as before.')).toBeVisible()
  await page.getByRole('button', { name: 'They are not the same' }).click()
  await expect(page.getByRole('heading', { name: 'Left as it was' })).toBeVisible()
})
