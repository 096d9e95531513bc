import type { FileChooser, Page } from '@playwright/test'
import { ourItems, row, toCsv } from '@/tests/support/affiliations'
import { expect, people, test } from '@/tests/support/browser-test'
import { addCalls } from '@/tests/support/calls'
import { connect } from '@/tests/support/journey'
import { activate, choose, forbidMouse, signInByKeyboard, tabTo, tick, typeInto } from '@/tests/support/keyboard'

// Wherever these tests come to by Tab, the focus has a ring, is on the screen and lies under nothing.
test.beforeEach(async ({ page, stack }) => {
  await connect(stack, people.ada)
  await forbidMouse(page)
  await signInByKeyboard(page, stack)
})

/** Presses Enter on the field of a file until the browser asks for one: a page that still loads may swallow a key. */
async function openChooser(page: Page): Promise<FileChooser> {
  for (;;) {
    const asked = page.waitForEvent('filechooser', { timeout: 5_000 }).catch(() => null)
    await page.keyboard.press('Enter')
    const chooser = await asked
    if (chooser) return chooser
  }
}

test('without a mouse a person gets a note and what the institution knows, is checked, and their history is read', {
  tag: '@release',
}, async ({ page, stack }) => {
  for (let times = 0; times < 4; times++) await addCalls(stack.database.url)
  await page.goto(`${stack.portal.url}/staff/researchers/${people.ada.orcid}`)
  await activate(page, page.getByRole('link', { name: 'Notes' }))
  await typeInto(page, page.getByLabel('Add a note'), 'Asked by telephone.')
  await activate(page, page.getByRole('button', { name: 'Add the note' }))
  await expect(page.getByText('The note is added.')).toBeVisible()
  await activate(page, page.locator('summary', { hasText: 'Remove' }))
  await activate(page, page.getByRole('button', { name: 'Remove this note' }))
  await expect(page.getByText('The note is removed.')).toBeVisible()

  await activate(page, page.getByRole('link', { name: 'Institution' }))
  const known = page.getByRole('region', { name: 'What the institution knows' })
  await activate(page, known.locator('summary'))
  await typeInto(page, known.getByLabel('Department'), 'Mathematics')
  await activate(page, known.getByRole('button'))
  await expect(known.getByText('Mathematics')).toBeVisible()

  await activate(page, page.getByRole('button', { name: 'Check now at ORCID' }))
  await expect(page.getByText('ORCID was asked')).toBeVisible()

  await activate(page, page.getByRole('link', { name: 'Technical log' }))
  const calls = page.getByRole('region', { name: 'Calls to ORCID' })
  const first = await calls.getByRole('listitem').first().textContent()
  await activate(page, calls.getByRole('link', { name: 'Older' }))
  await expect(page).toHaveURL(/calls=[\w-]+#calls$/)
  await expect(calls.getByRole('listitem').first()).not.toHaveText(first ?? '')
  // Only then is the browser where the address says, and Tab goes on from there.
  await page.waitForLoadState()
  await page.keyboard.press('Tab')
  await expect(calls.getByRole('link').first()).toBeFocused()
})

test('without a mouse an erasure is thought better of, and then confirmed', { tag: '@release' }, async ({
  page,
  stack,
}) => {
  await page.goto(`${stack.portal.url}/staff/researchers/${people.ada.orcid}`)
  const goOn = async () => {
    await activate(page, page.getByRole('link', { name: 'Erase this person' }))
    await tick(page, page.getByRole('radio', { name: 'They asked for it' }))
    await activate(page, page.getByRole('button', { name: 'Continue to erase' }))
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Erase this person for good?')
  }
  await goOn()
  await activate(page, page.getByRole('link', { name: 'Keep this person and go back' }))
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(people.ada.name)
  await goOn()
  await tick(page, page.getByRole('checkbox'))
  await activate(page, page.getByRole('button', { name: 'Erase this person' }))
  await expect(page).toHaveURL(/\/staff\/researchers\/erased$/)
})

test('without a mouse a reference that somebody quotes is found, and one that nothing has is told as that', async ({
  page,
}) => {
  await activate(page, page.getByRole('link', { name: 'Support', exact: true }).first())
  const link = page.getByRole('row').last().getByRole('link').first()
  const reference = (await link.textContent()) ?? ''
  await typeInto(page, page.getByLabel('Reference, name or iD'), 'nonsense')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Nothing has this reference')
  await typeInto(page, page.getByLabel('Look up a reference'), reference.toLowerCase().replace('-', ''))
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(`/staff/attempts/${reference}$`))
  await activate(page, page.getByRole('main').getByRole('link', { name: people.ada.name }).first())
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(people.ada.name)
})

test('without a mouse an item is entered, mended where it was wrong, written and deleted, and a file is looked at', {
  tag: '@release',
}, async ({ page, stack }) => {
  await page.goto(`${stack.portal.url}/staff/researchers/${people.ada.orcid}/affiliation`)
  await choose(page, page.getByLabel('Type'), 'Education')
  await typeInto(page, page.getByLabel('Title'), 'Master of Arts')
  await typeInto(page, page.getByLabel('Start'), '2021-02-31')
  await activate(page, page.getByRole('button', { name: 'Check before writing' }))
  await expect(page).toHaveTitle(/^Error/)
  await expect(page.getByRole('main').getByRole('alert')).toBeFocused()
  await activate(page, page.getByRole('main').getByRole('alert').getByRole('link'))
  await expect(page.getByLabel('Start')).toBeFocused()
  await typeInto(page, page.getByLabel('Start'), '2021-02')
  await activate(page, page.getByRole('button', { name: 'Check before writing' }))
  await activate(page, page.getByRole('button', { name: 'Write this affiliation' }))
  await expect.poll(async () => (await ourItems(stack.registry, people.ada.orcid)).length).toBe(1)

  await activate(page, page.getByRole('link', { name: 'Affiliations' }).first())
  await choose(page, page.getByLabel('Type'), 'Education')
  await expect(page).toHaveURL(/kind=education$/)
  await activate(page, page.getByRole('link', { name: 'Master of Arts' }))
  await activate(page, page.getByRole('link', { name: 'Delete' }))
  await activate(page, page.getByRole('link', { name: 'Keep this affiliation' }))
  await activate(page, page.getByRole('link', { name: 'Delete' }))
  await activate(page, page.getByRole('button', { name: 'Delete this affiliation' }))
  await expect.poll(async () => (await ourItems(stack.registry, people.ada.orcid)).length).toBe(0)

  await activate(page, page.getByRole('link', { name: 'Import affiliations' }))
  await tabTo(page, page.locator('input[type="file"]'))
  const chooser = await openChooser(page)
  const rows = [row(people.ada.orcid), row(people.ada.orcid, { start: '2021-02-31', external_id: 'hr-2' })]
  await chooser.setFiles({ name: 'staff.csv', mimeType: 'text/csv', buffer: Buffer.from(toCsv(rows)) })
  await activate(page, page.getByRole('button', { name: 'Upload and preview' }))
  await expect(page.getByText('One affiliation would be added, none changed.')).toBeVisible()
  await activate(page, page.getByRole('link', { name: 'Refused (1)' }))
  await expect(page.getByText('2021-02-31').first()).toBeVisible()
  await activate(page, page.getByRole('button', { name: 'Discard' }))
  await expect(page.getByText('This file was discarded. Nothing of it was saved.')).toBeVisible()
})
