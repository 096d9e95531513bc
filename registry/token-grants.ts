import type { RegistryClient } from './clients'
import type { Registry } from './context'
import type { Fault } from './faults'
import { personOf } from './people'
import { isKnownScope, mayHoldAlone, readScopes, scopeReach } from './scopes'
import type { Token } from './state'
import { describeToken, GENERIC, type Outcome, refused } from './token-outcome'
import { disableTokens, issueToken, isUsable } from './tokens'

type GrantRequest = { registry: Registry; client: RegistryClient; form: URLSearchParams; fault: Fault | null }

const UNKNOWN_SCOPE =
  'One of the provided scopes is not allowed. Please refer to the list of allowed scopes at: https://github.com/ORCID/ORCID-Source/tree/master/orcid-model/src/main/resources/record_2.0#scopes.'

/** A token for the client itself. Silently drops scopes that need a person; refuses if none is left. */
export function grantToClient({ registry, client, form, fault }: GrantRequest): Outcome {
  const requested = readScopes(form.get('scope') ?? '')
  if (requested.some((scope) => !isKnownScope(scope))) return refused('invalid_scope', UNKNOWN_SCOPE, 401)
  const scopes = requested.filter((scope) => mayHoldAlone(client, scope))
  if (scopes.length === 0) return refused('invalid_scope', `Invalid scope: ${requested.join(' ')}`)
  const token = issueToken(registry, { orcid: null, clientId: client.id, code: null, scopes })
  return { status: 200, body: describeToken(registry, token, fault), outcome: 'issued' }
}

/**
 * A new token pair with the same scopes or fewer. Source: ORCID/ORCID-Source `orcid-api-web/tutorial/refresh_tokens.md`;
 * for the proxy, `OauthGenericCallsController.java`.
 */
export function refresh({ registry, client, form, fault }: GrantRequest): Outcome {
  const value = form.get('refresh_token')
  if (!value) return refused('invalid_request', 'refresh_token is required', 401)
  const parent = findByRefreshToken(registry, value)
  if (!parent || parent.clientId !== client.id || !isUsable(registry, parent)) return refused('invalid_grant', GENERIC)
  const closed = describeClosedRecord(registry, parent)
  if (closed) return refused('unauthorized_client', closed)
  const requested = form.get('scope')
  const scopes = requested ? readScopes(requested) : parent.scopes
  const reach = scopeReach(parent.scopes)
  const excess = scopes.find((scope) => !reach.has(scope))
  if (excess !== undefined) {
    return refused('invalid_scope', `The given scope '${excess}' is not allowed for the parent token`)
  }
  const { dropsRefreshParams } = registry.settings
  const lifetimeS = lifetimeOfChild(registry, parent, dropsRefreshParams ? null : form.get('expires_in'))
  if (lifetimeS === null) return refused('invalid_request', GENERIC)
  if (!dropsRefreshParams && form.get('revoke_old') === 'true') {
    disableTokens(registry, 'CLIENT_REVOKED', (token) => token === parent)
  }
  const token = issueToken(registry, { orcid: parent.orcid, clientId: client.id, code: null, scopes, lifetimeS })
  return { status: 200, body: describeToken(registry, token, fault), outcome: 'refreshed' }
}

function findByRefreshToken(registry: Registry, value: string): Token | null {
  for (const token of registry.store.tokens.values()) if (token.refreshToken === value) return token
  return null
}

function describeClosedRecord(registry: Registry, { orcid }: Token): string | null {
  const state = personOf(registry, orcid)?.state ?? 'ok'
  return state === 'ok' ? null : `The record ${orcid} is ${state}`
}

/** At most the remaining lifetime of the parent; null for an invalid request. */
function lifetimeOfChild(registry: Registry, parent: Token, requestedS: string | null): number | null {
  const leftS = Math.floor((parent.issuedAt + parent.lifetimeS * 1000 - registry.now()) / 1000)
  if (requestedS === null) return leftS
  return /^\d{1,12}$/.test(requestedS) && Number(requestedS) > 0 && Number(requestedS) <= leftS
    ? Number(requestedS)
    : null
}
