type Parts = { scheme: string; userInfo: string; host: string; port: string; path: string }

/**
 * ORCID's published rule: scheme, user-info, host and port equal those of a registered URI (an absent port is not the
 * default port). After resolving `.` and `..`, the path starts with the registered one, as a plain prefix: `/cb` admits
 * `/cb-evil`. The registered query does not count.
 * Source: ORCID/ORCID-Source `OrcidOauthRedirectResolver.java`.
 */
export function admitsRedirectUri(registeredUris: readonly string[], requestedUri: string): boolean {
  const requested = splitUri(requestedUri)
  if (!requested) return false
  return registeredUris.some((uri) => {
    const registered = splitUri(uri.trim())
    return registered !== null && sameOrigin(registered, requested) && requested.path.startsWith(registered.path)
  })
}

function sameOrigin(one: Parts, other: Parts): boolean {
  return (
    one.scheme === other.scheme && one.userInfo === other.userInfo && one.host === other.host && one.port === other.port
  )
}

/** Not `new URL()`, which trims, lowercases and drops default ports before the comparison. */
function splitUri(uri: string): Parts | null {
  const match =
    /^([a-z][a-z0-9+.-]*):\/\/(?:([^/?#@]*)@)?(\[[^\]/?#]*\]|[^/?#:@]*)(?::(\d*))?([/][^?#]*)?(?:[?#].*)?$/i.exec(uri)
  if (!match) return null
  const [, scheme = '', userInfo = '', host = '', port = '', path = ''] = match
  return { scheme: scheme.toLowerCase(), userInfo, host, port, path: cleanPath(path) }
}

function cleanPath(path: string): string {
  const resolved: string[] = []
  const [first = '', ...segments] = path.replaceAll('\\', '/').split('/')
  for (const segment of segments) {
    if (segment === '.') continue
    const climbs = segment === '..' && resolved.length > 0 && resolved.at(-1) !== '..'
    if (climbs) resolved.pop()
    else resolved.push(segment)
  }
  return [first, ...resolved].join('/')
}

/** Adds parameters to the query and removes the fragment. */
export function withQuery(redirectUri: string, parameters: Record<string, string | null>): string {
  const bare = withoutFragment(redirectUri)
  const added = Object.entries(parameters)
    .filter((entry): entry is [string, string] => entry[1] !== null)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')
  if (added === '') return bare
  const joint = bare.includes('?') ? (/[?&]$/.test(bare) ? '' : '&') : '?'
  return bare + joint + added
}

export function withFragment(redirectUri: string, fragment: string): string {
  return `${withoutFragment(redirectUri)}#${fragment}`
}

/** Also encodes for a Location header, which allows visible ASCII only. */
function withoutFragment(redirectUri: string): string {
  const [bare = ''] = redirectUri.split('#')
  return bare.replace(/[^\x21-\x7e]/gu, (character) => encodeURIComponent(character))
}
