import type { TracedAnswer } from '@/lib/trials/trace'

/** OAuth and OpenID Connect errors of ORCID (RFC 6749 §5.2, RFC 6750 §3.1). */
const errors = [
  'invalid_grant',
  'invalid_client',
  'invalid_scope',
  'invalid_request',
  'invalid_token',
  'unauthorized_client',
  'unsupported_grant_type',
  'access_denied',
  'server_error',
  'temporarily_unavailable',
] as const

const statuses = [200, 201, 204, 301, 400, 401, 403, 404, 409, 429, 500, 503] as const

export type KnownError = (typeof errors)[number]

/** A message key for the explanation of an answer. */
export type Meaning =
  | 'not_sent'
  | `not_asked_${'wait' | 'away' | 'held'}`
  | `torn_${'timeout' | 'cut' | 'too_large'}`
  | 'not_json'
  | 'unknown'
  | `error_${KnownError}`
  | `status_${(typeof statuses)[number]}`

/** Prefers the name of the error, then `not_json`, then the status. */
export function meaningOf(answer: TracedAnswer): Meaning {
  if (answer.kind === 'not_sent') return 'not_sent'
  if (answer.kind === 'not_asked') return `not_asked_${answer.reason}`
  if (answer.kind === 'torn') return `torn_${answer.reason}`
  const error = findError(readFields(answer.body)?.error)
  if (error) return `error_${error}`
  const type = answer.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? ''
  if (answer.body !== '' && !/json/i.test(type)) return 'not_json'
  const status = statuses.find((each) => each === answer.status)
  return status ? `status_${status}` : 'unknown'
}

/** The OAuth error of this name if we explain it, else null. */
export const findError = (name: unknown): KnownError | null => errors.find((error) => error === name) ?? null

/** Null if the body is not a JSON object. */
export function readFields(body: string): Record<string, unknown> | null {
  try {
    const json: unknown = JSON.parse(body)
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? { ...json } : null
  } catch {
    return null
  }
}
