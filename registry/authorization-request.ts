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

type Place = { client: RegistryClient; redirectUri: string }

/**
 * What is wrong with client or redirect URI is said on a page of the registry; what is wrong with the rest goes back to the
 * client in the fragment, without state and description, which is how ORCID's single-page application does it.
 * Source: ORCID/orcid-angular `oauth.service.ts` and `authorize.guard.ts`.
 */
export function checkAuthorizationRequest(registry: Registry, query: URLSearchParams): CheckedRequest {
  const place = checkPlace(registry, query)
  if ('kind' in place) return place
  for (const [name, words] of [
    ['scope', 'the desired scopes'],
    ['response_type', 'a response type'],
  ] as const) {
    if (!query.get(name)) return errorPage('invalid_request', `Please specify ${words}`)
  }
  if (query.get('response_type') !== 'code') return inFragment(place, 'unsupported_response_type')
  const scopes = readScopes(query.get('scope') ?? '')
  const allowed = scopes.length > 0 && scopes.every((scope) => mayAsk(place.client, scope))
  if (!allowed) return inFragment(place, 'invalid_scope')
  const request = {
    ...place,
    scopes,
    state: query.get('state'),
    nonce: query.get('nonce'),
    prompt: query.get('prompt'),
  }
  return { kind: 'valid', request }
}

/** Client and redirect URI alone: `prompt=none` without a session is answered after these two. */
export function checkPlace(registry: Registry, query: URLSearchParams): Place | CheckedRequest {
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

function inFragment(place: Place, error: string): CheckedRequest {
  return { kind: 'redirect', location: withFragment(place.redirectUri, `error=${error}`) }
}
