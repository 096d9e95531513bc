// Identity, reading, writing; then other scopes by name.
const readingOrder = [
  'openid',
  '/authenticate',
  '/read-limited',
  '/email/read-private',
  '/activities/update',
  '/person/update',
]

/** Sorts scopes as a person reads them, without duplicates. */
export function inReadingOrder(scopes: readonly string[]): string[] {
  const known = readingOrder.filter((scope) => scopes.includes(scope))
  const others = scopes.filter((scope) => !readingOrder.includes(scope))
  return [...new Set([...known, ...others.sort()])]
}
