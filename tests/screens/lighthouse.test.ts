import { type BrowserContext, chromium } from '@playwright/test'
import lighthouse, { desktopConfig } from 'lighthouse'
import { freePort } from '@/scripts/ports'
import { test } from '@/tests/screens/world'
import { expect, people } from '@/tests/support/browser-test'

const categories = ['performance', 'accessibility', 'best-practices', 'seo']
const least = 0.95
const shiftMax = 0.01
/** Speed is judged by the best of so many loads: something else may have had the processor. */
const triesMax = 3

const pages = [
  { path: '/', who: 'nobody' },
  { path: '/me', who: 'researcher' },
  { path: '/staff', who: 'admin' },
  { path: '/staff/people', who: 'admin' },
  { path: `/staff/researchers/${people.ada.orcid}`, who: 'admin' },
] as const

for (const { path, who } of pages) {
  test(`Lighthouse gives ${path} at least 95 in all four categories, and no line moves while it loads`, async ({
    world,
    launchOptions,
  }) => {
    test.setTimeout(600_000)
    const port = await freePort()
    const args = [...(launchOptions.args ?? []), `--remote-debugging-port=${port}`]
    const browser = await chromium.launch({ ...launchOptions, args })
    const extraHeaders = who === 'nobody' ? undefined : { Cookie: await cookiesOf(world[who], world.url) }
    // What only somebody who has signed in sees is not to be found by search engines.
    const skipAudits = who === 'nobody' ? [] : ['is-crawlable']
    const flags = { port, extraHeaders, skipAudits, onlyCategories: categories, logLevel: 'error' as const }
    let report: Report | undefined
    for (let tries = 0; tries < triesMax && scoreOf(report, 'performance') < least; tries++) {
      const result = await lighthouse(`${world.url}${path}`, flags, desktopConfig)
      if (scoreOf(result?.lhr, 'performance') >= scoreOf(report, 'performance')) report = result?.lhr
    }
    await browser.close()
    expect(report?.runtimeError).toBeUndefined()
    expect(report?.finalDisplayedUrl).toBe(`${world.url}${path}`)
    const failed = Object.values(report?.audits ?? {}).filter(({ score }) => score !== null && score < 0.9)
    const why = failed.map(({ id, displayValue }) => `${id} ${displayValue ?? ''}`).join('\n')
    for (const category of categories) {
      expect(scoreOf(report, category), `${category}\n${why}`).toBeGreaterThanOrEqual(least)
    }
    expect(report?.audits['cumulative-layout-shift']?.numericValue).toBeLessThan(shiftMax)
  })
}

type Report = NonNullable<Awaited<ReturnType<typeof lighthouse>>>['lhr']

const scoreOf = (report: Report | undefined, category: string) => report?.categories[category]?.score ?? 0

const cookiesOf = async (context: BrowserContext, url: string) =>
  (await context.cookies(url)).map(({ name, value }) => `${name}=${value}`).join('; ')
