import { channel } from 'node:diagnostics_channel'
import { parseJsonObject } from './schema'
import type { AnswerHeaders, OrcidAnswer, OrcidRequest } from './transport'

export type OrcidEndpoint = 'token' | 'revoke' | 'userinfo' | 'api' | 'jwks'

/** Came from a filtering proxy, captive portal or maintenance page in ORCID's name. */
export type ForeignAnswer = {
  endpoint: OrcidEndpoint
  status: number
  contentType: string | null
  /** The `Server` header, or else `Via`. */
  server: string | null
  /** The HTML title. */
  title: string | null
}

export type Received = Pick<Extract<OrcidAnswer, { kind: 'answered' }>, 'status' | 'body' | 'headers'>

const foreignAnswers = channel('concord:foreign')

/** Publishes on the channel `concord:foreign` that something else answered in ORCID's name. */
export function reportForeignAnswer(endpoint: OrcidEndpoint, request: OrcidRequest, answer: Received): void {
  foreignAnswers.publish(describeForeignAnswer(endpoint, request, answer))
}

/** Cuts each text to 80 characters and removes secrets and iDs. */
export function describeForeignAnswer(
  endpoint: OrcidEndpoint,
  request: OrcidRequest,
  { status, body, headers }: Received,
): ForeignAnswer {
  const secrets = secretsOf(request)
  const clean = (text: string | null | undefined) =>
    text ? scrub(text, secrets).replace(identifier, '[…]').slice(0, textLengthMax) || null : null
  return {
    endpoint,
    status,
    contentType: clean(headers.contentType),
    server: clean(headers.server ?? headers.via),
    title: clean(/<title[^>]*>([^<]{1,1000})/i.exec(body.slice(0, headLengthMax))?.[1]?.replace(/\s+/g, ' ')),
  }
}

/** `403, text/html, “Access blocked”`, for network administrators. */
export function formatForeignAnswer({ status, contentType, server, title }: Omit<ForeignAnswer, 'endpoint'>): string {
  return [status, contentType, server, title && `“${title}”`].filter(Boolean).join(', ')
}

/** Returns null if the answer is not labelled as JSON, is compressed despite our request, or is no object. */
export function readJson({ headers, body }: Omit<Received, 'status'>): Record<string, unknown> | null {
  return isLabelledJson(headers) ? parseJsonObject(body) : null
}

/** Whether an answer is labelled as uncompressed JSON. */
export const isLabelledJson = (headers: AnswerHeaders): boolean => isLabelled(headers, 'application/json')

/** Whether an answer is labelled as of this media type, and not compressed. */
export function isLabelled({ contentType, contentEncoding }: AnswerHeaders, type: string): boolean {
  const isPlain = contentEncoding === null || contentEncoding === 'identity'
  return isPlain && contentType?.split(';')[0]?.trim().toLowerCase() === type
}

/** Whether the status means "not now", from ORCID or from servers in front of it. */
export function isOutage(status: number): boolean {
  return status >= 500 || [408, 425, 429].includes(status)
}

const textLengthMax = 80
const headLengthMax = 16 * 1024
const uuid = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/gi
/** Matches tokens, iDs and client ids. */
const identifier = /(?=[\w-]*\d)[\w-]{16,}/g

/** Returns one line without these secrets or anything like a token. */
export function scrub(text: string, secrets: readonly string[]): string {
  const stripped = secrets.filter(Boolean).reduce((rest, secret) => rest.replaceAll(secret, '[…]'), text)
  return stripped
    .replace(uuid, '[…]')
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
}

function secretsOf({ body, bearer }: OrcidRequest): string[] {
  if (bearer !== undefined) return [bearer]
  const form = new URLSearchParams(body ?? '')
  return ['code', 'token', 'refresh_token', 'subject_token', 'client_secret'].flatMap((field) => form.get(field) ?? [])
}
