/** Longer than any URL of ours with all filters. */
const pathCharsMax = 2_000

/** A placeholder: any origin shows whether a path leaves it. */
const anyOrigin = 'http://own.invalid'

/** These serve machines or change state. */
const notPages = /^\/(api|sign-out)(\/|$)/

/** Returns a normalized path of ours with query and fragment. Returns null for the URL of another site. */
export function parseOwnPath(given: unknown): string | null {
  if (typeof given !== 'string' || given.length > pathCharsMax) return null
  if (!/^\/(?!\/)[^\\\p{Cc}]*$/u.test(given) || !URL.canParse(given, anyOrigin)) return null
  const { origin, pathname, search, hash } = new URL(given, anyOrigin)
  // Dots are resolved now: `/.//host` has become `//host`.
  if (origin !== anyOrigin || pathname.startsWith('//') || notPages.test(pathname)) return null
  return `${pathname}${search}${hash}`
}

/** Returns the `Referer`'s path, or null if it is missing or of another site. */
export function findReferringPath(headers: Headers, hostname: string): string | null {
  const referrer = headers.get('referer') ?? ''
  if (!URL.canParse(referrer)) return null
  const url = new URL(referrer)
  return url.hostname === hostname ? parseOwnPath(`${url.pathname}${url.search}`) : null
}

/** A path for the log, without its query and without the token of a personal link. */
export const toLoggedPath = (path: string) => (path.split('?')[0] ?? '').replace(/^(\/i\/).+/, '$1…')

/** A part of an address as it was meant. Next.js gives it as it was sent; what cannot be decoded stays as it is. */
export function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
