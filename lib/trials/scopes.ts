import { findScope, parseScopes } from '@/lib/orcid/scopes'

export type ScopeProblem = {
  scope: string
  /** `two_legged`: for a token of the client's own; `deprecated` names its replacement. */
  problem: 'unknown' | 'deprecated' | 'two_legged' | 'not_for_us' | 'no_slash'
  replacement: string | null
}

/** Looks for scopes that these credentials cannot ask a person for, and says of each why. */
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

/** Scopes as a tutorial writes them: by spaces, commas or plus signs, percent-encoded or not. */
export function readScopes(text: string): string[] {
  return parseScopes(text.replace(/%20|[+,]/gi, ' ').replace(/%2f/gi, '/'))
}
