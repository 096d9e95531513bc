import { isLabelledJson, isOutage, type Received, readJson, reportForeignAnswer } from './answer'
import { type OrcidClient, orcidEndpoints } from './client'
import {
  type ClientToken,
  findAccessToken,
  parseClientToken,
  parseJsonObject,
  parseTokenResponse,
  type TokenResponse,
} from './schema'
import { type OrcidAnswer, type OrcidRequest, type SendLimits, sendToOrcid, type TornReason } from './transport'

export type { ClientToken, TokenResponse }

// `refused`: ORCID definitively issued nothing. `not_sent`: the code is unused. `unknown`: a token may exist, and
// `accessToken` is set if readable. Reason `foreign`: something else answered for ORCID.
type TokenOutcome<Tokens> =
  | { kind: 'issued'; tokens: Tokens }
  | { kind: 'refused'; status: number; error: string }
  | { kind: 'not_sent' }
  | { kind: 'unknown'; reason: UnknownReason; accessToken: string | null }

type UnknownReason = 'timeout' | 'cut' | 'server_error' | 'malformed' | 'foreign'

export type ExchangeOutcome = TokenOutcome<TokenResponse>

export type ClientTokenOutcome = TokenOutcome<ClientToken>

/** `unavailable`: the token may still work. Repeating the request is safe. */
export type RevokeOutcome =
  | { kind: 'revoked' }
  | { kind: 'refused'; status: number; error: string }
  | { kind: 'unavailable'; reason: 'not_sent' | UnknownReason }

/** One POST, never repeated. Never throws. `redirectUri` must equal the authorization request's byte for byte. */
export async function exchangeCode(
  client: OrcidClient,
  grant: { code: string; redirectUri: string },
  limits?: Partial<SendLimits>,
): Promise<ExchangeOutcome> {
  return requestToken(exchangeCodeRequest(client, grant), parseTokenResponse, limits)
}

/** Requests a token for the client itself, such as for reading public data (RFC 6749 §4.4). Never throws. */
export async function clientCredentials(
  client: OrcidClient,
  scopes: readonly string[],
  limits?: Partial<SendLimits>,
): Promise<ClientTokenOutcome> {
  return requestToken(clientCredentialsRequest(client, scopes), parseClientToken, limits)
}

/** Builds the request of RFC 6749 §4.4.2. */
export function clientCredentialsRequest(client: OrcidClient, scopes: readonly string[]): OrcidRequest {
  return formRequest(orcidEndpoints(client.issuer).token, client, {
    grant_type: 'client_credentials',
    scope: scopes.join(' '),
  })
}

async function requestToken<Tokens>(
  request: OrcidRequest,
  parse: (body: string) => Tokens | null,
  limits?: Partial<SendLimits>,
): Promise<TokenOutcome<Tokens>> {
  const answer = await sendToOrcid(request, limits)
  const outcome = judgeTokenRequest(answer, parse)
  if (answer.kind === 'answered' && outcome.kind === 'unknown' && outcome.reason === 'foreign')
    reportForeignAnswer('token', request, answer)
  return outcome
}

/** Judges the answer to a code exchange. */
export function judgeExchange(answer: OrcidAnswer): ExchangeOutcome {
  return judgeTokenRequest(answer, parseTokenResponse)
}

/** Judges the answer to a client credentials request. */
export function judgeClientToken(answer: OrcidAnswer): ClientTokenOutcome {
  return judgeTokenRequest(answer, parseClientToken)
}

function judgeTokenRequest<Tokens>(answer: OrcidAnswer, parse: (body: string) => Tokens | null): TokenOutcome<Tokens> {
  if (answer.kind === 'not_sent') return answer
  if (answer.kind === 'answered') return judgeTokenAnswer(answer, parse)
  const { status, body, headers } = answer
  const reason = toReason(answer.reason)
  if (status === null) return { kind: 'unknown', reason, accessToken: null }
  // A complete token or refusal may have arrived before the connection broke, and then it counts.
  const outcome = judgeTokenAnswer({ status, body, headers }, parse)
  return outcome.kind === 'unknown' ? { ...outcome, reason } : outcome
}

/** RFC 6749 §4.1.3 as `client_secret_post`. With an Authorization header, ORCID would ignore the form's secret. */
export function exchangeCodeRequest(client: OrcidClient, grant: { code: string; redirectUri: string }): OrcidRequest {
  return formRequest(orcidEndpoints(client.issuer).token, client, {
    grant_type: 'authorization_code',
    code: grant.code,
    redirect_uri: grant.redirectUri,
  })
}

/** Only ORCID's own refusal is definitive. Any other answer without a token may hide a used code. */
export function processTokenResponse(answer: Received): ExchangeOutcome {
  return judgeTokenAnswer(answer, parseTokenResponse)
}

function judgeTokenAnswer<Tokens>(answer: Received, parse: (body: string) => Tokens | null): TokenOutcome<Tokens> {
  const { status, body, headers } = answer
  const error = readRefusal(answer)
  if (error) return { kind: 'refused', status, error }
  const accessToken = findAccessToken(body)
  if (isOutage(status)) return { kind: 'unknown', reason: 'server_error', accessToken }
  if (status !== 200 || !isLabelledJson(headers)) return { kind: 'unknown', reason: 'foreign', accessToken }
  const tokens = parse(body)
  if (tokens) return { kind: 'issued', tokens }
  const json = parseJsonObject(body)
  return { kind: 'unknown', reason: json && !('access_token' in json) ? 'foreign' : 'malformed', accessToken }
}

/**
 * Revokes an access or refresh token and its partner. Never throws. Repeating is safe: ORCID answers 200 for unknown
 * and revoked tokens (ORCID-Source, orcid-api-web/tutorial, "revoke.md").
 */
export async function revokeToken(
  client: OrcidClient,
  token: string,
  limits?: Partial<SendLimits>,
): Promise<RevokeOutcome> {
  const request = revokeRequest(client, token)
  const answer = await sendToOrcid(request, limits)
  if (answer.kind === 'not_sent') return { kind: 'unavailable', reason: 'not_sent' }
  if (answer.kind === 'torn') return { kind: 'unavailable', reason: toReason(answer.reason) }
  const outcome = processRevokeResponse(answer)
  if (outcome.kind === 'unavailable' && outcome.reason === 'foreign') reportForeignAnswer('revoke', request, answer)
  return outcome
}

/** Builds the request of RFC 7009 §2.1 without `token_type_hint`, which ORCID ignores. */
export function revokeRequest(client: OrcidClient, token: string): OrcidRequest {
  return formRequest(orcidEndpoints(client.issuer).revoke, client, { token })
}

/** ORCID confirms a revocation only with 200 and an empty body. */
export function processRevokeResponse(answer: Received): RevokeOutcome {
  const { status, body } = answer
  if (status === 200 && body === '') return { kind: 'revoked' }
  const error = readRefusal(answer)
  if (error) return { kind: 'refused', status, error }
  return { kind: 'unavailable', reason: isOutage(status) ? 'server_error' : 'foreign' }
}

/** The errors of ORCID's token endpoint and their statuses (ORCID-Source, `OAuthErrorUtils`). */
export const refusals = new Map([
  ['invalid_client', [401]],
  ['invalid_grant', [400]],
  ['invalid_request', [400, 401]],
  ['invalid_scope', [400, 401]],
  ['unauthorized_client', [400, 401]],
  ['unsupported_grant_type', [400]],
])

/** Reads the `error` of a refusal (RFC 6749 §5.2). Drops its description, which quotes the code. */
function readRefusal(answer: Received): string | null {
  const error = readJson(answer)?.error
  return typeof error === 'string' && refusals.get(error)?.includes(answer.status) ? error : null
}

export function formRequest(url: string, client: OrcidClient, fields: Record<string, string>): OrcidRequest {
  const credentials = { client_id: client.clientId, client_secret: client.clientSecret }
  const body = new URLSearchParams({ ...credentials, ...fields }).toString()
  return { method: 'POST', url, body, proxy: client.proxy }
}

export function toReason(reason: TornReason): 'timeout' | 'cut' | 'malformed' {
  return reason === 'too_large' ? 'malformed' : reason
}
