import { createPublicKey, verify } from 'node:crypto'
import { findClient, type RegistryClient } from './clients'
import { nowS, type Registry } from './context'
import type { Fault } from './faults'
import { makeIdToken } from './id-token'
import { publicJwks } from './keys'
import { nameInTokenAnswer, personOf } from './people'
import { readScopes, scopeReach } from './scopes'
import type { RevokeReason, Token } from './state'
import { type Outcome, refused } from './token-outcome'
import { issueToken, shuffled } from './tokens'

export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'
const TYPE = 'urn:ietf:params:oauth:token-type:'
const ID_TOKEN = `${TYPE}id_token`
const ACCESS_TOKEN = `${TYPE}access_token`
const PARAMETERS = ['subject_token', 'subject_token_type', 'requested_token_type']

const ID_TOKEN_LIFETIME_S = 86_400
const EXCHANGED_LIFETIME_S = 3_599
const UPDATE = '/activities/update'

type Exchange = { registry: Registry; client: RegistryClient; form: URLSearchParams; fault: Fault | null }

/**
 * An id_token for an access token, or the other way round. Source: ORCID/ORCID-Source `IETFExchangeTokenGranter.java`
 * and `orcid-api-web/tutorial/token_delegation.md`.
 */
export function exchangeToken({ registry, client, form, fault }: Exchange): Outcome {
  const blank = PARAMETERS.find((name) => !form.get(name))
  if (blank !== undefined) return refused('invalid_request', `${blank} is required`, 401)
  const [subject, from, to] = PARAMETERS.map((name) => form.get(name) ?? '') as [string, string, string]
  if (from === to || ![from, to].every((type) => type === ID_TOKEN || type === ACCESS_TOKEN)) {
    return invalid(`Invalid IETF token exchange token type(s) supported tokens types are ${ID_TOKEN} ${ACCESS_TOKEN}`)
  }
  const wanted = to === ID_TOKEN ? 'id_token' : 'access_token'
  if (!mayExchange(client, wanted)) return invalid(`Client does not have ${TOKEN_EXCHANGE} enabled`)
  return wanted === 'id_token'
    ? giveIdToken({ registry, client, form, fault }, subject)
    : giveAccessToken({ registry, client, form, fault }, subject)
}

/** Every client gets an id_token for a token of its own; the other way is for those whom ORCID enabled. */
function mayExchange({ exchanges = ['id_token'] }: RegistryClient, wanted: 'id_token' | 'access_token'): boolean {
  return exchanges.includes(wanted)
}

const invalid = (description: string) => refused('invalid_request', description)

/** The id_token is in `access_token`, as RFC 8693 has it. */
function giveIdToken({ registry, client, fault }: Exchange, subject: string): Outcome {
  const token = registry.store.tokens.get(subject)
  if (!token?.live || token.orcid === null) return invalid('access_token does not exist or is disabled')
  if (token.clientId !== client.id) return invalid('Clients can only exchange their own access_tokens for id_tokens')
  if (isOver(registry, token)) return invalid('access_token has expired')
  const idToken = makeIdToken(registry, token, { orcid: token.orcid, authTimeS: nowS(registry), nonce: null }, fault)
  const body = {
    access_token: idToken,
    token_type: 'N_A',
    expires_in: ID_TOKEN_LIFETIME_S,
    issued_token_type: ID_TOKEN,
  }
  return { status: 200, body, outcome: 'id_token' }
}

function giveAccessToken({ registry, client, form }: Exchange, subject: string): Outcome {
  const claims = readClaims(registry, subject)
  if (typeof claims === 'string') return invalid(claims)
  const { aud, sub } = claims
  const origin = findClient(registry, aud)
  if (origin?.whitelist?.length && !origin.whitelist.includes(client.id)) {
    return invalid(`Client ${client.id} cannot act on behalf of client ${aud}`)
  }
  if (aud === client.id) return invalid('Attempt to exchange own id_token, use refresh token instead')
  const { active, hasInactiveUpdate, revoked } = scopesOf(registry, aud, sub)
  // ORCID lets the receiver delete what it wrote, and forgets the other scopes.
  const isDisabled = hasInactiveUpdate && !active.has(UPDATE)
  const held = isDisabled ? [UPDATE] : [...active]
  if (held.length === 0) {
    return refused(
      'invalid_scope',
      revoked
        ? 'There are no active tokens with valid scopes for this account'
        : 'The id_token is not associated with a valid scope',
      401,
    )
  }
  const requested = readScopes(form.get('scope') ?? '')
  const reach = scopeReach(held)
  const scopes = requested.length > 0 ? requested.filter((scope) => reach.has(scope)) : held
  if (scopes.length === 0) {
    return refused('invalid_scope', 'The requested scope(s) are not available from this id_token', 401)
  }
  const token = issueToken(registry, {
    orcid: sub,
    clientId: client.id,
    code: null,
    scopes,
    lifetimeS: EXCHANGED_LIFETIME_S,
    onBehalfOf: aud,
  })
  if (isDisabled) Object.assign(token, { live: false, revokedBecause: 'USER_REVOKED' })
  const person = personOf(registry, sub)
  const body = {
    access_token: token.accessToken,
    token_type: 'bearer',
    expires_in: token.lifetimeS,
    scope: shuffled(scopes).join(' '),
    issued_token_type: ACCESS_TOKEN,
    name: person && nameInTokenAnswer(person),
    orcid: sub,
    ...(isDisabled ? { token_disabled: true, revoke_reason: 'USER_REVOKED' } : {}),
  }
  return { status: 200, body, outcome: 'exchanged' }
}

const LEAVES_DELETION: readonly (RevokeReason | null)[] = [null, 'USER_REVOKED']

/** Of all tokens that the person gave the client, as long as they would last. */
function scopesOf(registry: Registry, clientId: string, orcid: string) {
  const tokens = [...registry.store.tokens.values()].filter(
    (token) =>
      token.clientId === clientId && token.orcid === orcid && token.onBehalfOf === null && !isOver(registry, token),
  )
  const disabled = tokens.filter(({ live, scopes }) => !live && scopes.includes(UPDATE))
  return {
    active: new Set(tokens.filter(({ live }) => live).flatMap(({ scopes }) => scopes)),
    hasInactiveUpdate: disabled.some(({ revokedBecause }) => LEAVES_DELETION.includes(revokedBecause)),
    revoked: disabled.some(({ revokedBecause }) => !LEAVES_DELETION.includes(revokedBecause)),
  }
}

const isOver = (registry: Registry, { issuedAt, lifetimeS }: Token) => registry.now() >= issuedAt + lifetimeS * 1000

/** Without a look at `exp`, as at ORCID. A text says what is wrong. */
function readClaims(registry: Registry, idToken: string): { aud: string; sub: string } | string {
  const unreadable = 'Unexpected id token value, cannot parse the id_token'
  const [header = '', payload = '', signature = '', ...rest] = idToken.split('.')
  const claims = decode(payload)
  if (rest.length > 0 || !decode(header) || !claims || signature === '') return unreadable
  const [jwk] = publicJwks(registry.store.key).keys
  const key = createPublicKey({ key: { ...jwk }, format: 'jwk' })
  const isOurs = verify('sha256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'))
  return isOurs ? { aud: String(claims.aud), sub: String(claims.sub) } : 'Invalid id token signature'
}

function decode(part: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString())
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}
