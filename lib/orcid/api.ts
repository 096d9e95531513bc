import { z } from 'zod'
import { type ApiErrorMeaning, apiErrorMeanings, statusesOf } from './api-errors'
import { parseOrcid } from './id'
import { parseJsonObject } from './schema'
import { type AnswerHeaders, type OrcidAnswer, type SendLimits, sendToOrcid } from './transport'

export type ApiMethod = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** Where the API is: `https://api.orcid.org/v3.0`, without a trailing slash, and the proxy on the way to it. */
export type OrcidApi = { url: string; proxy?: string | null }

/** `path` is what follows `/v3.0`, as `/0000-0002-1825-0097/employment`. */
export type ApiRequest = { method: ApiMethod; path: string; token: string; body?: unknown }

/**
 * What ORCID answered. `invalid_token`, `deprecated` and `deactivated` are definitive about a permission;
 * `wrong_record`, `insufficient_scope` and `locked` are findings about it; `rate_limited` and `unavailable` say nothing
 * about it. `mayHaveArrived`: whether ORCID may have acted on the request all the same.
 */
export type ApiOutcome =
  | { kind: 'ok'; status: number; body: unknown; location: string | null }
  | { kind: 'invalid_token' }
  | { kind: 'wrong_record' }
  | { kind: 'insufficient_scope' }
  | { kind: 'deprecated'; primaryOrcid: string | null }
  | { kind: 'deactivated' }
  | { kind: 'locked' }
  | { kind: 'not_found' }
  | { kind: 'conflict'; putCode: string | null }
  | { kind: 'invalid'; errorCode: number | null; reason: string }
  | { kind: 'rate_limited'; retryAfterMs: number | null }
  | { kind: 'unavailable'; reason: string; mayHaveArrived: boolean }

/** An outcome with the status it came with, where one came, and how long ORCID took. */
export type ApiAnswer = { outcome: ApiOutcome; status: number | null; latencyMs: number }

/** A record with ten thousand works, their summaries only, has some twenty megabytes. */
const apiLimits = { bodyBytesMax: 32 * 1024 * 1024 }

/**
 * Asks ORCID's API v3.0 once, and never throws. No redirect is followed: one to another record is an answer.
 * Nothing of an error's body is handed on but ORCID's reason, without the token, which those bodies repeat.
 */
export async function callApi(
  api: OrcidApi,
  request: ApiRequest,
  limits: Partial<SendLimits> = {},
): Promise<ApiAnswer> {
  const { method, path, token, body } = request
  const startedAt = performance.now()
  const answer = await sendToOrcid(
    {
      method,
      url: `${api.url}${path}`,
      body: body === undefined ? null : JSON.stringify(body),
      bearer: token,
      proxy: api.proxy,
    },
    { ...apiLimits, ...limits },
  )
  const latencyMs = Math.round(performance.now() - startedAt)
  const status = answer.kind === 'not_sent' ? null : answer.status
  return { outcome: processApiAnswer(answer, token), status, latencyMs }
}

/** Judges what came back. A body that is not in ORCID's own form comes from something in between, and decides nothing. */
export function processApiAnswer(answer: OrcidAnswer, token: string): ApiOutcome {
  if (answer.kind === 'not_sent') return { kind: 'unavailable', reason: 'not_sent', mayHaveArrived: false }
  if (answer.kind === 'torn') return unavailable(answer.reason)
  const { status, body, headers } = answer
  // 429 is the daily quota; 503 is how the front of ORCID's servers says that somebody asks too fast.
  if (status === 429 || status === 503) return { kind: 'rate_limited', retryAfterMs: parseRetryAfter(headers) }
  if (status >= 200 && status < 300) return processSuccess(status, body, headers)
  const error = parseJsonObject(body)
  return (
    processTokenError(status, error) ??
    processApiError(status, error, headers, token) ??
    (status === 413
      ? { kind: 'invalid', errorCode: null, reason: 'The request is too large.' }
      : unavailable(status >= 500 ? 'server_error' : 'unreadable'))
  )
}

const unavailable = (reason: string): ApiOutcome => ({ kind: 'unavailable', reason, mayHaveArrived: true })

function processSuccess(status: number, text: string, headers: AnswerHeaders): ApiOutcome {
  const location = headers.location
  // What was created (201) or deleted (204) is not told again; everything else comes with something.
  if (text.trim() === '' && status !== 200) return { kind: 'ok', status, body: null, location }
  const body = parseJsonObject(text)
  return body ? { kind: 'ok', status, body, location } : unavailable('malformed')
}

/** The layer that looks at tokens answers in the form of RFC 6750 (ORCID-Source, `APIAuthenticationEntryPoint`). */
function processTokenError(status: number, error: Record<string, unknown> | null): ApiOutcome | null {
  if (status === 401 && error?.error === 'invalid_token') return { kind: 'invalid_token' }
  // What the member API says to a token of public credentials.
  if (status === 403 && error?.error === 'forbidden') return { kind: 'insufficient_scope' }
  return null
}

const apiErrorSchema = z.object({
  'response-code': z.number(),
  'error-code': z.number().int(),
  'developer-message': z.string().nullish(),
  'user-message': z.string().nullish(),
})

/** Everything behind that layer (ORCID-Source, `orcid-model/src/main/resources/record_3.0/error-3.0.xsd`). */
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
  if (!statusesOf[meaning].includes(status)) return null
  switch (meaning) {
    case 'deprecated':
      return { kind: meaning, primaryOrcid: findPrimary(headers.location, text) }
    case 'conflict':
      return { kind: meaning, putCode: /put-code (\d{1,19})\b/.exec(text)?.[1] ?? null }
    case 'unavailable':
      return unavailable('server_error')
    case 'invalid':
      return { kind: meaning, errorCode, reason: scrub(text, token) }
    default:
      return { kind: meaning }
  }
}

/** The iD that the record was merged into: from the `Location`, or from "Please refer to account: …". */
function findPrimary(location: string | null, text: string): string | null {
  const written = /\d{4}-\d{4}-\d{4}-\d{3}[\dX]/
  const named = written.exec(location ?? '') ?? written.exec(/refer to account:?(.*)/i.exec(text)?.[1] ?? '')
  return named && parseOrcid(named[0])
}

const uuid = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/gi
const reasonLengthMax = 500

/** ORCID's words, in one line, without the token and whatever else looks like one. */
function scrub(text: string, token: string): string {
  const without = token === '' ? text : text.replaceAll(token, '[…]')
  return without
    .replace(uuid, '[…]')
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, reasonLengthMax)
}

/** RFC 9110 §10.2.3: seconds, or a date. Null where neither is there. */
function parseRetryAfter({ retryAfter }: AnswerHeaders): number | null {
  if (retryAfter === null) return null
  if (/^\d{1,9}$/.test(retryAfter)) return Number(retryAfter) * 1_000
  const at = Date.parse(retryAfter)
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now())
}
