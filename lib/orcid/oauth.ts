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
import { askUserinfo } from './userinfo'

export type { ClientToken, TokenResponse }

/**
 * What became of a request for a token. `refused` is definitive: ORCID said no, and nothing was issued. `not_sent`: a
 * code is still unused. `unknown`: a token may exist; `accessToken` is that token when it could be read. The reason is
 * `foreign` where something else answered in ORCID's name.
 */
type TokenOutcome<Tokens> =
  | { kind: 'issued'; tokens: Tokens }
  | { kind: 'refused'; status: number; error: string }
  | { kind: 'not_sent' }
  | { kind: 'unknown'; reason: UnknownReason; accessToken: string | null }

type UnknownReason = 'timeout' | 'cut' | 'server_error' | 'malformed' | 'foreign'

/** What became of an authorization code, or of a refresh token. */
export type ExchangeOutcome = TokenOutcome<TokenResponse>

/** What became of a request for a token of our own. */
export type ClientTokenOutcome = TokenOutcome<ClientToken>

/** What became of a request to revoke. `unavailable`: not known to be revoked; asking again is safe. */
export type RevokeOutcome =
  | { kind: 'revoked' }
  | { kind: 'refused'; status: number; error: string }
  | { kind: 'unavailable'; reason: 'not_sent' | UnknownReason }

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

/** Asks for a token of our own, of no person, as for reading what is public (RFC 6749 §4.4). Never throws. */
export async function clientCredentials(
  client: OrcidClient,
  scopes: readonly string[],
  limits?: Partial<SendLimits>,
): Promise<ClientTokenOutcome> {
  return requestToken(clientCredentialsRequest(client, scopes), parseClientToken, limits)
}

/** The request of RFC 6749 §4.4.2. */
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

/** What became of an authorization code, by what came back of the request that presented it. */
export function judgeExchange(answer: OrcidAnswer): ExchangeOutcome {
  return judgeTokenRequest(answer, parseTokenResponse)
}

/** What became of a request for a token of our own, by what came back. */
export function judgeClientToken(answer: OrcidAnswer): ClientTokenOutcome {
  return judgeTokenRequest(answer, parseClientToken)
}

function judgeTokenRequest<Tokens>(answer: OrcidAnswer, parse: (body: string) => Tokens | null): TokenOutcome<Tokens> {
  if (answer.kind === 'not_sent') return answer
  if (answer.kind === 'answered') return judgeTokenAnswer(answer, parse)
  const { status, body, headers } = answer
  const reason = toReason(answer.reason)
  if (status === null) return { kind: 'unknown', reason, accessToken: null }
  // A complete token or refusal may have come through before the connection broke, and then it is as good as any.
  const outcome = judgeTokenAnswer({ status, body, headers }, parse)
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

/**
 * Judges an answer of the token endpoint. Only ORCID's own refusal is one; whatever is neither that nor a token may hide
 * a used code.
 */
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
 * Revokes one token (access or refresh) and its partner. ORCID answers 200 for a token that is unknown or already
 * revoked as well (ORCID-Source, orcid-api-web/tutorial, "revoke.md"), so repeating is safe. A 200 that is not in
 * ORCID's shape is settled by asking whether the token still works. Never throws.
 *
 * @param known `hasOpenid` only where the access token is known to have `openid` or `/authenticate`: userinfo refuses
 * every token without, so that its refusal of any other token says nothing.
 */
export async function revokeToken(
  client: OrcidClient,
  token: string,
  known: { hasOpenid: boolean },
  limits?: Partial<SendLimits>,
): Promise<RevokeOutcome> {
  const request = revokeRequest(client, token)
  const answer = await sendToOrcid(request, limits)
  if (answer.kind === 'not_sent') return { kind: 'unavailable', reason: 'not_sent' }
  if (answer.kind === 'torn') return { kind: 'unavailable', reason: toReason(answer.reason) }
  const outcome = processRevokeResponse(answer)
  if (outcome.kind !== 'unavailable' || outcome.reason !== 'foreign') return outcome
  reportForeignAnswer('revoke', request, answer)
  const isDead =
    answer.status === 200 && known.hasOpenid && (await askUserinfo(client, token, limits)).kind === 'refused'
  return isDead ? { kind: 'revoked' } : outcome
}

/** The request of RFC 7009 §2.1, without `token_type_hint`, which ORCID does not use. */
export function revokeRequest(client: OrcidClient, token: string): OrcidRequest {
  return formRequest(orcidEndpoints(client.issuer).revoke, client, { token })
}

/** Judges a complete answer of the revocation endpoint. ORCID's success is 200 with an empty body, and nothing else. */
export function processRevokeResponse(answer: Received): RevokeOutcome {
  const { status, body } = answer
  if (status === 200 && body === '') return { kind: 'revoked' }
  const error = readRefusal(answer)
  if (error) return { kind: 'refused', status, error }
  return { kind: 'unavailable', reason: isOutage(status) ? 'server_error' : 'foreign' }
}

/** The errors of ORCID's token endpoint with the statuses that each comes with (ORCID-Source, `OAuthErrorUtils`). */
const refusals = new Map([
  ['invalid_client', [401]],
  ['invalid_grant', [400]],
  ['invalid_request', [400, 401]],
  ['invalid_scope', [400, 401]],
  ['unauthorized_client', [400, 401]],
  ['unsupported_grant_type', [400]],
])

/** The `error` of a refusal of ORCID's (RFC 6749 §5.2), or null. Its description is dropped: it quotes the code. */
function readRefusal(answer: Received): string | null {
  const error = readJson(answer)?.error
  return typeof error === 'string' && refusals.get(error)?.includes(answer.status) ? error : null
}

function formRequest(url: string, client: OrcidClient, fields: Record<string, string>): OrcidRequest {
  const credentials = { client_id: client.clientId, client_secret: client.clientSecret }
  const body = new URLSearchParams({ ...credentials, ...fields }).toString()
  return { method: 'POST', url, body, proxy: client.proxy }
}

function toReason(reason: TornReason): 'timeout' | 'cut' | 'malformed' {
  return reason === 'too_large' ? 'malformed' : reason
}
