import { expect, type Locator, type Page } from '@playwright/test'
import { people } from '@/tests/support/browser-test'
import type { Stack } from '@/tests/support/portal'

const stopsMax = 250

/** Fails a test, by way of the console, as soon as a mouse is used on any page. */
export async function forbidMouse(page: Page): Promise<void> {
  // While a page fades in, nothing of it can be hit.
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.addInitScript(() => {
    addEventListener('pointerdown', () => console.error('a mouse was used'), { capture: true })
  })
}

/**
 * Whether `target` has the focus, and what is wrong with the element that has it, for somebody who looks where they are:
 * it has a ring, is on the screen as far as it fits, and nothing lies over it. Runs in the page.
 */
function judgeFocus(target: Element): { isHere: boolean; faults: string[] } {
  const element = document.activeElement
  if (!element || element === document.body) return { isHere: false, faults: [] }
  const faults: string[] = []
  const ringed = [undefined, '::after']
    .map((part) => getComputedStyle(element, part))
    .some(({ outlineStyle, outlineWidth }) => outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2)
  if (!ringed) faults.push('has no ring')
  const [first] = [...element.getClientRects()].filter(({ width, height }) => width > 0 && height > 0)
  const whole = element.getBoundingClientRect()
  const fits = whole.height <= innerHeight
  if (!first) faults.push('has no size')
  else {
    if (
      whole.left < -1 ||
      whole.right > innerWidth + 1 ||
      (fits && (whole.top < -1 || whole.bottom > innerHeight + 1))
    ) {
      faults.push(`is not on the screen: ${JSON.stringify(whole)}`)
    }
    const shown = document.elementFromPoint(first.left + first.width / 2, first.top + Math.min(first.height, 40) / 2)
    if (!shown || !element.contains(shown)) {
      faults.push(`is covered by ${shown?.outerHTML.slice(0, 80)}`)
    }
  }
  return { isHere: element === target, faults: faults.map((fault) => `${element.outerHTML.slice(0, 160)} ${fault}`) }
}

/** One step, to a place that must be seen; says whether it is `target`. */
async function step(page: Page, key: 'Tab' | 'Shift+Tab', target: Locator): Promise<boolean> {
  await page.keyboard.press(key)
  const { isHere, faults } = await target.evaluate(judgeFocus)
  expect(faults, `${page.url()}, where the focus is`).toEqual([])
  return isHere
}

/** Goes on by Tab, or back by Shift+Tab where it lies before, until `target` has the focus. Each stop must be seen. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor()
  const key = await target.evaluate((element) => {
    const at = document.activeElement
    if (at === element) return null
    if (!at || at === document.body || element.contains(at)) return 'Tab'
    return at.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_PRECEDING ? 'Shift+Tab' : 'Tab'
  })
  if (key === null) return
  for (let stop = 0; stop < stopsMax; stop++) if (await step(page, key, target)) return
  throw new Error(`No way by Tab to ${target}`)
}

/** Goes to a link, a button or a menu that opens, and presses it. */
export async function activate(page: Page, target: Locator): Promise<void> {
  await tabTo(page, target)
  await page.keyboard.press('Enter')
}

/** Goes to a field, all of whose text is chosen on arrival, and types. */
export async function typeInto(page: Page, field: Locator, text: string): Promise<void> {
  await tabTo(page, field)
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.type(text)
}

/** Goes to a menu of the browser's own and down its list until it says `words`. */
export async function choose(page: Page, menu: Locator, words: string): Promise<void> {
  await tabTo(page, menu)
  for (let step = 0; step < 60; step++) {
    const chosen = await menu.evaluate((element) => (element as HTMLSelectElement).selectedOptions[0]?.text.trim())
    if (chosen === words) return
    await page.keyboard.press('ArrowDown')
  }
  throw new Error(`${menu} has no ${words}`)
}

/** Goes to a box or a round button and fills it in. */
export async function tick(page: Page, box: Locator): Promise<void> {
  await tabTo(page, box)
  await page.keyboard.press('Space')
  await expect(box).toBeChecked()
}

/** From the sign-in page through the registry to the overview. */
export async function signInByKeyboard(page: Page, stack: Stack): Promise<void> {
  await page.goto(`${stack.portal.url}/sign-in`)
  await activate(page, page.getByRole('button', { name: 'Sign in with ORCID' }))
  await activate(page, page.locator(`button[name="orcid"][value="${people.admin.orcid}"]`))
  await activate(page, page.getByRole('button', { name: 'Authorize access' }))
  await expect(page).toHaveURL(/\/staff$/)
}

/** Goes from the head of a page to its foot, by Tab alone. Gives how many stops there were; each must be seen. */
export async function walkThrough(page: Page): Promise<number> {
  const last = page.getByRole('contentinfo').getByRole('link').last()
  for (let stops = 1; stops <= stopsMax; stops++) if (await step(page, 'Tab', last)) return stops
  throw new Error(`${page.url()} does not come to an end`)
}
