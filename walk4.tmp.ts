import { chromium, type Page, type BrowserContext } from '@playwright/test'
import { findBrowser } from '@/tests/support/chromium'
const P = 'http://localhost:3104', R = 'http://127.0.0.1:4000'
const { executablePath, args, env } = await findBrowser()
const browser = await chromium.launch({ executablePath, args, env: { ...process.env, ...env } as Record<string,string> })
const ada = '0000-0099-9458-0735', grace = '0000-0099-5475-2774', josiah='0000-0002-1825-0097'
async function connect(page: Page, orcid: string, signIn = false) {
  await page.goto(signIn ? `${P}/sign-in` : P)
  await page.getByRole('button', { name: signIn ? 'Sign in with ORCID' : 'Create or Connect your ORCID iD' }).click()
  await page.locator(`button[name="orcid"][value="${orcid}"]`).click()
  await page.getByRole('button', { name: 'Authorize access' }).click()
  await page.waitForURL(/localhost:3104/)
}
const her = await browser.newContext(), staff = await browser.newContext()
const hp = await her.newPage(), sp = await staff.newPage()
await connect(hp, ada); await connect(sp, grace, true)
const csv = ['orcid;type;title;department;start;end;external_id;unknown',
 `${ada};employment;Lecturer in Physics;Physics;2021-03;;hr-1;x`,
 `${ada};Invited position;Visiting Professor of a Subject With a Very Long Name Indeed That Goes On and On;Institute for Advanced Study of Everything;2019;2020;hr-2;x`,
 `${ada};education;"PhD; with a semicolon";Physics;2015;2018-06-30;hr-3;`,
 `${ada};employment;Bad;Physics;2021-02-31;;hr-4;`,
 `${josiah};employment;Nobody;Physics;2021;;hr-5;`,
 `0000-0000-0000-0001;employment;No iD;Physics;2021;;hr-6;`,
 `${ada};employment;;Physics;2021;2020;hr-7;`].join('\r\n')
await sp.goto(`${P}/staff/affiliations/import`)
await sp.getByLabel('File').setInputFiles({ name: 's.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
await sp.getByRole('button', { name: 'Look at the file' }).click()
const previewUrl = sp.url()
const formBad = async () => {
  await sp.goto(`${P}/staff/researchers/${ada}/affiliation`)
  await sp.getByLabel('Title').fill('Dean'); await sp.getByLabel('Start').fill('31.02.2021'); await sp.getByLabel('Link').fill('nope')
  await sp.getByRole('button', { name: /^Look at it/ }).click()
  return sp.url()
}
const sizes = { wide: 1280, narrow: 360 } as const
async function shoot(page: Page, name: string, url: string) {
  for (const [s, width] of Object.entries(sizes)) for (const dark of [false, true]) {
    if (dark && s === 'wide' && process.argv[2] !== 'all') continue
    await page.setViewportSize({ width, height: 900 })
    await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' })
    await page.goto(url); await page.waitForTimeout(300)
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    if (over > 0) console.log('OVERFLOW', name, s, over)
    await page.screenshot({ path: `/tmp/shots4/${name}-${s}${dark ? '-dark' : ''}.png`, fullPage: true })
  }
}
await shoot(sp, 'preview', previewUrl)
await sp.goto(previewUrl); await sp.getByRole('button', { name: /^Write these/ }).click(); await sp.waitForURL(/note=taken/)
await sp.waitForTimeout(8000)
const bad = await formBad()
await shoot(sp, 'form-bad', bad)
await shoot(sp, 'list', `${P}/staff/affiliations?note=taken`)
await shoot(sp, 'list-refused', `${P}/staff/affiliations?state=refused`)
await sp.goto(`${P}/staff/affiliations?state=refused`)
const ref = await sp.locator('main li a[href^="/staff/affiliations/"]').first().getAttribute('href')
await shoot(sp, 'item-refused', `${P}${ref}`)
await sp.goto(`${P}/staff/affiliations`)
const own = await sp.locator('main li a[href^="/staff/affiliations/"]').first().getAttribute('href')
await shoot(sp, 'item', `${P}${own}`)
await shoot(sp, 'item-edit', `${P}${own}/edit`)
await shoot(sp, 'item-delete', `${P}${own}/delete`)
await shoot(sp, 'import', `${P}/staff/affiliations/import?note=too-large`)
await shoot(sp, 'confirm', `${P}/staff/affiliations/confirm`)
await shoot(sp, 'record-staff', `${P}/staff/researchers/${ada}/record?wait`)
await shoot(sp, 'restored', `${P}/staff/restored`)
await shoot(sp, 'person', `${P}/staff/researchers/${ada}`)
await shoot(hp, 'me', `${P}/me`)
await shoot(hp, 'record', `${P}/me/record?wait`)
await shoot(hp, 'narrow', `${P}/me/narrow`)
await shoot(hp, 'narrow-confirm', `${P}/me/narrow?sure=asked&keep=/read-limited`)
await shoot(hp, 'narrowed', `${P}/me/narrowed?result=narrowed&ref=7K2M-Q9XD`)
await shoot(hp, 'narrowed-again', `${P}/me/narrowed?result=connect-again&keep=/read-limited`)
await shoot(hp, 'erase', `${P}/me/erase`)
await browser.close()
