import type { AnswerHeaders } from '@/lib/orcid/transport'

/** The headers of an answer of ORCID's in JSON, but for what a test says. */
export function answerHeaders(changes: Partial<AnswerHeaders> = {}): AnswerHeaders {
  const none = { location: null, retryAfter: null, date: null, contentEncoding: null, server: null, via: null }
  return { ...none, contentType: 'application/json;charset=UTF-8', ...changes }
}
