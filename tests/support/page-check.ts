import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

const ofColour = ['color-contrast', 'link-in-text-block']

/** No violation of WCAG 2.2 AA that axe can find, light and dark, and nothing that reaches beyond a narrow screen. */
export async function expectAccessible(page: Page) {
  await expectNoViolation(page, 'light')
  // Only colours differ between the themes.
  await expectNoViolation(page, 'dark', ofColour)
  await expectToFit(page)
}

/** The same for a wide screen in light and a narrow one in dark: between them every rule, both widths, both themes. */
export async function expectAccessibleAtAllWidths(page: Page) {
  await page.setViewportSize({ width: 1280, height: 900 })
  await expectNoViolation(page, 'light')
  await expectToFit(page)
  await page.setViewportSize({ width: 320, height: 900 })
  await expectNoViolation(page, 'dark')
  await expectToFit(page)
}

async function expectNoViolation(page: Page, colorScheme: 'light' | 'dark', rules?: string[]) {
  // Colours that fade from one theme to the other are neither's on the way.
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
  // Without frames of other origins nothing is gained by the second page that axe would open to put results together.
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode(true)
  const { violations } = await (rules ? axe.withRules(rules) : axe).analyze()
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
    `${page.url()} ${colorScheme}`,
  ).toEqual([])
}

async function expectToFit(page: Page) {
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  expect(overflow, `${page.url()} scrolls sideways`).toBeLessThanOrEqual(0)
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1)
}
