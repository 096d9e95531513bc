/** The scopes that an event's detail names. Later versions may write down something else. */
export function scopesIn(detail: unknown): string[] {
  if (typeof detail !== 'object' || detail === null || !('scopes' in detail)) return []
  const { scopes } = detail
  return Array.isArray(scopes) ? scopes.filter((scope) => typeof scope === 'string') : []
}

/** The name of the system that an event is about; otherwise nothing. */
export function systemIn(detail: unknown): string {
  return typeof detail === 'object' && detail !== null && 'system' in detail ? String(detail.system) : ''
}

/** What a check found, of an event about one; otherwise nothing. */
export function findingIn(detail: unknown): string {
  return typeof detail === 'object' && detail !== null && 'finding' in detail ? String(detail.finding) : ''
}
