/** Longer than the address of any page of ours, with all its filters. */
const pathCharsMax = 2_000

/** Stands for our own: whether an address leaves it does not depend on which one it is. */
const anyOrigin = 'http://own.invalid'

/** Nobody is led to these: they answer machines, or change something. */
const notPages = /^\/(api|sign-out)(\/|$)/

/**
 * A path of ours with its query and fragment, in the form in which a browser would ask for it; null for everything else,
 * such as what a browser would take for the address of another site.
 */
export function parseOwnPath(given: unknown): string | null {
  if (typeof given !== 'string' || given.length > pathCharsMax) return null
  if (!/^\/(?!\/)[^\\\p{Cc}]*$/u.test(given) || !URL.canParse(given, anyOrigin)) return null
  const { origin, pathname, search, hash } = new URL(given, anyOrigin)
  // Dots are resolved by now: `/.//host` has become `//host`.
  if (origin !== anyOrigin || pathname.startsWith('//') || notPages.test(pathname)) return null
  return `${pathname}${search}${hash}`
}

/** The page that a form was sent from, as its browser says; null where it does not, or where it is another site's. */
export function findReferringPath(headers: Headers, hostname: string): string | null {
  const referrer = headers.get('referer') ?? ''
  if (!URL.canParse(referrer)) return null
  const url = new URL(referrer)
  return url.hostname === hostname ? parseOwnPath(`${url.pathname}${url.search}`) : null
}
