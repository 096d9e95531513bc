export type Answer = { status: number; url: string; location: string | null; body: string; headers: Headers }

/** As long as a browser waits for an answer at the least, which is longer than anything here may take. */
const answerWithinMs = 180_000

/** A browser without a screen and without script: cookies by host, plain forms, redirects one at a time. */
export class Visitor {
  readonly cookies = new Map<string, Map<string, string>>()
  /** Everything that was received, for tests that look for what must not be there. */
  readonly received: string[] = []

  async get(url: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.#send(url, { method: 'GET', headers })
  }

  /** Submits a form of the page's own site, as a browser would: with `Sec-Fetch-Site` and `Origin`. One with a file is FormData. */
  async post(
    url: string,
    fields: [string, string][] | FormData = [],
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const { origin } = new URL(url)
    return this.#send(url, {
      method: 'POST',
      body: fields instanceof FormData ? fields : new URLSearchParams(fields),
      headers: { origin, 'sec-fetch-site': 'same-origin', ...headers },
    })
  }

  /** Follows redirects by GET until something else comes, or until `until` matches the next address. */
  async follow(answer: Answer, until: (url: string) => boolean = () => false): Promise<Answer> {
    let current = answer
    for (let hops = 0; current.location && hops < 10; hops++) {
      const next = new URL(current.location, current.url).href
      if (until(next)) return current
      current = await this.get(next)
    }
    return current
  }

  /** A second browser with the same cookies, as another tab has them. */
  clone(): Visitor {
    const other = new Visitor()
    for (const [host, jar] of this.cookies) other.cookies.set(host, new Map(jar))
    return other
  }

  async #send(url: string, init: RequestInit): Promise<Answer> {
    const { hostname } = new URL(url)
    const jar = this.cookies.get(hostname) ?? new Map<string, string>()
    this.cookies.set(hostname, jar)
    const headers = new Headers(init.headers)
    if (jar.size > 0) headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '))
    const signal = AbortSignal.timeout(answerWithinMs)
    const response = await fetch(url, { ...init, headers, redirect: 'manual', signal })
    for (const line of response.headers.getSetCookie()) keep(jar, line)
    const body = await response.text()
    this.received.push(`${[...response.headers].map((pair) => pair.join(': ')).join('\n')}\n\n${body}`)
    return { status: response.status, url, location: response.headers.get('location'), body, headers: response.headers }
  }
}

function keep(jar: Map<string, string>, line: string): void {
  const [pair = '', ...attributes] = line.split(';')
  const at = pair.indexOf('=')
  const gone = attributes.some((attribute) => /^\s*(max-age=0|expires=thu, 01 jan 1970)/i.test(attribute))
  if (gone) jar.delete(pair.slice(0, at))
  else jar.set(pair.slice(0, at), pair.slice(at + 1))
}
