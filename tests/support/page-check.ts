import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

const ofColour = ['color-contrast', 'link-in-text-block']

/** No violation of WCAG 2.2 AA that axe can find, light and dark, and nothing that reaches beyond a narrow screen. */
export async function expectAccessible(page: Page) {
  for (const colorScheme of ['light', 'dark'] as const) {
    // Colours that fade from one theme to the other are neither's on the way.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const axe = new AxeBuilder({ page })
    // Only colours differ between the themes.
    const { violations } = await (colorScheme === 'light' ? axe : axe.withRules(ofColour)).analyze()
    expect(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
      `${page.url()} ${colorScheme}`,
    ).toEqual([])
  }
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  expect(overflow, `${page.url()} scrolls sideways`).toBeLessThanOrEqual(0)
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1)
}
