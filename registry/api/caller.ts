import { findClient, type RegistryClient } from '../clients'
import { type Registry, type RegistryContext, readBearerHeader } from '../context'
import type { Item } from '../records/item'
import { scopeReach } from '../scopes'
import type { Token } from '../state'
import { isUsable } from '../tokens'
import { ApiError } from './api-error'

/** ORCID has two record APIs: its members' at `api.orcid.org`, and one for everybody at `pub.orcid.org` that only reads. */
export type Api = 'member' | 'public'

/** Path prefixes here, in place of the two hosts. */
export const API_PATH = { member: '/v3.0', public: '/pub/v3.0' } as const satisfies Record<Api, string>

/** A client with a person's permission, which may be another client's (`origin`), or for itself without an iD. The public API treats all alike. */
export type Caller = {
  api: Api
  client: CallerClient
  orcid: string | null
  reach: ReadonlySet<string>
  origin: CallerClient | null
}
type CallerClient = Pick<RegistryClient, 'id' | 'name'>

const ANYBODY = {
  api: 'public',
  client: { id: '', name: '' },
  orcid: null,
  origin: null,
  reach: scopeReach(['/read-public']),
} as const

export type CallerRefusal = { ok: false; status: 401 | 403; body: Record<string, string> }
export type CallerAnswer = { ok: true; caller: Caller } | CallerRefusal

/** The token from the header or the query. */
export function readBearer(c: RegistryContext): string | null {
  return readBearerHeader(c) ?? c.req.query('access_token') ?? null
}

/** The first layer, with OAuth error answers. Source: `APIAuthenticationEntryPoint`, `OrcidBearerTokenFilter`. */
export function identifyCaller(
  registry: Registry,
  { api, value, method }: { api: Api; value: string | null; method: string },
): CallerAnswer {
  if (value === null) return api === 'public' ? { ok: true, caller: ANYBODY } : forbidden()
  const token = registry.store.tokens.get(value)
  if (!token || !isAccepted(registry, token, method)) return invalidToken(value)
  if (api === 'public') return { ok: true, caller: ANYBODY }
  const client = findClient(registry, token.clientId)
  if (client?.kind !== 'member') return forbidden()
  const origin = findClient(registry, token.onBehalfOf)
  return { ok: true, caller: { api, client, orcid: token.orcid, reach: scopeReach(token.scopes), origin } }
}

/** After a withdrawal the client may still DELETE its own items. */
function isAccepted(registry: Registry, token: Token, method: string): boolean {
  return isUsable(registry, token) || (method === 'DELETE' && token.revokedBecause === 'USER_REVOKED')
}

/** ORCID repeats the token in `detail`, so careless clients log it. */
export function invalidToken(detail: string): CallerRefusal {
  const body = { error: 'invalid_token', error_description: `Invalid access token: ${detail}` }
  return { ok: false, status: 401, body }
}

function forbidden(): CallerRefusal {
  const description = 'Forbidden: The server understood the request but refuses to authorize it.'
  return { ok: false, status: 403, body: { error: 'forbidden', error_description: description } }
}

/** A person's token works only for their own record; a token without a person depends on its scopes alone. */
export function checkOwner(caller: Caller, orcid: string): void {
  if (caller.orcid !== null && caller.orcid !== orcid)
    throw new ApiError('9017', { says: 'Access token is for a different record' })
}

/** Who wrote an item may read, change and delete it: the pair of the client and on whose behalf. */
export function isSource({ client, origin }: Caller, { source }: Pick<Item, 'source'>): boolean {
  return source?.clientId === client.id && (source.origin?.clientId ?? null) === (origin?.id ?? null)
}

export function checkScope(caller: Caller, anyOf: readonly string[]): void {
  if (!anyOf.some((scope) => caller.reach.has(scope))) throw new ApiError('9038')
}
