import { connectAs, expect, people, test } from '@/tests/support/browser-test'
import { addRoster } from '@/tests/support/roster'

test.use({ settings: { COMPARE_DEPARTMENTS: 'no' } })

test('where departments are not compared, none has a figure beside another’s, and each has its own page', async ({
  page,
  stack,
}) => {
  await connectAs(page, stack, people.admin)
  await addRoster(stack.database.url)
  const { url } = stack.portal
  const main = page.getByRole('main')
  await page.goto(`${url}/staff`)
  await expect(main.getByText('Your institution does not compare departments.')).toBeVisible()
  await expect(main.getByText('Physics')).toHaveCount(0)
  await main.getByRole('link', { name: 'All 4 departments' }).click()
  await expect(main.getByRole('table')).toHaveCount(0)
  await page.goto(`${url}/staff/departments?sort=-share`)
  await expect(main.getByRole('listitem')).toHaveText([
    'Faculty of Arts',
    'Faculty of Arts / History',
    'Law',
    'Physics',
  ])
  await main.getByRole('link', { name: 'Physics' }).click()
  await expect(main.getByText('0% of 20 people connected')).toBeVisible()
  await page.goto(`${url}/staff/departments/unit?department=Faculty+of+Arts`)
  await expect(main.getByRole('heading', { name: 'Departments below' })).toHaveCount(0)
  await page.goto(`${url}/staff/summary`)
  await expect(main.getByText('By kind')).toBeVisible()
  await expect(main.getByRole('heading', { name: 'By department' })).toHaveCount(0)
  const file = await (await page.request.get(`${url}/staff/summary/file`)).text()
  expect(file).toContain('kind,staff,30,')
  expect(file).not.toContain('department,')
})
