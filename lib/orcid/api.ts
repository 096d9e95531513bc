import { z } from 'zod'
import { isLabelled, type Received, readJson, reportForeignAnswer, scrub } from './answer'
import { type ApiErrorMeaning, apiErrorMeanings, statusesByMeaning } from './api-errors'
import { parseOrcid } from './id'
import { type AnswerHeaders, type OrcidAnswer, type OrcidRequest, type SendLimits, sendToOrcid } from './transport'

export type ApiMethod = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** `url` is `https://api.orcid.org/v3.0`, without a trailing slash. */
export type OrcidApi = { url: string; proxy?: string | null }

/** `path` follows `/v3.0`: `/0000-0002-1825-0097/employment`. */
export type ApiRequest = {
  method: ApiMethod
  path: string
  token: string
  body?: unknown
  /** Of a GET: the media type of the answer, whose `body` is then text as ORCID sent it. */
  accept?: string
}

/**
 * `invalid_token`, `deprecated` and `deactivated` end a permission; `wrong_record`, `insufficient_scope` and `locked`
 * are findings; `client_refused`, `rate_limited` and `unavailable` say nothing about the person. `mayHaveArrived`: ORCID
 * may have acted.
 */
export type ApiOutcome =
  | { kind: 'ok'; status: number; body: unknown; location: string | null }
  | { kind: 'invalid_token' }
  | { kind: 'wrong_record' }
  | { kind: 'insufficient_scope' }
  | { kind: 'client_refused' }
  | { kind: 'deprecated'; primaryOrcid: string | null }
  | { kind: 'deactivated' }
  | { kind: 'locked' }
  | { kind: 'not_found' }
  | { kind: 'conflict'; putCode: string | null }
  | { kind: 'invalid'; errorCode: number | null; reason: string; status?: number }
  | { kind: 'rate_limited'; retryAfterMs: number | null }
  | { kind: 'unavailable'; reason: string; mayHaveArrived: boolean }

/** `status` is null without an answer. */
export type ApiAnswer = { outcome: ApiOutcome; status: number | null; latencyMs: number }

/** The summaries of ten thousand works take about 20 MB. */
const apiLimits = { bodyBytesMax: 32 * 1024 * 1024 }

/** Sends one request, without redirects. Never throws. Error bodies quote the token, so only ORCID's reason is kept. */
export async function callApi(
  api: OrcidApi,
  request: ApiRequest,
  limits: Partial<SendLimits> = {},
): Promise<ApiAnswer> {
  const { method, path, token, body, accept } = request
  const startedAt = performance.now()
  const sent: OrcidRequest = {
    method,
    url: `${api.url}${path}`,
    body: body === undefined ? null : JSON.stringify(body),
    bearer: token,
    accept,
    proxy: api.proxy,
  }
  const answer = await sendToOrcid(sent, { ...apiLimits, ...limits })
  const latencyMs = Math.round(performance.now() - startedAt)
  const status = answer.kind === 'not_sent' ? null : answer.status
  const outcome = processApiAnswer(answer, request)
  if (answer.kind === 'answered' && outcome.kind === 'unavailable' && outcome.reason === 'foreign')
    reportForeignAnswer('api', sent, answer)
  return { outcome, status, latencyMs }
}

/** Accepts only the shape that ORCID gives to this request. Any other answer is foreign and decides nothing. */
export function processApiAnswer(answer: OrcidAnswer, request: Omit<ApiRequest, 'body'>): ApiOutcome {
  if (answer.kind === 'not_sent') return { kind: 'unavailable', reason: 'not_sent', mayHaveArrived: false }
  if (answer.kind === 'torn') return unavailable(answer.reason)
  const { status, headers } = answer
  // 429 means the daily quota is used up; 503 means ORCID's front servers throttle us.
  if (status === 429 || status === 503) return { kind: 'rate_limited', retryAfterMs: parseRetryAfter(headers) }
  if (status >= 200 && status < 300) return processSuccess(answer, request)
  const error = readJson(answer) ?? readXmlError(answer)
  return (
    processTokenError(status, error, request.token) ??
    processApiError(status, error, headers, request.token) ??
    (status === 413
      ? { kind: 'invalid', errorCode: null, reason: 'The request is too large.' }
      : unavailable(status >= 500 ? 'server_error' : 'foreign'))
  )
}

const unavailable = (reason: string): ApiOutcome => ({ kind: 'unavailable', reason, mayHaveArrived: true })

/** ORCID sends no body with 201 and 204, and one with all other answers (ORCID-Source, orcid-api-web/tutorial). */
function processSuccess(answer: Received, { method, path, accept, token }: Omit<ApiRequest, 'body'>): ApiOutcome {
  const { status, body, headers } = answer
  const { location } = headers
  if (accept !== undefined) {
    const isExpected = status === 200 && isLabelled(headers, accept) && !body.includes(token)
    return isExpected ? { kind: 'ok', status, body, location } : unavailable('foreign')
  }
  const [section = '', item = ''] = path.split('/').slice(method === 'POST' ? -1 : -2)
  const json = readJson(answer)
  const isExpected = {
    GET: status === 200 && json !== null,
    POST: status === 201 && body === '' && /\/([^/]+)\/\d+$/.exec(location ?? '')?.[1] === section,
    PUT: status === 200 && String(json?.['put-code']) === item,
    DELETE: status === 204 && body === '',
  }
  return isExpected[method] ? { kind: 'ok', status, body: json, location } : unavailable('foreign')
}

/** The codes and the reason of an error, which ORCID sends in the form that was asked for. */
function readXmlError({ headers, body }: Received): Record<string, unknown> | null {
  const errorTypes = ['application/xml', 'application/orcid+xml', 'application/vnd.orcid+xml']
  if (!errorTypes.some((type) => isLabelled(headers, type))) return null
  const textOf = (name: string) => new RegExp(`<(?:error:)?${name}>([^<]{1,2000})</`).exec(body)?.[1] ?? null
  return {
    'response-code': Number(textOf('response-code') ?? Number.NaN),
    'error-code': Number(textOf('error-code') ?? Number.NaN),
    'developer-message': textOf('developer-message'),
    'user-message': textOf('user-message'),
  }
}

const forbidden = 'Forbidden: The server understood the request but refuses to authorize it.'
const authorizationServerAway = 'Invalid access token: Unable to obtain information from the authorization server'

// ORCID's token filter answers as RFC 6750 says and quotes the token (ORCID-Source, `APIAuthenticationEntryPoint`).
// Gateways use the same form with other texts.
function processTokenError(status: number, error: Record<string, unknown> | null, token: string): ApiOutcome | null {
  const description = String(error?.error_description)
  if (status === 401 && error?.error === 'invalid_token') {
    if (description === `Invalid access token: ${token}`) return { kind: 'invalid_token' }
    if (description.startsWith(authorizationServerAway)) return unavailable('authorization_server_away')
  }
  // The API refuses every token of this client: its credentials are public ones, or ORCID has closed it.
  if (status === 403 && error?.error === 'forbidden' && [forbidden, `${forbidden}: ${token}`].includes(description))
    return { kind: 'client_refused' }
  return null
}

const apiErrorSchema = z.object({
  'response-code': z.number(),
  'error-code': z.number().int(),
  'developer-message': z.string().nullish(),
  'user-message': z.string().nullish(),
})

/** Reads errors from behind the token filter (ORCID-Source, `orcid-model/.../record_3.0/error-3.0.xsd`). */
function processApiError(
  status: number,
  error: Record<string, unknown> | null,
  headers: AnswerHeaders,
  token: string,
): ApiOutcome | null {
  const parsed = apiErrorSchema.safeParse(error)
  if (!parsed.success) return null
  const { 'error-code': errorCode, 'developer-message': developer, 'user-message': user } = parsed.data
  const text = developer || user || ''
  const meaning: ApiErrorMeaning =
    errorCode in apiErrorMeanings ? apiErrorMeanings[errorCode as keyof typeof apiErrorMeanings] : 'invalid'
  if (!statusesByMeaning[meaning].includes(status)) return null
  switch (meaning) {
    case 'deprecated':
      return { kind: meaning, primaryOrcid: findPrimary(headers.location, text) }
    case 'conflict':
      return { kind: meaning, putCode: /put-code (\d{1,19})\b/.exec(text)?.[1] ?? null }
    case 'unavailable':
      return unavailable('server_error')
    case 'invalid':
      return { kind: meaning, errorCode, reason: scrub(text, [token]).slice(0, reasonLengthMax), status }
    default:
      return { kind: meaning }
  }
}

/** Reads the primary iD from the `Location` or from "Please refer to account: …". */
function findPrimary(location: string | null, text: string): string | null {
  const orcidPattern = /\d{4}-\d{4}-\d{4}-\d{3}[\dX]/
  const match = orcidPattern.exec(location ?? '') ?? orcidPattern.exec(/refer to account:?(.*)/i.exec(text)?.[1] ?? '')
  return match && parseOrcid(match[0])
}

const reasonLengthMax = 500

/** Whatever answers in ORCID's name can ask for years. */
const retryAfterMaxMs = 15 * 60_000

/** RFC 9110 §10.2.3: seconds, or a date. At most 15 minutes. */
function parseRetryAfter({ retryAfter }: AnswerHeaders): number | null {
  if (retryAfter === null) return null
  if (/^\d{1,9}$/.test(retryAfter)) return Math.min(Number(retryAfter) * 1_000, retryAfterMaxMs)
  const at = Date.parse(retryAfter)
  return Number.isNaN(at) ? null : Math.min(Math.max(0, at - Date.now()), retryAfterMaxMs)
}
