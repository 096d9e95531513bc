import { channel } from 'node:diagnostics_channel'
import { parseJsonObject } from './schema'
import type { AnswerHeaders, OrcidAnswer, OrcidRequest } from './transport'

/** The parts of ORCID that we ask, each of which answers in shapes of its own. */
export type OrcidEndpoint = 'token' | 'revoke' | 'userinfo' | 'api' | 'jwks'

/** An answer that ORCID did not give: from a filtering proxy, a captive portal, a maintenance page. */
export type ForeignAnswer = {
  endpoint: OrcidEndpoint
  status: number
  contentType: string | null
  /** The `Server` header or, without one, `Via`. */
  server: string | null
  /** Of an HTML page. */
  title: string | null
}

/** What arrived of an answer. */
export type Received = Pick<Extract<OrcidAnswer, { kind: 'answered' }>, 'status' | 'body' | 'headers'>

const foreignAnswers = channel('concord:foreign')

/** Publishes on the channel `concord:foreign` that something answered in ORCID's name, without what may be secret. */
export function reportForeignAnswer(endpoint: OrcidEndpoint, request: OrcidRequest, answer: Received): void {
  foreignAnswers.publish(describeForeignAnswer(endpoint, request, answer))
}

/** What can be told of a foreign answer, cut to 80 characters each and without secrets or iDs. */
export function describeForeignAnswer(
  endpoint: OrcidEndpoint,
  request: OrcidRequest,
  { status, body, headers }: Received,
): ForeignAnswer {
  const secrets = secretsOf(request)
  const told = (text: string | null | undefined) =>
    text ? scrub(text, secrets).replace(identifier, '[…]').slice(0, toldLengthMax) || null : null
  return {
    endpoint,
    status,
    contentType: told(headers.contentType),
    server: told(headers.server ?? headers.via),
    title: told(/<title[^>]*>([^<]{1,1000})/i.exec(body.slice(0, headLengthMax))?.[1]?.replace(/\s+/g, ' ')),
  }
}

/** `403, text/html, “Access blocked”`: for whoever runs what stands between us and ORCID. */
export function formatForeignAnswer({ status, contentType, server, title }: Omit<ForeignAnswer, 'endpoint'>): string {
  return [status, contentType, server, title && `“${title}”`].filter(Boolean).join(', ')
}

/**
 * The JSON object that an answer holds; null where it is labelled as anything else than JSON, is compressed although
 * we ask for plain text, or holds no object.
 */
export function readJson({ headers, body }: Omit<Received, 'status'>): Record<string, unknown> | null {
  return isLabelledJson(headers) ? parseJsonObject(body) : null
}

/** Whether an answer says of itself that it is JSON, and is not compressed. */
export function isLabelledJson({ contentType, contentEncoding }: AnswerHeaders): boolean {
  const isPlain = contentEncoding === null || contentEncoding === 'identity'
  return isPlain && /^application\/json\s*(;|$)/i.test(contentType ?? '')
}

/** Whether an answer may come from ORCID and says "not now": its own failures and those of the servers before it. */
export function isOutage(status: number): boolean {
  return status >= 500 || [408, 425, 429].includes(status)
}

const toldLengthMax = 80
/** The title of a page stands near its beginning. */
const headLengthMax = 16 * 1024
const uuid = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/gi
/** Long and with a digit: a token, an iD, a client id. */
const identifier = /(?=[\w-]*\d)[\w-]{16,}/g

/** Text in one line, without these secrets and whatever else looks like a token. */
export function scrub(text: string, secrets: readonly string[]): string {
  const without = secrets.filter(Boolean).reduce((rest, secret) => rest.replaceAll(secret, '[…]'), text)
  return without
    .replace(uuid, '[…]')
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
}

function secretsOf({ body, bearer }: OrcidRequest): string[] {
  if (bearer !== undefined) return [bearer]
  const form = new URLSearchParams(body ?? '')
  return ['code', 'token', 'refresh_token', 'client_secret'].flatMap((field) => form.get(field) ?? [])
}
