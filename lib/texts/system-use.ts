import type { SystemRight } from '@/lib/actor'
import { scopeClosure } from '@/lib/orcid/scopes'

/** What lets a right be used: the iD, a scope, or for `token:delegate` any of the term's scopes. */
const needs: Record<SystemRight, string | null> = {
  'people:read': 'openid',
  'events:read': 'openid',
  'record:read': '/read-limited',
  'affiliations:write': '/activities/update',
  'works:write': '/activities/update',
  'token:delegate': null,
}

/** Whether the iD is enough for a right, which every permission proves. */
export const needsOnlyTheId = (right: SystemRight) => needs[right] === 'openid'

/** The scope that a right needs besides the iD; null for none, and for delegating, which needs any. */
export const findNeededScope = (right: SystemRight) => (needsOnlyTheId(right) ? null : needs[right])

/** The scopes that let a right be used, of those that a term has at most: one of them suffices. */
export function listScopesOf(right: SystemRight, atMost: readonly string[]): string[] {
  if (needsOnlyTheId(right)) return ['openid', '/authenticate']
  const needed = findNeededScope(right)
  return atMost.filter((scope) => needed === null || scopeClosure([scope]).has(needed))
}

/** The rights that are used with a permission. */
export const listRightsOf = (
  scope: string,
  { rights, scopes }: { rights: readonly SystemRight[]; scopes: readonly string[] },
): SystemRight[] => rights.filter((right) => listScopesOf(right, scopes).includes(scope))
