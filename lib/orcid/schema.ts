import { z } from 'zod'
import { parseOrcid } from './id'
import { parseScopes } from './scopes'

export type TokenResponse = {
  accessToken: string
  refreshToken: string | null
  /** Sorted, without duplicates. */
  scopes: string[]
  /** About twenty years. */
  expiresInS: number
  /** Null if the person shows no name. */
  name: string | null
  orcid: string
  idToken: string | null
  /** All fields as sent, unknown ones included. */
  raw: Record<string, unknown>
}

/** Yields the bare iD. */
export const orcidSchema = z.string().transform((text, context) => {
  const orcid = parseOrcid(text)
  if (orcid) return orcid
  context.addIssue({ code: 'custom', message: 'not an ORCID iD' })
  return z.NEVER
})

// Dates overflow above about 10^12 seconds. ORCID's tokens live for decades at most.
const secondsMax = 1e10
const secondsSchema = z.number().positive().max(secondsMax)

// ORCID's token response (ORCID-Source, orcid-api-web/tutorial, "refresh_tokens.md"). A hidden name is empty, null or
// absent. Some deployments send `expires_in` as a string.
const tokenResponseSchema = z.object({
  access_token: z.string().min(1),
  token_type: z.string().regex(/^bearer$/i),
  refresh_token: z.string().nullish(),
  expires_in: z.union([
    secondsSchema,
    z
      .string()
      .regex(/^\d{1,11}(\.\d+)?$/)
      .transform(Number)
      .pipe(secondsSchema),
  ]),
  // RFC 6749 §3.3, with at least one scope.
  scope: z.string().regex(/^ *[\x21\x23-\x5B\x5D-\x7E][\x20\x21\x23-\x5B\x5D-\x7E]*$/),
  name: z.string().nullish(),
  orcid: orcidSchema,
  id_token: z.string().nullish(),
})

/** Returns null unless the body is one complete token response. */
export function parseTokenResponse(body: string): TokenResponse | null {
  const raw = parseJsonObject(body)
  const parsed = tokenResponseSchema.safeParse(raw)
  if (!raw || !parsed.success) return null
  const fields = parsed.data
  return {
    accessToken: fields.access_token,
    refreshToken: fields.refresh_token || null,
    scopes: parseScopes(fields.scope),
    expiresInS: fields.expires_in,
    name: toName(fields.name),
    orcid: fields.orcid,
    idToken: fields.id_token || null,
    raw,
  }
}

export type ClientToken = { accessToken: string; scopes: string[]; expiresInS: number }

/** Reads a client credentials response, whose `orcid` is null or absent. */
export function parseClientToken(body: string): ClientToken | null {
  const parsed = tokenResponseSchema.omit({ orcid: true }).safeParse(parseJsonObject(body))
  if (!parsed.success) return null
  const { access_token: accessToken, scope, expires_in: expiresInS } = parsed.data
  return { accessToken, scopes: parseScopes(scope), expiresInS }
}

/** Finds an access token to revoke in a malformed or truncated body. Returns null before its closing quote. */
export function findAccessToken(body: string): string | null {
  const whole = parseJsonObject(body)?.access_token
  if (typeof whole === 'string') return whole || null
  // As an object, the pair is valid JSON again, so JSON.parse decodes its escapes.
  const pair = /"access_token"\s*:\s*"(?:[^"\\]|\\.)+"/.exec(body)?.[0]
  const torn = pair && parseJsonObject(`{${pair}}`)?.access_token
  return typeof torn === 'string' ? torn : null
}

/** Returns null for anything but one JSON object. */
export function parseJsonObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** PostgreSQL refuses NUL in text, and a line break would split a log line. */
function toName(name: string | null | undefined): string | null {
  return name?.replace(/\p{Cc}+/gu, ' ').trim() || null
}
