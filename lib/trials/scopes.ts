import { findScope, parseScopes } from '@/lib/orcid/scopes'

export type ScopeProblem = {
  scope: string
  /** `two_legged`: only for the client's own token. */
  problem: 'unknown' | 'deprecated' | 'two_legged' | 'not_for_us' | 'no_slash'
  replacement: string | null
}

/** Scopes that these credentials cannot ask a person for. */
export function findScopeProblems(scopes: readonly string[], askable: readonly string[]): ScopeProblem[] {
  return scopes.flatMap((scope): ScopeProblem[] => {
    if (askable.includes(scope)) return []
    const known = findScope(scope)
    if (!known && findScope(`/${scope}`)) return [{ scope, problem: 'no_slash', replacement: `/${scope}` }]
    if (!known) return [{ scope, problem: 'unknown', replacement: null }]
    if (known.deprecated) return [{ scope, problem: 'deprecated', replacement: known.replacement }]
    return [{ scope, problem: known.kind === '2-legged' ? 'two_legged' : 'not_for_us', replacement: null }]
  })
}

/** Accepts spaces, commas or plus signs between scopes, and percent-encoding. */
export function readScopes(text: string): string[] {
  return parseScopes(text.replace(/%20|[+,]/gi, ' ').replace(/%2f/gi, '/'))
}
