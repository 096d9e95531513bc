import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

/** No violation of WCAG 2.2 AA that axe can find, and nothing that reaches beyond a narrow screen. */
export async function check(page: Page, url: string) {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    // Loaded anew: a colour that is on its way from one theme to the other is neither's.
    await page.goto(url)
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
      `${url} ${colorScheme}`,
    ).toEqual([])
  }
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  expect(overflow, `${url} scrolls sideways`).toBeLessThanOrEqual(0)
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1)
}
