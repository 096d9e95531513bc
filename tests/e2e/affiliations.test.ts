import type { Page } from '@playwright/test'
import pg from 'pg'
import { ourItems, row, toCsv } from '@/tests/support/affiliations'
import { connectAs, expect, people, signInAs, signInAtOrcid, test } from '@/tests/support/browser-test'
import { expectAccessible } from '@/tests/support/page-check'
import type { Stack } from '@/tests/support/portal'

const ten = Array.from({ length: 10 }, (_, index) =>
  row(people.ada.orcid, { external_id: `hr-${index + 1}`, title: `Lecturer in subject ${index + 1}` }),
)

async function upload(page: Page, stack: Stack, csv: string, kind = 'affiliations'): Promise<void> {
  await page.goto(`${stack.portal.url}/staff/import?kind=${kind}`)
  const file = { name: 'staff.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) }
  await page.locator('input[type="file"]').setInputFiles(file)
  await page.getByRole('button', { name: 'Upload and preview' }).click()
  await expect(page.getByRole('heading', { name: 'Rows' })).toBeVisible({ timeout: 60_000 })
}

const countInOrcid = async (stack: Stack) => (await ourItems(stack.registry, people.ada.orcid)).length

/** What the timetable does in its time. */
async function runJob(stack: Stack, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: stack.database.url })
  await client.connect()
  await client.query(sql, [people.ada.orcid])
  await client.end()
}

const compareWithRecord = (stack: Stack) =>
  runJob(
    stack,
    `select graphile_worker.add_job('check-affiliations', json_build_object('researcherId', id))
     from researcher where orcid = $1`,
  )

const sweep = (stack: Stack) =>
  runJob(
    stack,
    `with due as (
       update "grant" set next_check_at = now()
       where state = 'live' and researcher_id = (select id from researcher where orcid = $1) returning id
     )
     select graphile_worker.add_job('sweep') from due limit 1`,
  )

const letHalfADayPass = (stack: Stack) =>
  runJob(
    stack,
    `update suspicion set since = since - interval '12 hours', last_asked_at = last_asked_at - interval '12 hours'
     where grant_id in (select g.id from "grant" g join researcher r on r.id = g.researcher_id where orcid = $1)`,
  )

async function countRefusals(stack: Stack): Promise<number> {
  const client = new pg.Client({ connectionString: stack.database.url })
  await client.connect()
  const { rows } = await client.query('select max(refusals) as refusals from suspicion')
  await client.end()
  return rows[0].refusals
}

/** Loads somebody's staff page until it says `words` of their permissions. */
async function expectStanding(page: Page, stack: Stack, words: string): Promise<void> {
  await expect
    .poll(async () => {
      await page.goto(`${stack.portal.url}/staff/researchers/${people.ada.orcid}`)
      return page.getByRole('region', { name: 'All grants' }).getByText(words, { exact: true }).count()
    })
    .toBeGreaterThan(0)
}

const icons = (page: Page) =>
  page.locator('main h1 ~ div img').evaluateAll((images) => images.map((image) => image.getAttribute('src')))

test('a permission is found good, found withdrawn at ORCID, and given again; ten employments are imported with it, and what the person deletes stays deleted', {
  tag: '@release',
}, async ({ page, browser, stack }) => {
  const her = await (await browser.newContext()).newPage()
  await connectAs(her, stack, people.ada)
  await signInAs(page, stack, people.admin)
  await sweep(stack)
  await expectStanding(page, stack, 'Works')
  expect(await icons(page)).toEqual(['/id-icon.svg'])

  await her.goto(`${stack.registry.url}/trusted-parties`)
  await her.getByRole('button', { name: /^Remove access/ }).click()
  await sweep(stack)
  await expectStanding(page, stack, 'ORCID did not accept it')
  // A page that is read while a finding is written may say so below, and not yet above.
  const iconsNow = async () => {
    await page.reload()
    return icons(page)
  }
  await expect.poll(iconsNow).toEqual(['/id-icon-unauthenticated.svg'])
  await expect(page.getByText('This may be a fault at ORCID, so the portal is asking again.')).toBeVisible()
  await expect(page.getByText('(unauthenticated)')).toHaveCount(0)
  for (const refusals of [2, 3]) {
    await letHalfADayPass(stack)
    await sweep(stack)
    if (refusals < 3) await expect.poll(() => countRefusals(stack)).toBe(refusals)
  }
  await expectStanding(page, stack, 'Ended at ORCID')
  await expect.poll(iconsNow).toEqual(['/id-icon-unauthenticated.svg'])

  await her.goto(stack.portal.url)
  await her.getByRole('button', { name: 'Create or Connect your ORCID iD' }).click()
  await her.getByRole('button', { name: 'Authorize access' }).click()
  await expect(her).toHaveURL(/\/connect\/connected/)
  await page.goto(`${stack.portal.url}/staff/researchers/${people.ada.orcid}`)
  expect(await icons(page)).toEqual(['/id-icon.svg'])

  await upload(page, stack, toCsv(ten))
  await expect(page.getByText('10 affiliations would be added, none changed.')).toBeVisible()
  await expect(page.getByText('"role-title": "Lecturer in subject 1"')).toBeHidden()
  await page.getByText('What ORCID receives').first().click()
  await expect(page.getByText('"role-title": "Lecturer in subject 1"')).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Save and write to ORCID' }).click()
  await expect(page.getByRole('heading', { name: 'Result' })).toBeVisible({ timeout: 60_000 })
  await expectAccessible(page)
  await expect.poll(() => countInOrcid(stack), { timeout: 60_000 }).toBe(10)
  const [deleted] = await ourItems(stack.registry, people.ada.orcid)
  await expect
    .poll(async () => {
      await page.goto(`${stack.portal.url}/staff/affiliations?state=in_orcid`)
      return page.getByRole('main').locator('tbody tr').count()
    })
    .toBe(10)
  await expectAccessible(page)

  await her.goto(`${stack.registry.url}/my-orcid`)
  if (await her.locator(`button[name="orcid"]`).count()) await signInAtOrcid(her, people.ada)
  await her.goto(`${stack.registry.url}/my-orcid`)
  await her.locator(`button[name="put_code"][value="${deleted?.putCode}"]`).click()
  await expect.poll(() => countInOrcid(stack)).toBe(9)
  await compareWithRecord(stack)
  await expect
    .poll(async () => {
      await page.goto(`${stack.portal.url}/staff/affiliations?state=deleted_by_person`)
      return page.getByText('Deleted by the person').count()
    })
    .toBeGreaterThan(1)
  await upload(page, stack, toCsv(ten))
  await expect(page.getByRole('link', { name: 'Unchanged (9)' })).toBeVisible()
  await expect(page.getByText(/is an entry that the person deleted from their record/)).toBeVisible()
  await expect(page.getByRole('button', { name: /^Save/ })).toHaveCount(0)
  await expectAccessible(page)
  expect(await countInOrcid(stack)).toBe(9)

  await her.goto(`${stack.portal.url}/me`)
  await expectAccessible(her)
  const mine = her.getByRole('region', { name: 'Entries that we added to your record' })
  await mine
    .getByRole('button', { name: /^Remove from my record/ })
    .first()
    .click()
  await expect.poll(() => countInOrcid(stack)).toBe(8)
  // ORCID's answer to the removal is written down a moment after it is gone there.
  await expect
    .poll(async () => {
      await her.goto(`${stack.portal.url}/me/erase`)
      return her.getByText('8 entries that we added are on your ORCID record.').count()
    })
    .toBe(1)
})

test('staff enter one item, are told at the field what is wrong, look at it, end it and delete it', async ({
  page,
  browser,
  stack,
}) => {
  await connectAs(await (await browser.newContext()).newPage(), stack, people.ada)
  await signInAs(page, stack, people.admin)
  await page.goto(`${stack.portal.url}/staff/researchers/${people.ada.orcid}`)
  await page.getByRole('link', { name: 'Add an affiliation' }).first().click()
  await page.getByLabel('Title').fill('Dean of Physics')
  await page.getByLabel('Start').fill('2021-02-31')
  await page.getByRole('button', { name: 'Check before writing' }).click()
  await expect(page).toHaveTitle(/^Error/)
  await expect(page.getByRole('main').getByRole('alert')).toBeFocused()
  await expectAccessible(page)
  await page.getByRole('main').getByRole('alert').getByRole('link').click()
  await expect(page.getByLabel('Start')).toBeFocused()
  await expect(page.getByLabel('Title')).toHaveValue('Dean of Physics')
  await page.getByLabel('Start').fill('2021-02')
  await page.getByRole('button', { name: 'Check before writing' }).click()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Write this affiliation' }).click()
  await expect.poll(() => countInOrcid(stack)).toBe(1)

  await page.getByRole('link', { name: 'Dean of Physics' }).click()
  await expectAccessible(page)
  await page.getByRole('link', { name: 'Set an end date' }).click()
  await page.getByLabel('End').fill('2024')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Check before writing' }).click()
  await page.getByRole('button', { name: 'Write this affiliation' }).click()
  const endOf = async () => JSON.stringify((await ourItems(stack.registry, people.ada.orcid))[0]?.content['end-date'])
  await expect.poll(endOf).toContain('2024')

  await page.getByRole('link', { name: 'Dean of Physics' }).click()
  await page.getByRole('link', { name: 'Delete' }).click()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Delete this affiliation' }).click()
  await expect.poll(() => countInOrcid(stack)).toBe(0)
})

test('items for ten people of whom three are connected: three are written and seven wait, and an undo removes all of them', {
  tag: '@release',
}, async ({ page, browser, stack }) => {
  test.setTimeout(180_000)
  const connected = [people.ada, people.josiah, people.admin]
  for (const person of connected) {
    const context = await browser.newContext()
    await connectAs(await context.newPage(), stack, person)
    await context.close()
  }
  await signInAs(page, stack, people.admin)
  const seven = Array.from({ length: 7 }, (_, n) => `00${n + 1}`)
  const roster = seven.map((id) => `${id},Given${id},Family${id},p${id}@example.org`).join('\n')
  await upload(page, stack, `local_id,given_name,family_name,email\n${roster}\n`, 'people')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('7 people were added, nobody changed.')).toBeVisible({ timeout: 60_000 })

  const whose = [...connected.map(({ orcid }) => `,${orcid},`), ...seven.map((id) => `${id},,p${id}@example.org`)]
  const rows = whose.map((who) => `${who},employment,Lecturer,Physics,2021-03`).join('\n')
  await upload(page, stack, `local_id,orcid,email,type,title,department,start\n${rows}\n`)
  await expect(page.getByText('10 affiliations would be added, none changed.')).toBeVisible()
  await expect(page.getByText('7 entries wait until the person connects.')).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Save and write to ORCID' }).click()
  await expect(page.getByRole('heading', { name: 'Result' })).toBeVisible({ timeout: 60_000 })
  const result = page.getByRole('region', { name: 'Result' })
  await expect(result.getByRole('listitem')).toContainText(['7 entries', '3 entries'])
  for (const { orcid } of connected) expect(await ourItems(stack.registry, orcid)).toHaveLength(1)

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.goto(`${stack.portal.url}/staff/affiliations`).then(async () => {
      await page.getByText('Download', { exact: true }).click()
      await page.getByRole('link', { name: 'Affiliations, Excel' }).click()
    }),
  ])
  await page.goto(`${stack.portal.url}/staff/import?kind=affiliations`)
  await page.locator('input[type="file"]').setInputFiles(await download.path())
  await page.getByRole('button', { name: 'Upload and preview' }).click()
  await expect(page.getByRole('link', { name: 'Unchanged (10)' })).toBeVisible({ timeout: 60_000 })

  await page.goto(`${stack.portal.url}/staff/import`)
  await page.getByRole('link', { name: 'staff.csv' }).first().click()
  await page.getByText('Undo this import').click()
  await page.getByRole('button', { name: 'Undo', exact: true }).click()
  await expect(page.getByRole('heading', { name: '3 entries are still as the import left them' })).toBeVisible({
    timeout: 60_000,
  })
  await expectAccessible(page)
  await page.getByRole('checkbox').check()
  await page.getByRole('button', { name: 'Undo all on ORCID records' }).click()
  for (const { orcid } of connected) {
    await expect.poll(async () => (await ourItems(stack.registry, orcid)).length, { timeout: 60_000 }).toBe(0)
  }
})
