import type { Browser, Page } from '@playwright/test'
import { ourItems } from '@/tests/support/affiliations'
import { connectAs, expect, people, signInAs, test } from '@/tests/support/browser-test'
import { runJob } from '@/tests/support/jobs'
import type { Stack } from '@/tests/support/portal'

const ids = {
  josiah: people.josiah.orcid,
  ada: people.ada.orcid,
  // Her name at ORCID is private: nobody can propose whose iD this is.
  petra: '0000-0099-9722-0030',
  marta: '0000-0099-9540-6130',
  martaAgain: '0000-0099-5895-2546',
  hanako: '0000-0099-8145-4211',
}
type Name = keyof typeof ids

/** Numbers at the institution. */
const roster = {
  '0001': ['Josiah', 'Carberry'],
  '0002': ['Petra', 'Quiet'],
  '0003': ['Hannah', 'Weber'],
  '0004': ['Marta', 'Twice'],
  '0005': ['Ada', 'Example'],
  '0006': ['Amara', 'Okafor'],
  '0007': ['Bruno', 'Keller'],
  '0008': ['Chiara', 'Rossi'],
  '0009': ['Dmitri', 'Sokolov'],
  '0010': ['Elif', 'Demir'],
} as const
type LocalId = keyof typeof roster
const localIds = Object.keys(roster) as LocalId[]

/** Hannah Weber has Ada’s iD by mistake. */
const knownIds = `local_id,orcid\r\n0001,${ids.josiah}\r\n0003,${ids.ada}\r\n0004,${ids.marta}\r\n`

/** A day before today wherever the clock is. */
const lastDay = new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 10)

const titleOf = (localId: LocalId) => `Lecturer ${Number(localId)}`

/** Fills in the fields of a form by the names that are sent. */
async function fill(page: Page, values: Record<string, string>): Promise<void> {
  for (const [name, value] of Object.entries(values)) await page.locator(`[name="${name}"]`).fill(value)
}

/** Acts for staff on one page. */
function actAsStaff(page: Page, { portal: { url } }: Stack) {
  const pages: Partial<Record<LocalId, string>> = {}
  const pageOf = (localId: LocalId) => String(pages[localId])
  /** Opens the page of somebody, which is the page of their iD once they have one. */
  const openTab = async (localId: LocalId, tab: 'affiliations' | 'institution') => {
    await page.goto(pageOf(localId))
    if (page.url().includes('/researchers/')) await page.goto(`${page.url().split('?')[0]}?tab=${tab}`)
  }
  return {
    openTab,
    async addPerson(localId: LocalId): Promise<void> {
      const [given_name, family_name] = roster[localId]
      await page.goto(`${url}/staff/people/new`)
      await fill(page, { local_id: localId, given_name, family_name, department: 'Physics' })
      await page.getByRole('button', { name: 'Add this person' }).click()
      await expect(page.getByText('This person is on the roster now.')).toBeVisible()
      pages[localId] = page.url().replace(/\?.*/, '')
    },
    async addItem(localId: LocalId): Promise<void> {
      await page.goto(pageOf(localId))
      await page.getByRole('link', { name: 'Add an affiliation' }).click()
      await fill(page, { title: titleOf(localId), department: 'Physics', start: '2021-03' })
      await page.getByRole('button', { name: 'Check before writing' }).click()
      await expect(page.getByText('Waits until the person connects')).toBeVisible()
      await page.getByRole('button', { name: 'Write this affiliation' }).click()
      await expect(page).toHaveURL(/\/staff\/affiliations\?/)
    },
    async importFile(text: string): Promise<void> {
      await page.goto(`${url}/staff/import`)
      const file = { name: 'ids.csv', mimeType: 'text/csv', buffer: Buffer.from(text) }
      await page.locator('input[type="file"]').setInputFiles(file)
      await page.getByRole('button', { name: 'Upload and preview' }).click()
      await expect(page.getByRole('link', { name: 'Changed (3)' })).toBeVisible()
      await page.getByRole('button', { name: 'Save 3 people' }).click()
      await expect(page.getByText('Nobody was added, 3 changed.')).toBeVisible()
    },
    /** Says on the page of an iD which number the institution has for them. */
    async giveNumber(name: Name, localId: LocalId): Promise<void> {
      await page.goto(`${url}/staff/researchers/${ids[name]}?tab=institution`)
      const section = page.getByRole('region', { name: 'What the institution knows' })
      await section.getByText('Change', { exact: true }).click()
      await section.getByLabel('Local identifier').fill(localId)
      await section.getByRole('button', { name: 'Save' }).click()
    },
    async decide(kind: 'conflict' | 'proposal', person: string, button: string): Promise<void> {
      const row = page.getByRole('row').filter({ hasText: person })
      await expect(async () => {
        await page.goto(`${url}/staff/conflicts?kind=${kind}`)
        await expect(row).toHaveCount(1, { timeout: 2_000 })
      }).toPass({ timeout: 60_000 })
      await row.getByRole('link').first().click()
      await page.getByLabel('Reason', { exact: true }).fill('Asked them on the telephone')
      await page.getByRole('button', { name: button }).click()
      await expect(page.getByText('Decided. You can reopen it at any time.')).toBeVisible()
    },
    /** The one item of somebody is in this state. */
    async expectItem(localId: LocalId, state: string): Promise<void> {
      const item = page.getByRole('listitem').filter({ has: page.getByRole('link', { name: titleOf(localId) }) })
      await expect(async () => {
        await openTab(localId, 'affiliations')
        await expect(item).toContainText(state, { timeout: 2_000 })
      }).toPass({ timeout: 60_000 })
    },
  }
}

/** The researcher’s own page, in a browser of their own. */
async function connect(browser: Browser, stack: Stack, name: Name): Promise<Page> {
  const page = await (await browser.newContext()).newPage()
  await connectAs(page, stack, { orcid: ids[name] })
  await page.goto(`${stack.portal.url}/me`)
  return page
}

/** Says yes to the one question, which names the right person and no more. */
async function sayYes(page: Page, localId: LocalId): Promise<void> {
  await page.reload()
  const question = page.getByRole('region', { name: `Are you ${roster[localId].join(' ')}, Physics?` })
  await expect(question.getByRole('listitem')).toHaveCount(1)
  await expect(question.getByRole('listitem')).toContainText(titleOf(localId))
  await question.getByRole('button', { name: 'Yes, this is me' }).click()
  await expect(page.getByText('You confirmed this on')).toBeAttached()
}

const expectNoQuestion = (page: Page) => expect(page.getByRole('button', { name: 'Yes, this is me' })).toHaveCount(0)

/** Each record at the registry holds the items of these numbers, and no others. */
async function expectRecords({ registry }: Stack, held: Partial<Record<Name, LocalId>>): Promise<void> {
  const names = Object.keys(ids) as Name[]
  const read = async (name: Name) => (await ourItems(registry, ids[name])).map(({ content }) => content['role-title'])
  const expected = names.map((name) => [name, [held[name]].flatMap((localId) => (localId ? titleOf(localId) : []))])
  await expect.poll(() => Promise.all(names.map(async (name) => [name, await read(name)]))).toEqual(expected)
}

test('ten people who were entered by hand get their items once their iDs come, each on the right record, until they leave', {
  tag: '@release',
}, async ({ page, stack, browser }) => {
  test.setTimeout(300_000)
  const { url } = stack.portal
  const staff = actAsStaff(page, stack)
  await stack.registry.setRecordState(ids.martaAgain, { state: 'ok' })

  await test.step('staff enter ten people with an item each, and a file brings three iDs', async () => {
    await signInAs(page, stack, people.admin)
    for (const localId of localIds) await staff.addPerson(localId)
    for (const localId of localIds) await staff.addItem(localId)
    await staff.importFile(knownIds)
    for (const localId of localIds) await staff.expectItem(localId, 'Waiting for the person')
    await expectRecords(stack, {})
  })

  const [josiah, petra, ada, marta, martaAgain, hanako] = await test.step('five people connect', async () => [
    await connect(browser, stack, 'josiah'),
    await connect(browser, stack, 'petra'),
    await connect(browser, stack, 'ada'),
    await connect(browser, stack, 'marta'),
    await connect(browser, stack, 'martaAgain'),
    await connect(browser, stack, 'hanako'),
  ])

  await test.step('staff bind one, and the second iD of another is a conflict', async () => {
    for (const one of [petra, ada, martaAgain, hanako]) await expectNoQuestion(one)
    await staff.giveNumber('petra', '0002')
    await expect(page.getByText('this iD is now bound to that person')).toBeVisible()
    await staff.giveNumber('martaAgain', '0004')
    await expect(page.getByText('staff have to decide this iD conflict')).toBeVisible()
  })

  await test.step('those who are bound say yes: their records hold their items, and the others wait', async () => {
    await sayYes(marta, '0004')
    await sayYes(josiah, '0001')
    await sayYes(petra, '0002')
    await expectRecords(stack, { josiah: '0001', petra: '0002' })
    for (const localId of ['0001', '0002'] as const) await staff.expectItem(localId, 'In ORCID')
    await staff.expectItem('0004', 'To be written')
    const waiting: LocalId[] = ['0003', '0005', '0006', '0007', '0008', '0009', '0010']
    for (const localId of waiting) await staff.expectItem(localId, 'Waiting for the person')
    for (const one of [ada, martaAgain, hanako]) {
      await one.reload()
      await expectNoQuestion(one)
    }
    await page.goto(`${url}/staff/researchers/${ids.hanako}?tab=institution`)
    await expect(page.getByRole('region', { name: 'What the institution knows' })).toContainText('Not known')
  })

  await test.step('an iD that the roster has for somebody else is not theirs, and its owner is proposed', async () => {
    await staff.decide('conflict', 'Hannah Weber', 'They are not the same')
    await ada.reload()
    await expectNoQuestion(ada)
    await staff.decide('proposal', 'Ada Example', 'Confirm')
    await sayYes(ada, '0005')
    await expectRecords(stack, { josiah: '0001', petra: '0002', ada: '0005' })
    await staff.expectItem('0003', 'Waiting for the person')
  })

  await test.step('of two iDs, the chosen one gets the item, after its owner was asked', async () => {
    await staff.decide('conflict', 'Marta Twice', 'Use the second iD')
    await marta.reload()
    await expect(marta.getByText('You confirmed this on')).toHaveCount(0)
    await staff.expectItem('0004', 'To be confirmed')
    await sayYes(martaAgain, '0004')
    await expectRecords(stack, { josiah: '0001', petra: '0002', ada: '0005', martaAgain: '0004' })
    await page.goto(`${url}/staff/conflicts?kind=conflict`)
    await expect(page.getByText('Nothing matches all of these filters.')).toBeVisible()
  })

  await test.step('somebody unbinds their iD, has the item removed, and it waits again', async () => {
    await petra.reload()
    await petra.getByText(/knows you as/).click()
    await petra.getByRole('button', { name: 'This is not me' }).click()
    await petra.getByRole('button', { name: 'Remove this entry from my record' }).click()
    await expectRecords(stack, { josiah: '0001', ada: '0005', martaAgain: '0004' })
    await staff.expectItem('0002', 'Waiting for the person')
    await page.goto(`${url}/staff/conflicts?kind=conflict`)
    await expect(page.getByRole('row').filter({ hasText: 'Petra Quiet' })).toBeVisible()
  })

  await test.step('a leaver’s item gets the last day as its end date, once an administrator has said yes', async () => {
    const endOf = async () =>
      JSON.stringify((await ourItems(stack.registry, ids.josiah)).map(({ content }) => content['end-date']))
    await staff.openTab('0001', 'institution')
    await page.getByRole('link', { name: 'Last day' }).click()
    await page.getByLabel('Last day at the institution').fill(lastDay)
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByText('Saved.')).toBeVisible()
    await runJob(stack, 'leavers')
    expect(await endOf()).not.toContain(lastDay.slice(0, 4))

    await page.goto(`${url}/staff/leavers`)
    await page.getByLabel('I have looked at the list').check()
    await page.getByRole('button', { name: 'Go on with today’s list' }).click()
    const [year, month, day] = lastDay.split('-').map((value) => expect.objectContaining({ value }))
    await expect.poll(async () => JSON.parse(await endOf())).toEqual([expect.objectContaining({ year, month, day })])
    await expectRecords(stack, { josiah: '0001', ada: '0005', martaAgain: '0004' })
    await staff.expectItem('0001', 'In ORCID')
    await runJob(stack, 'leavers')
    await josiah.reload()
    await expect(josiah.getByText('Your permission is paused since')).toBeVisible()
  })
})
