import { SCOPE_TABLE, type Scope } from './scope-table'

export const SCOPES = SCOPE_TABLE

const scopeByName = new Map(SCOPES.map((scope) => [scope.scope, scope]))

/** What writing an affiliation needs; `/activities/update` covers both. */
export const writeScopes = ['/affiliations/create', '/affiliations/update'] as const

const IDENTITY_SCOPES = new Set(['openid', '/authenticate', '/read-public'])

/** Returns null for a scope that ORCID does not list. */
export function findScope(name: string): Scope | null {
  return scopeByName.get(name) ?? null
}

/** Returns a sorted list without duplicates, unknown names included. ORCID shuffles scopes, so compare these lists. */
export function parseScopes(text: string): string[] {
  return [...new Set(text.split(/\s+/).filter(Boolean))].sort()
}

/** Returns the scopes and all scopes they include. An unknown name includes only itself. */
export function scopeClosure(scopes: Iterable<string>): Set<string> {
  const closure = new Set<string>()
  for (const name of scopes) {
    closure.add(name)
    for (const included of findScope(name)?.includes ?? []) closure.add(included)
  }
  return closure
}

/** Whether the granted scopes include all wanted ones. */
export function coversScopes(granted: Iterable<string>, wanted: Iterable<string>): boolean {
  const closure = scopeClosure(granted)
  return [...wanted].every((name) => closure.has(name))
}

/** Whether these scopes allow only the iD and public data. */
export function isIdentityOnly(scopes: Iterable<string>): boolean {
  return [...scopes].every((name) => IDENTITY_SCOPES.has(name))
}

/** Scopes that people can grant. `member` includes `/email/read-private`, which ORCID adds by arrangement only. */
export function askableScopes(api: 'member' | 'public'): string[] {
  return SCOPES.filter(
    (scope) =>
      scope.kind === '3-legged' && !scope.deprecated && (api === 'member' || scope.membership === 'public+member'),
  ).map((scope) => scope.scope)
}
