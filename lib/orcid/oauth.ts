import {
  type ClientToken,
  findAccessToken,
  parseClientToken,
  parseErrorCode,
  parseTokenResponse,
  type TokenResponse,
} from './schema'
import { type OrcidRequest, type SendLimits, sendToOrcid, type TornReason } from './transport'

export type { ClientToken, TokenResponse }

/**
 * Our credentials at one registry. `issuer` is its base address without a trailing slash, as in `iss`; `proxy` is the
 * address of the HTTP proxy on the way there.
 */
export type OrcidClient = { issuer: string; clientId: string; clientSecret: string; proxy?: string | null }

/**
 * What became of a request for a token. `refused` is definitive: ORCID said no, and nothing was issued. `not_sent`: a
 * code is still unused. `unknown`: a token may exist; `accessToken` is that token when it could be read.
 */
type TokenOutcome<Tokens> =
  | { kind: 'issued'; tokens: Tokens }
  | { kind: 'refused'; status: number; error: string }
  | { kind: 'not_sent' }
  | { kind: 'unknown'; reason: 'timeout' | 'cut' | 'server_error' | 'malformed'; accessToken: string | null }

/** What became of an authorization code, or of a refresh token. */
export type ExchangeOutcome = TokenOutcome<TokenResponse>

/** What became of a request for a token of our own. */
export type ClientTokenOutcome = TokenOutcome<ClientToken>

/** What became of a request to revoke. `unavailable`: not known to be revoked; asking again is safe. */
export type RevokeOutcome =
  | { kind: 'revoked' }
  | { kind: 'refused'; status: number; error: string }
  | { kind: 'unavailable'; reason: 'not_sent' | 'timeout' | 'cut' | 'server_error' | 'malformed' }

/**
 * ORCID's addresses below an issuer. They are fixed here because its discovery document leaves the revocation endpoint
 * out (https://orcid.org/.well-known/openid-configuration).
 */
export function orcidEndpoints(issuer: string) {
  const base = issuer.replace(/\/+$/, '')
  return {
    authorize: `${base}/oauth/authorize`,
    token: `${base}/oauth/token`,
    revoke: `${base}/oauth/revoke`,
    userinfo: `${base}/oauth/userinfo`,
    jwks: `${base}/oauth/jwks`,
    discovery: `${base}/.well-known/openid-configuration`,
  }
}

/**
 * Exchanges an authorization code for tokens: one POST that is never repeated. Never throws.
 *
 * @param grant `redirectUri` must be byte for byte the one that the person was sent to ORCID with.
 */
export async function exchangeCode(
  client: OrcidClient,
  grant: { code: string; redirectUri: string },
  limits?: Partial<SendLimits>,
): Promise<ExchangeOutcome> {
  return requestToken(exchangeCodeRequest(client, grant), parseTokenResponse, limits)
}

/**
 * Asks for a token with these scopes in place of the one that a refresh token came with; they must be among its own.
 * One POST that is never repeated, and the older tokens stay: ORCID's server drops what would have it revoke them
 * (ORCID-Source, `OauthGenericCallsController`). Where no refresh token comes back, the older one stays good. Never throws.
 */
export async function refreshTokens(
  client: OrcidClient,
  grant: { refreshToken: string; scopes: readonly string[] },
  limits?: Partial<SendLimits>,
): Promise<ExchangeOutcome> {
  return requestToken(refreshTokensRequest(client, grant), parseTokenResponse, limits)
}

/** The request of RFC 6749 §6. */
export function refreshTokensRequest(
  client: OrcidClient,
  grant: { refreshToken: string; scopes: readonly string[] },
): OrcidRequest {
  return formRequest(orcidEndpoints(client.issuer).token, client, {
    grant_type: 'refresh_token',
    refresh_token: grant.refreshToken,
    scope: grant.scopes.join(' '),
  })
}

/** Asks for a token of our own, of no person, as for reading what is public (RFC 6749 §4.4). Never throws. */
export async function clientCredentials(
  client: OrcidClient,
  scopes: readonly string[],
  limits?: Partial<SendLimits>,
): Promise<ClientTokenOutcome> {
  const fields = { grant_type: 'client_credentials', scope: scopes.join(' ') }
  const request = formRequest(orcidEndpoints(client.issuer).token, client, fields)
  return requestToken(request, parseClientToken, limits)
}

async function requestToken<Tokens>(
  request: OrcidRequest,
  parse: (body: string) => Tokens | null,
  limits?: Partial<SendLimits>,
): Promise<TokenOutcome<Tokens>> {
  const answer = await sendToOrcid(request, limits)
  if (answer.kind === 'not_sent') return answer
  if (answer.kind === 'answered') return judgeTokenAnswer(answer.status, answer.body, parse)
  const reason = toReason(answer.reason)
  if (answer.status === null) return { kind: 'unknown', reason, accessToken: null }
  // A complete token or a definitive no may have come through before the connection broke, and then it is as good as any.
  const outcome = judgeTokenAnswer(answer.status, answer.body, parse)
  return outcome.kind === 'unknown' ? { ...outcome, reason } : outcome
}

/**
 * The request of RFC 6749 §4.1.3. The secret goes into the form (`client_secret_post`), and there is no Authorization
 * header, because ORCID takes any such header for the credential and ignores the form.
 */
export function exchangeCodeRequest(client: OrcidClient, grant: { code: string; redirectUri: string }): OrcidRequest {
  return formRequest(orcidEndpoints(client.issuer).token, client, {
    grant_type: 'authorization_code',
    code: grant.code,
    redirect_uri: grant.redirectUri,
  })
}

/** Judges a complete answer of the token endpoint. An answer that is neither yes nor no may hide a used code. */
export function processTokenResponse(status: number, body: string): ExchangeOutcome {
  return judgeTokenAnswer(status, body, parseTokenResponse)
}

function judgeTokenAnswer<Tokens>(
  status: number,
  body: string,
  parse: (body: string) => Tokens | null,
): TokenOutcome<Tokens> {
  if (isDefinitiveNo(status)) return { kind: 'refused', status, error: parseErrorCode(body) }
  if (!isSuccess(status)) return { kind: 'unknown', reason: 'server_error', accessToken: findAccessToken(body) }
  const tokens = parse(body)
  return tokens
    ? { kind: 'issued', tokens }
    : { kind: 'unknown', reason: 'malformed', accessToken: findAccessToken(body) }
}

/**
 * Revokes one token (access or refresh) and its partner. ORCID answers 200 for a token that is unknown or already
 * revoked as well (ORCID-Source, orcid-api-web/tutorial, "revoke.md"), so repeating is safe. Never throws.
 */
export async function revokeToken(
  client: OrcidClient,
  token: string,
  limits?: Partial<SendLimits>,
): Promise<RevokeOutcome> {
  const answer = await sendToOrcid(revokeRequest(client, token), limits)
  if (answer.kind === 'not_sent') return { kind: 'unavailable', reason: 'not_sent' }
  if (answer.kind === 'torn') return { kind: 'unavailable', reason: toReason(answer.reason) }
  return processRevokeResponse(answer.status, answer.body)
}

/** The request of RFC 7009 §2.1, without `token_type_hint`, which ORCID does not use. */
export function revokeRequest(client: OrcidClient, token: string): OrcidRequest {
  return formRequest(orcidEndpoints(client.issuer).revoke, client, { token })
}

/**
 * Judges a complete answer of the revocation endpoint. Success has an empty body; a page of HTML with status 200 comes
 * from something in between (maintenance, a proxy) and must not make us forget a token that still works.
 */
export function processRevokeResponse(status: number, body: string): RevokeOutcome {
  if (isDefinitiveNo(status)) return { kind: 'refused', status, error: parseErrorCode(body) }
  if (!isSuccess(status)) return { kind: 'unavailable', reason: 'server_error' }
  return body.trimStart().startsWith('<') ? { kind: 'unavailable', reason: 'malformed' } : { kind: 'revoked' }
}

function formRequest(url: string, client: OrcidClient, fields: Record<string, string>): OrcidRequest {
  const credentials = { client_id: client.clientId, client_secret: client.clientSecret }
  const body = new URLSearchParams({ ...credentials, ...fields }).toString()
  return { method: 'POST', url, body, proxy: client.proxy }
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300
}

/** A 4xx is about the request itself, but for the three that only say "not now". */
function isDefinitiveNo(status: number): boolean {
  return status >= 400 && status < 500 && ![408, 425, 429].includes(status)
}

function toReason(reason: TornReason): 'timeout' | 'cut' | 'malformed' {
  return reason === 'too_large' ? 'malformed' : reason
}
