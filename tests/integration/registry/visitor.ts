import { ADA, CALLBACK, MEMBER, type Trial } from './trial'

/** A person with a browser that runs no script: it keeps cookies, reads pages and presses buttons, but follows nothing by itself. */
export class Visitor {
  private cookies = new Map<string, string>()

  async go(url: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { ...init.headers, cookie } })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (/Max-Age=0/i.test(line)) this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    return response
  }

  /** Presses the button with this name and value on a page that came from `url`. */
  async press(url: string, html: string, name: string, value: string): Promise<Response> {
    const button = `name="${name}" value="${value}"`
    const form = html.split('<form').find((part) => part.includes(button))
    const action = /action="([^"]*)"/.exec(form ?? '')?.[1]?.replaceAll('&amp;', '&')
    if (!action) throw new Error(`There is no button with ${button}.`)
    return this.go(new URL(action, url).href, { method: 'POST', body: new URLSearchParams({ [name]: value }) })
  }

  /** Signs in where it is asked to, and authorizes; returns where that led. */
  async authorize(url: string, orcid = ADA, decision = 'authorize'): Promise<URL> {
    let response = await this.go(url)
    while (response.status === 200) {
      const html = await response.text()
      const asksWho = html.includes('name="orcid"')
      response = asksWho
        ? await this.press(url, html, 'orcid', orcid)
        : await this.press(url, html, 'decision', decision)
      if (asksWho) response = await this.go(locationOf(response, url).href)
    }
    return locationOf(response, url)
  }
}

export function locationOf(response: Response, base: string): URL {
  const location = response.headers.get('Location')
  if (!location) throw new Error(`No redirect but ${response.status}.`)
  return new URL(location, base)
}

export function authorizeUrl(trial: Trial, parameters: Record<string, string | null> = {}): string {
  const all = {
    client_id: MEMBER.id,
    response_type: 'code',
    scope: 'openid /read-limited /activities/update',
    redirect_uri: CALLBACK,
    state: 'a state',
    nonce: 'a nonce',
    ...parameters,
  }
  const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null)
  return `${trial.url}/oauth/authorize?${new URLSearchParams(given)}`
}

/** A new person's code for the usual request. */
export async function getCode(
  trial: Trial,
  orcid = ADA,
  parameters: Record<string, string | null> = {},
): Promise<string> {
  const landed = await new Visitor().authorize(authorizeUrl(trial, parameters), orcid)
  return landed.searchParams.get('code') ?? ''
}

export function postForm(trial: Trial, path: string, fields: Record<string, string | null>, headers = {}) {
  const given = Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== null)
  return fetch(`${trial.url}${path}`, { method: 'POST', headers, body: new URLSearchParams(given) })
}

/** The exchange as the portal does it; a field that is `null` is left out. */
export function exchange(trial: Trial, code: string | null, changed: Record<string, string | null> = {}, headers = {}) {
  const fields = {
    grant_type: 'authorization_code',
    client_id: MEMBER.id,
    client_secret: MEMBER.secret,
    redirect_uri: CALLBACK,
    code,
    ...changed,
  }
  return postForm(trial, '/oauth/token', fields, headers)
}

export type TokenAnswer = {
  access_token: string
  refresh_token: string
  scope: string
  name: string | null
  orcid: string
  expires_in: number | string
  id_token?: string
}

export async function getTokens(trial: Trial, orcid = ADA, parameters: Record<string, string | null> = {}) {
  const clientId = parameters.client_id ?? MEMBER.id
  const answer = await exchange(trial, await getCode(trial, orcid, parameters), { client_id: clientId })
  return (await answer.json()) as TokenAnswer
}

export function readClaims(idToken: string | undefined): Record<string, unknown> {
  return JSON.parse(Buffer.from(idToken?.split('.')[1] ?? '', 'base64url').toString())
}
