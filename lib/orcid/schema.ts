import { z } from 'zod'
import { parseOrcid } from './id'
import { parseScopes } from './scopes'

/** A token as ORCID issued it, in our words. */
export type TokenResponse = {
  accessToken: string
  refreshToken: string | null
  /** Sorted, each once. */
  scopes: string[]
  /** Seconds from now; about twenty years. */
  expiresInS: number
  /** The public display name, or null when the person shows none. */
  name: string | null
  /** The bare iD. */
  orcid: string
  idToken: string | null
  /** Everything that was sent, as it was sent, unknown fields too. */
  raw: Record<string, unknown>
}

/** A valid iD, brought to its bare form. */
export const orcidSchema = z.string().transform((text, context) => {
  const orcid = parseOrcid(text)
  if (orcid) return orcid
  context.addIssue({ code: 'custom', message: 'not an ORCID iD' })
  return z.NEVER
})

// No date can be computed from more than some 10^12 seconds, and nothing that ORCID issues lives for centuries.
const secondsMax = 1e10
const secondsSchema = z.number().positive().max(secondsMax)

/**
 * The success answer of https://orcid.org/oauth/token (ORCID-Source, orcid-api-web/tutorial, "refresh_tokens.md").
 * ORCID leaves the name empty, null or out when it is not public; some deployments send `expires_in` as a string.
 */
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
  // The characters of RFC 6749 §3.3, with at least one that is not the separator.
  scope: z.string().regex(/^ *[\x21\x23-\x5B\x5D-\x7E][\x20\x21\x23-\x5B\x5D-\x7E]*$/),
  name: z.string().nullish(),
  orcid: orcidSchema,
  id_token: z.string().nullish(),
})

/** Reads the body of a token response; null when it is torn or anything else than one complete token. */
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

/** A token that ORCID issued to us and to no person. */
export type ClientToken = { accessToken: string; scopes: string[]; expiresInS: number }

/** Reads the answer to client credentials: as above, with `orcid` null or absent. */
export function parseClientToken(body: string): ClientToken | null {
  const parsed = tokenResponseSchema.omit({ orcid: true }).safeParse(parseJsonObject(body))
  if (!parsed.success) return null
  const { access_token: accessToken, scope, expires_in: expiresInS } = parsed.data
  return { accessToken, scopes: parseScopes(scope), expiresInS }
}

/**
 * Finds the access token in a body that is no usable token response, torn text included, so that it can be revoked.
 * Null when there is none or its closing quote has not arrived.
 */
export function findAccessToken(body: string): string | null {
  const whole = parseJsonObject(body)?.access_token
  if (typeof whole === 'string') return whole || null
  // Wrapped in an object, the torn-out pair is JSON again, and its escapes are read as JSON reads them.
  const pair = /"access_token"\s*:\s*"(?:[^"\\]|\\.)+"/.exec(body)?.[0]
  const torn = pair && parseJsonObject(`{${pair}}`)?.access_token
  return typeof torn === 'string' ? torn : null
}

/** Reads JSON that holds one object; null for anything else. */
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

/** Control characters go: PostgreSQL refuses one of them in text, and a name with a line break would split a log line. */
function toName(name: string | null | undefined): string | null {
  return name?.replace(/\p{Cc}+/gu, ' ').trim() || null
}
