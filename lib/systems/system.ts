import type { SystemRight } from '@/lib/actor'
import { scopeClosure } from '@/lib/orcid/scopes'

export const operators = ['institution', 'processor', 'member'] as const
export type Operator = (typeof operators)[number]

/** From being told to being covered. */
export const daysAfterTelling = 14

/** Any of these permissions lets a system use the right; null: each of the term's scopes counts for itself. */
const scopeOfRight: Record<SystemRight, string | null> = {
  'people:read': '/authenticate',
  'events:read': '/authenticate',
  'record:read': '/read-limited',
  'affiliations:write': '/activities/update',
  'works:write': '/activities/update',
  'token:delegate': null,
}

/** What everybody allows who connects. */
const identity = ['openid', '/authenticate']

/** The scope that a right needs, besides the iD. Null: none, or those that are delegated. */
export function findNeededScope(right: SystemRight): string | null {
  const scope = scopeOfRight[right]
  return scope === '/authenticate' ? null : scope
}

/** Whether the iD is enough for a right, which every permission proves. */
export const needsOnlyTheId = (right: SystemRight) => scopeOfRight[right] === '/authenticate'

/** The scopes that let a right be used, of those that a term has at most: one of them suffices. */
export function listScopesOf(right: SystemRight, atMost: readonly string[]): string[] {
  if (needsOnlyTheId(right)) return identity
  const needed = findNeededScope(right)
  return atMost.filter((scope) => needed === null || scopeClosure([scope]).has(needed))
}

/** The rights that are used with a permission, as the text above the button lists them. */
export function listRightsOf(scope: string, rights: readonly SystemRight[], atMost: readonly string[]): SystemRight[] {
  return rights.filter((right) => listScopesOf(right, atMost).includes(scope))
}
