import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

export type Theme = 'light' | 'dark'

const ofColour = ['color-contrast', 'link-in-text-block']
const ofWidth = ['target-size', 'scrollable-region-focusable', 'aria-hidden-focus']
/** Of WCAG 2.2, and left out by axe unless it is asked: what is pressed is 24 px large, or has so much room. */
const moreRules = { 'target-size': { enabled: true } }

/** No violation of WCAG 2.2 AA that axe can find, light and dark, and nothing that reaches beyond a narrow screen. */
export async function expectAccessible(page: Page) {
  await expectNoViolation(page, 'light')
  // Only colours differ between the themes.
  await expectNoViolation(page, 'dark', ofColour)
  await expectToFit(page)
}

/** The same at one width and in one theme. Where the page was judged at another width, by what can differ alone. */
export async function expectAccessibleAt(page: Page, width: number, theme: Theme, isAgain = false) {
  await page.setViewportSize({ width, height: 900 })
  await expectNoViolation(page, theme, isAgain ? [...ofColour, ...ofWidth] : undefined)
  await expectToFit(page)
}

async function expectNoViolation(page: Page, colorScheme: Theme, rules?: string[]) {
  // Colours that fade from one theme to the other are neither's on the way.
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
  // Without frames of other origins nothing is gained by the second page that axe would open to put results together.
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'], rules: moreRules }).setLegacyMode(true)
  const { violations } = await (rules ? axe.withRules(rules) : axe).analyze()
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
    `${page.url()} ${colorScheme}`,
  ).toEqual([])
}

export async function expectToFit(page: Page) {
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  expect(overflow, `${page.url()} scrolls sideways`).toBeLessThanOrEqual(0)
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1)
}

/**
 * On a page in the pseudo-locale, no word outside of a message: neither in its text nor in what is said instead of or
 * beside it. What is not language is marked: code, times, other languages, and `translate="no"` for names and the like.
 */
export async function expectTranslated(page: Page) {
  const strays = await page.evaluate(() => {
    const data = 'script, style, noscript, code, time, td[data-place][title], [translate="no"], button[lang]'
    const names = new Set([...document.querySelectorAll('[translate="no"]')].map(({ textContent }) => textContent))
    // Days and months come from the formatter, references from the installation.
    const formatted =
      /\b((Mon|Tue|Wed|Thu|Fri|Sat|Sun)([a-z]*day)?|(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*)\b/g
    const reference = /\b[0-9A-Z]{4}-[0-9A-Z]{4}\b/g
    const found: string[] = []
    const add = (element: Element | null, words: string) => {
      const left = names.has(words) ? '' : words.replace(formatted, '').replace(reference, '')
      if (/\p{L}/u.test(left) && !element?.closest(data)) found.push(words.trim())
    }
    let depth = 0
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      let outside = ''
      for (const character of node.textContent ?? '') {
        if (character === '⟦') depth += 1
        else if (character === '⟧') depth -= 1
        else if (depth === 0) outside += character
      }
      add(node.parentElement, outside)
    }
    if (depth !== 0) found.push('a message that does not end')
    for (const name of ['aria-label', 'title', 'placeholder', 'alt']) {
      for (const element of document.querySelectorAll(`[${name}]`)) {
        add(element, (element.getAttribute(name) ?? '').replace(/⟦.*⟧/s, ''))
      }
    }
    // After the last dot stands whose portal it is.
    add(null, document.title.replace(/⟦.*⟧/s, '').replace(/ · [^·]+$/, ''))
    return found
  })
  expect(strays, `${page.url()} has words that are in no message`).toEqual([])
}
