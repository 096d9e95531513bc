import type { Stack } from '@/tests/support/portal'
import { type Answer, Visitor } from '@/tests/support/visitor'

type Place = { portal: Pick<Stack['portal'], 'url'>; registry: Stack['registry'] }
type Choice = { orcid: string; scopes?: string[]; decision?: 'authorize' | 'deny'; purpose?: 'connect' | 'sign-in' }

const isCallback = (url: string) => new URL(url).pathname === '/api/auth/callback/orcid'

/** From the button through ORCID up to the redirect that leads back: gives the callback's address, unvisited. */
export async function goToOrcid(stack: Place, visitor: Visitor, choice: Choice): Promise<string> {
  const fields = (choice.scopes ?? []).map((scope): [string, string] => ['scope', scope])
  const start = await visitor.post(`${stack.portal.url}/connect/start`, [
    ['purpose', choice.purpose ?? 'connect'],
    ...fields,
  ])
  if (start.status !== 303) throw new Error(`The button answered ${start.status}: ${start.body.slice(0, 300)}`)
  return decideAtOrcid(visitor, start, choice)
}

/** Goes through the registry's pages: chooses who, where it asks, and decides, where it asks. */
export async function decideAtOrcid(visitor: Visitor, start: Answer, choice: Choice): Promise<string> {
  let page = await visitor.follow(start, isCallback)
  if (page.body.includes('name="orcid"')) {
    const signIn = new URL(page.url)
    signIn.pathname = '/signin'
    page = await visitor.follow(await visitor.post(signIn.href, [['orcid', choice.orcid]]), isCallback)
  }
  if (page.body.includes('name="decision"')) {
    page = await visitor.post(page.url, [['decision', choice.decision ?? 'authorize']])
  }
  if (!page.location || !isCallback(new URL(page.location, page.url).href)) {
    throw new Error(
      `The registry did not lead back: ${page.status} ${page.url} ${page.location ?? page.body.slice(0, 200)}`,
    )
  }
  return page.location
}

/** The whole trip. Gives the answer of the callback and the visitor who made it. */
export async function connect(
  stack: Place,
  choice: Choice,
  visitor = new Visitor(),
): Promise<{ visitor: Visitor; answer: Answer }> {
  const callback = await goToOrcid(stack, visitor, choice)
  return { visitor, answer: await visitor.get(callback) }
}

export async function until<T>(
  what: string,
  probe: () => Promise<T | false | null | undefined>,
  timeoutMs = 20_000,
): Promise<T> {
  const end = Date.now() + timeoutMs
  for (;;) {
    const found = await probe()
    if (found) return found
    if (Date.now() > end) throw new Error(`Waited ${timeoutMs} ms in vain until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
