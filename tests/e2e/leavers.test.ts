import pg from 'pg'
import { connectAs, expect, people, signInAs, test } from '@/tests/support/browser-test'
import { expectAccessible } from '@/tests/support/page-check'

async function withRows<T>(
  url: string,
  work: (rows: (sql: string, values?: unknown[]) => Promise<T[]>) => Promise<void>,
) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await work(async (sql, values = []) => (await client.query(sql, values)).rows)
  } finally {
    await client.end()
  }
}

/** A roster of forty, three of whom have left since yesterday, one leaves soon and one has an iD and is paused. */
const makeRoster = (url: string) =>
  withRows(url, async (rows) => {
    await rows(`insert into person (local_id, given_name, family_name, department, kind, origin, leaves_on)
      select 'hr-' || n, 'Person', 'Number ' || n, 'Faculty of Science / Physics', 'staff', 'imported',
        case when n <= 3 then current_date - 2 when n = 4 then current_date + 12 end
      from generate_series(1, 40) n`)
    await rows(
      `update person set state = 'paused', paused_at = now() - interval '160 days', local_id = 'hr-ada',
        end_dated_at = now() - interval '160 days', leaves_on = current_date - 161 where orcid = $1`,
      [people.ada.orcid],
    )
    await rows(`update person set state = 'left', left_at = now() - interval '3 days', leaves_on = current_date - 4
      where local_id = 'hr-5'`)
  })

for (const width of [1280, 360]) {
  test(`at ${width} px, an administrator sees who leaves, and says yes to a day on which many do`, {
    tag: width === 1280 ? '@release' : [],
  }, async ({ page, stack }) => {
    await page.setViewportSize({ width, height: 900 })
    await connectAs(page, stack, people.ada)
    await makeRoster(stack.database.url)
    await page.goto(`${stack.portal.url}/me`)
    await expect(page.getByText('Your permission is paused since')).toBeVisible()
    await expectAccessible(page)
    await page.context().clearCookies()
    await signInAs(page, stack, people.admin)
    await page.goto(`${stack.portal.url}/staff/leavers`)
    await expect(page.getByText('3 of 39 people leave today')).toBeVisible()
    await expect(page.getByRole('row', { name: /Number 4/ })).toBeVisible()
    await expectAccessible(page)
    await page.getByLabel('I have looked at the list').check()
    await page.getByRole('button', { name: 'Go on with today’s list' }).click()
    await expect(page.getByText('said yes to today’s list')).toBeVisible()
    await expect(async () => {
      await page.reload()
      await expect(page.getByRole('row', { name: /Number 1 .*Marked as left/ })).toBeVisible()
    }).toPass()
    await expectAccessible(page)
  })

  test(`at ${width} px, an administrator answers somebody who never connected, and erases them`, {
    tag: width === 1280 ? '@release' : [],
  }, async ({ page, stack }) => {
    await page.setViewportSize({ width, height: 900 })
    await signInAs(page, stack, people.admin)
    await makeRoster(stack.database.url)
    await page.goto(`${stack.portal.url}/`)
    await page.getByText('Privacy and contact').click()
    await page.getByRole('link', { name: 'See what we hold about you' }).click()
    await expectAccessible(page)
    await page.goto(`${stack.portal.url}/staff/privacy`)
    await expectAccessible(page)
    await page.getByLabel('Number at the institution').first().fill('hr-7')
    await page.getByRole('button', { name: 'Show what is held' }).click()
    await expect(page.getByText('Person Number 7')).toBeVisible()
    await expectAccessible(page)
    await page.getByRole('link', { name: 'Change the last day' }).click()
    await page.getByLabel('Last day at the institution').fill('2099-12-31')
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByText('Their last day is 31 December 2099.')).toBeVisible()
    await expectAccessible(page)
    await page.goBack()
    await page.goBack()
    await page.getByLabel('They object').check()
    await page.getByRole('button', { name: 'Go on' }).click()
    await expectAccessible(page)
    await page.getByLabel('I am sure.').check()
    await page.getByRole('button', { name: 'Erase this person' }).click()
    await expect(page.getByText('A keyed hash of the number')).toBeVisible()
    await expectAccessible(page)
  })
}
