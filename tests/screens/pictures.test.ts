import { showSeededTimes } from '@/tests/screens/move-times'
import { test, type World } from '@/tests/screens/world'
import { expect, people } from '@/tests/support/browser-test'

type Picture = {
  name: string
  path: string | ((paths: World['paths']) => string)
  who: 'admin' | 'researcher' | 'nobody'
  isPhone?: boolean
  theme?: 'dark'
}

const ada = people.ada.orcid

const pictures: readonly Picture[] = [
  { name: 'front-page', path: '/', who: 'nobody' },
  { name: 'front-page-phone', path: '/', who: 'nobody', isPhone: true },
  { name: 'front-page-dark', path: '/', who: 'nobody', theme: 'dark' },
  { name: 'connected', path: '/connect/connected', who: 'researcher' },
  { name: 'declined', path: '/connect/denied?ref=7K2M-Q9XD', who: 'nobody' },
  { name: 'me', path: '/me', who: 'researcher' },
  { name: 'me-phone', path: '/me', who: 'researcher', isPhone: true, theme: 'dark' },
  { name: 'my-systems', path: '/me/systems', who: 'researcher' },
  { name: 'my-works', path: '/me/works', who: 'researcher' },
  { name: 'receipt', path: ({ receipt }) => receipt, who: 'researcher' },
  { name: 'overview', path: '/staff', who: 'admin' },
  { name: 'overview-dark', path: '/staff', who: 'admin', theme: 'dark' },
  { name: 'people', path: '/staff/people', who: 'admin' },
  { name: 'people-phone', path: '/staff/people', who: 'admin', isPhone: true },
  { name: 'researchers', path: '/staff/researchers', who: 'admin' },
  { name: 'person', path: `/staff/researchers/${ada}`, who: 'admin' },
  { name: 'departments', path: '/staff/departments', who: 'admin' },
  { name: 'affiliations', path: '/staff/affiliations', who: 'admin' },
  { name: 'campaign', path: ({ campaign }) => campaign, who: 'admin' },
  { name: 'import', path: ({ import: imported }) => imported, who: 'admin' },
  { name: 'exports', path: '/staff/exports', who: 'admin' },
  { name: 'reference', path: ({ reference }) => reference, who: 'admin' },
  { name: 'activity', path: '/staff/audit', who: 'admin' },
  { name: 'system', path: ({ system }) => system, who: 'admin' },
]

for (const { name, path, who, isPhone, theme = 'light' } of pictures) {
  test(`${name} looks as in its picture`, async ({ world, browser }) => {
    const context = who === 'nobody' ? await browser.newContext() : world[who]
    const page = await context.newPage()
    await page.setViewportSize(isPhone ? { width: 360, height: 740 } : { width: 1280, height: 900 })
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    await page.goto(`${world.url}${typeof path === 'string' ? path : path(world.paths)}`)
    await showSeededTimes(page, world.movedMs)
    await expect(page).toHaveScreenshot(`${name}.png`)
    await page.close()
    if (who === 'nobody') await context.close()
  })
}
