import { z } from 'zod'
import type { RegistryClient } from './clients'
import listed from './scopes.json' with { type: 'json' }

const scopeSchema = z.strictObject({
  scope: z.string(),
  label: z.string().nullable(),
  detail: z.string().nullable(),
  legs: z.number(),
  membership: z.string(),
  /** The scopes that it grants besides itself; those of those count too. */
  includes: z.array(z.string()),
})

const SCOPES = new Map(
  z
    .array(scopeSchema)
    .parse(listed)
    .map((row) => [row.scope, row]),
)

// Every OpenID library asks for some of these out of habit; ORCID drops them without a word.
const IGNORED = new Set(['profile', 'email', 'address', 'phone', 'offline_access'])

/** The set of scopes in a request, without those that ORCID ignores. */
export function readScopes(text: string): string[] {
  const wanted = text.split(/\s+/).filter((scope) => scope !== '' && !IGNORED.has(scope))
  return [...new Set(wanted)].sort()
}

/** True when this client may ask a person for this scope: known, three-legged, and open to its kind of credentials. */
export function mayAsk(client: RegistryClient, scope: string): boolean {
  const row = SCOPES.get(scope)
  if (row?.legs !== 3) return false
  if (row.membership === 'public+member') return true
  if (client.kind !== 'member') return false
  return row.membership === 'member' || (client.arrangedScopes ?? []).includes(scope)
}

/** True when this client may get this scope for itself, without any person (client credentials). */
export function mayHoldAlone(client: RegistryClient, scope: string): boolean {
  const row = SCOPES.get(scope)
  if (row?.legs !== 2) return false
  if (row.membership === 'public+member') return true
  if (client.kind !== 'member') return false
  return row.membership === 'member' || (client.arrangedScopes ?? []).includes(scope)
}

export function isKnownScope(scope: string): boolean {
  return SCOPES.has(scope)
}

/** These scopes and all that they include, directly or not. */
export function scopeReach(scopes: readonly string[]): ReadonlySet<string> {
  const reach = new Set<string>()
  const left = [...scopes]
  for (let scope = left.pop(); scope !== undefined; scope = left.pop()) {
    if (reach.has(scope)) continue
    reach.add(scope)
    left.push(...(SCOPES.get(scope)?.includes ?? []))
  }
  return reach
}

export type ScopeLine = { label: string; detail: string | null; scopes: string[] }

/** One line per label, the iD first, as the consent page shows them: `openid` and `/authenticate` share theirs. */
export function scopeLines(scopes: readonly string[]): ScopeLine[] {
  const lines = new Map<string, ScopeLine>()
  const identity = scopes.filter((scope) => scope === 'openid' || scope === '/authenticate')
  for (const scope of new Set([...identity, ...scopes])) {
    const row = SCOPES.get(scope)
    const label = row?.label ?? scope
    const line = lines.get(label) ?? { label, detail: row?.detail ?? null, scopes: [] }
    lines.set(label, { ...line, scopes: [...line.scopes, scope] })
  }
  return [...lines.values()]
}

export function sameScopes(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((scope) => other.includes(scope))
}
