import { findClient, type RegistryClient } from './clients'
import type { Registry } from './context'
import { admitsRedirectUri, withFragment } from './redirect-uri'
import { mayAsk, readScopes } from './scopes'

export type AuthorizationRequest = {
  client: RegistryClient
  redirectUri: string
  scopes: string[]
  state: string | null
  nonce: string | null
  prompt: string | null
}

export type CheckedRequest =
  | { kind: 'valid'; request: AuthorizationRequest }
  | { kind: 'error_page'; error: string; description: string }
  | { kind: 'redirect'; location: string }

type ClientAndRedirect = { client: RegistryClient; redirectUri: string }

/**
 * A wrong client or redirect URI leads to an error page of the registry. Other errors go to the client in the fragment,
 * without state and description, as in ORCID's single-page application.
 * Source: ORCID/orcid-angular `oauth.service.ts` and `authorize.guard.ts`.
 */
export function checkAuthorizationRequest(registry: Registry, query: URLSearchParams): CheckedRequest {
  const target = checkClientAndRedirect(registry, query)
  if ('kind' in target) return target
  for (const [name, words] of [
    ['scope', 'the desired scopes'],
    ['response_type', 'a response type'],
  ] as const) {
    if (!query.get(name)) return errorPage('invalid_request', `Please specify ${words}`)
  }
  if (query.get('response_type') !== 'code') return inFragment(target, 'unsupported_response_type')
  const scopes = readScopes(query.get('scope') ?? '')
  const allowed = scopes.length > 0 && scopes.every((scope) => mayAsk(target.client, scope))
  if (!allowed) return inFragment(target, 'invalid_scope')
  const request = {
    ...target,
    scopes,
    state: query.get('state'),
    nonce: query.get('nonce'),
    prompt: query.get('prompt'),
  }
  return { kind: 'valid', request }
}

/** Only client and redirect URI: `prompt=none` without a session checks nothing else. */
export function checkClientAndRedirect(registry: Registry, query: URLSearchParams): ClientAndRedirect | CheckedRequest {
  const clientId = query.get('client_id')
  const redirectUri = query.get('redirect_uri')
  if (!clientId) return errorPage('invalid_request', 'Please specify a client id')
  const client = findClient(registry, clientId)
  if (!client) return errorPage('invalid_client', `Client not found: ${clientId}`)
  if (!redirectUri) return errorPage('invalid_request', 'Please specify a redirect URL')
  if (!admitsRedirectUri(client.redirectUris, redirectUri)) {
    return errorPage('invalid_grant', "Redirect URI doesn't match your registered redirect URIs.")
  }
  return { client, redirectUri }
}

function errorPage(error: string, description: string): CheckedRequest {
  return { kind: 'error_page', error, description }
}

function inFragment(target: ClientAndRedirect, error: string): CheckedRequest {
  return { kind: 'redirect', location: withFragment(target.redirectUri, `error=${error}`) }
}
