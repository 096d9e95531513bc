import { z } from 'zod'
import type { RegistryClient } from './clients'
import listed from './scopes.json' with { type: 'json' }

const scopeSchema = z.strictObject({
  scope: z.string(),
  label: z.string().nullable(),
  detail: z.string().nullable(),
  legs: z.number(),
  membership: z.string(),
  /** Included scopes, transitively. */
  includes: z.array(z.string()),
})

const SCOPES = new Map(
  z
    .array(scopeSchema)
    .parse(listed)
    .map((row) => [row.scope, row]),
)

// OpenID libraries often request these scopes; ORCID ignores them silently.
const IGNORED = new Set(['profile', 'email', 'address', 'phone', 'offline_access'])

/** The set of scopes in a request, without those that ORCID ignores. */
export function readScopes(text: string): string[] {
  const requested = text.split(/\s+/).filter((scope) => scope !== '' && !IGNORED.has(scope))
  return [...new Set(requested)].sort()
}

/** The scope is known, three-legged and available to this client's kind of credentials. */
export function mayAsk(client: RegistryClient, scope: string): boolean {
  const row = SCOPES.get(scope)
  if (row?.legs !== 3) return false
  if (row.membership === 'public+member') return true
  if (client.kind !== 'member') return false
  return row.membership === 'member' || (client.arrangedScopes ?? []).includes(scope)
}

/** The client may get this scope with client credentials. */
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

/** These scopes and all that they include, transitively. */
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

/** As on the consent page: one line per label, the iD first. `openid` and `/authenticate` share a label. */
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
