import { SCOPE_TABLE, type Scope } from './scope-table'

/** What ORCID knows about each of its scopes; see `scope-table.ts`. */
export const SCOPES = SCOPE_TABLE

const scopeByName = new Map(SCOPES.map((scope) => [scope.scope, scope]))

/** Everything that says no more than who somebody is. */
const IDENTITY_SCOPES = new Set(['openid', '/authenticate', '/read-public'])

/** The table's row for a scope, or null for a name that ORCID does not list. */
export function findScope(name: string): Scope | null {
  return scopeByName.get(name) ?? null
}

/**
 * Splits a `scope` value into a sorted list without repetitions. ORCID shuffles the order of what it returns, so two
 * values are the same permission exactly when these lists are equal. Names we do not know are kept.
 */
export function parseScopes(text: string): string[] {
  return [...new Set(text.split(/\s+/).filter(Boolean))].sort()
}

/** The scopes and everything they include. A name we do not know stands for itself only. */
export function scopeClosure(scopes: Iterable<string>): Set<string> {
  const closure = new Set<string>()
  for (const name of scopes) {
    closure.add(name)
    for (const included of findScope(name)?.includes ?? []) closure.add(included)
  }
  return closure
}

/** Whether somebody who granted the first scopes has thereby permitted all of the second ones. */
export function coversScopes(granted: Iterable<string>, wanted: Iterable<string>): boolean {
  const closure = scopeClosure(granted)
  return [...wanted].every((name) => closure.has(name))
}

/** Whether these scopes permit nothing beyond knowing who somebody is and reading what is public anyway. */
export function isIdentityOnly(scopes: Iterable<string>): boolean {
  return [...scopes].every((name) => IDENTITY_SCOPES.has(name))
}

/**
 * The current scopes that a person can grant to a client with this kind of credentials, in the table's order. For
 * `member` this includes the one that ORCID adds by arrangement only (`/email/read-private`): whether a client has it
 * cannot be told from here, and ORCID answers `invalid_scope` when it has not.
 */
export function askableScopes(api: 'member' | 'public'): string[] {
  return SCOPES.filter(
    (scope) =>
      scope.kind === '3-legged' && !scope.deprecated && (api === 'member' || scope.membership === 'public+member'),
  ).map((scope) => scope.scope)
}
