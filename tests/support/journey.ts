import { setTimeout as sleep } from 'node:timers/promises'
import type { Stack } from '@/tests/support/portal'
import { type Answer, Visitor } from '@/tests/support/visitor'

type Fixture = { portal: { url: string; logs?: string[] | string }; registry: Stack['registry'] }
type Choice = { orcid: string; scopes?: string[]; decision?: 'authorize' | 'deny'; purpose?: 'connect' | 'sign-in' }

/** Where ORCID sends people to us, on its own account too. */
export const arrivals = ['/api/auth/callback/orcid', '/connect/from-orcid'] as const
export const isArrival = (url: string) => arrivals.some((path) => path === new URL(url).pathname)

/** From the button through ORCID up to the redirect that leads back: gives the callback's address, unvisited. */
export async function goToOrcid(stack: Fixture, visitor: Visitor, choice: Choice): Promise<string> {
  const fields = (choice.scopes ?? []).map((scope): [string, string] => ['scope', scope])
  const start = await visitor.post(`${stack.portal.url}/connect/start`, [
    ['purpose', choice.purpose ?? 'connect'],
    ...fields,
  ])
  if (start.status !== 303) throw new Error(`The button answered ${start.status}: ${start.body.slice(0, 300)}`)
  return decideAtOrcid(visitor, start, choice)
}

/** ORCID asks somebody by itself, without any visit to us, and sends them to `path`: gives that address, unvisited. */
export async function beSentByOrcid(
  { portal, registry }: Fixture,
  visitor: Visitor,
  { orcid, scopes = [], path }: Choice & { path: (typeof arrivals)[number] },
): Promise<string> {
  const asked = new URLSearchParams({
    client_id: registry.clientId,
    response_type: 'code',
    scope: scopes.join(' '),
    redirect_uri: `${portal.url}${path}`,
  })
  return decideAtOrcid(visitor, await visitor.get(`${registry.url}/oauth/authorize?${asked}`), { orcid })
}

/** Goes through the registry's pages: chooses who, where it asks, and decides, where it asks. */
export async function decideAtOrcid(visitor: Visitor, start: Answer, choice: Choice): Promise<string> {
  let page = await visitor.follow(start, isArrival)
  if (page.body.includes('name="orcid"')) {
    const signIn = new URL(page.url)
    signIn.pathname = '/signin'
    page = await visitor.follow(await visitor.post(signIn.href, [['orcid', choice.orcid]]), isArrival)
  }
  if (page.body.includes('name="decision"')) {
    page = await visitor.post(page.url, [['decision', choice.decision ?? 'authorize']])
  }
  if (!page.location || !isArrival(new URL(page.location, page.url).href)) {
    throw new Error(
      `The registry did not lead back: ${page.status} ${page.url} ${page.location ?? page.body.slice(0, 200)}`,
    )
  }
  return page.location
}

/** The whole attempt, which ends with a connection or a sign-in. */
export async function connect(
  stack: Fixture,
  choice: Choice,
  visitor = new Visitor(),
): Promise<{ visitor: Visitor; answer: Answer }> {
  const attempt = await tryToConnect(stack, choice, visitor)
  // While the database is away the page comes back by itself, with the same code.
  for (let tries = 0; tries < 5 && attempt.answer.status === 503; tries++) {
    await sleep(1_000)
    attempt.answer = await visitor.get(attempt.answer.url)
  }
  const { status, location, body, headers } = attempt.answer
  if (!headers.getSetCookie().some((line) => /concord\.session=[^;]/.test(line))) {
    const log = [stack.portal.logs ?? []].flat().slice(-5).join('\n')
    throw new Error(`Nobody is signed in after ${status} ${location ?? body.slice(0, 200)}\n${log}`)
  }
  return attempt
}

/** The whole attempt, however it ends. Gives the answer of the callback and the visitor who made it. */
export async function tryToConnect(stack: Fixture, choice: Choice, visitor = new Visitor()) {
  const callback = await goToOrcid(stack, visitor, choice)
  return { visitor, answer: await visitor.get(callback) }
}

export async function until<T>(
  what: string,
  probe: () => Promise<T | false | null | undefined>,
  timeoutMs = 60_000,
): Promise<T> {
  const end = Date.now() + timeoutMs
  for (;;) {
    const found = await probe()
    if (found) return found
    if (Date.now() > end) throw new Error(`Waited ${timeoutMs} ms in vain until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
