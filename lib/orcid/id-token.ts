import { createLocalJWKSet, errors, type JWTPayload, jwtVerify } from 'jose'
import { z } from 'zod'
import { isOutage, reportForeignAnswer } from './answer'
import { type OrcidClient, orcidEndpoints } from './client'
import { OrcidError } from './errors'
import { orcidSchema, parseJsonObject } from './schema'
import { type OrcidRequest, type SendLimits, sendToOrcid } from './transport'

/** The registry's public keys, and the way to fetch them anew when one of them is not known. */
export type Jwks = { keySet: JwksDocument; reload: () => Promise<Jwks> }

type JwksDocument = z.infer<typeof jwksSchema>

type JwksOptions = Partial<SendLimits> & { fresh?: boolean }

// https://orcid.org/oauth/jwks: one RSA key, without `alg`.
const jwksSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).min(1) })

const keysStayFreshMs = 5 * 60_000
const clockSkewS = 60

const cache = new Map<string, { keys: Promise<JwksDocument>; loadedAtMs: number }>()

/**
 * Loads the keys that the registry signs id_tokens with. To be called before the code is exchanged, so that a registry
 * without keys costs nobody a grant. Kept for five minutes in this process; `fresh` asks anew.
 *
 * @throws OrcidError `unavailable` when the keys cannot be had.
 */
export async function loadJwks(client: OrcidClient, options: JwksOptions = {}): Promise<Jwks> {
  const { fresh = false, ...limits } = options
  const url = orcidEndpoints(client.issuer).jwks
  const known = cache.get(url)
  const usable = !fresh && known && Date.now() - known.loadedAtMs < keysStayFreshMs
  const entry = usable ? known : { keys: fetchJwks(url, client.proxy, limits), loadedAtMs: Date.now() }
  cache.set(url, entry)
  try {
    return { keySet: await entry.keys, reload: () => loadJwks(client, { ...limits, fresh: true }) }
  } catch (error) {
    if (cache.get(url) === entry) cache.delete(url)
    throw error
  }
}

/**
 * Verifies an id_token of ORCID: signature (RS256 and nothing else), issuer, audience, expiry and nonce, with sixty
 * seconds of tolerance for clocks. Keys are fetched anew, once, when the ones at hand do not fit.
 * https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation, with what ORCID does differently: no `typ`
 * header, and `amr` as plain text (ORCID-Source, `OpenIDConnectTokenEnhancer`).
 *
 * @returns the bare iD, when the person last signed in at ORCID (seconds since 1970) and how (`pwd`, `mfa`).
 * @throws OrcidError `id_token_invalid`
 */
export async function verifyIdToken(
  idToken: string,
  jwks: Jwks,
  expected: { issuer: string; clientId: string; nonce: string; now?: Date },
): Promise<{ orcid: string; authTime: number | null; amr: string[] }> {
  const now = expected.now ?? new Date()
  const claims = parseClaims(await verifySignature(idToken, jwks, { ...expected, now }))
  if (expected.nonce === '' || claims.nonce !== expected.nonce) throw invalid('nonce')
  if ((claims.iat ?? 0) > now.getTime() / 1000 + clockSkewS) throw invalid('iat')
  return { orcid: claims.sub, authTime: claims.auth_time, amr: claims.amr }
}

async function fetchJwks(url: string, proxy: OrcidClient['proxy'], limits: Partial<SendLimits>): Promise<JwksDocument> {
  const request: OrcidRequest = { method: 'GET', url, body: null, proxy }
  const answer = await sendToOrcid(request, limits)
  if (answer.kind !== 'answered')
    throw new OrcidError('unavailable', answer.kind === 'torn' ? answer.reason : answer.kind)
  const isHtml = /^text\/html\b/i.test(answer.headers.contentType ?? '')
  if (isHtml && !isOutage(answer.status)) reportForeignAnswer('jwks', request, answer)
  if (answer.status !== 200) throw new OrcidError('unavailable', `status_${answer.status}`)
  const parsed = jwksSchema.safeParse(parseJsonObject(answer.body))
  if (!parsed.success) throw new OrcidError('unavailable', 'malformed')
  return parsed.data
}

async function verifySignature(
  idToken: string,
  jwks: Jwks,
  expected: { issuer: string; clientId: string; now: Date },
): Promise<JWTPayload> {
  const verifyWith = async ({ keySet }: Jwks) => {
    const { payload } = await jwtVerify(idToken, keysOf(keySet), {
      algorithms: ['RS256'],
      issuer: expected.issuer,
      audience: expected.clientId,
      requiredClaims: ['exp', 'sub'],
      clockTolerance: clockSkewS,
      currentDate: expected.now,
    })
    return payload
  }
  try {
    return await verifyWith(jwks).catch(async (error: unknown) => {
      if (!mayBeOtherKey(error)) throw error
      return await verifyWith(await jwks.reload())
    })
  } catch (error) {
    throw invalid(toReason(error))
  }
}

const imported = new WeakMap<JwksDocument, ReturnType<typeof createLocalJWKSet>>()

/** Keys are imported once and not for each token. */
function keysOf(keySet: JwksDocument) {
  const keys = imported.get(keySet) ?? createLocalJWKSet(keySet)
  imported.set(keySet, keys)
  return keys
}

/** A registry that was set up anew may sign with a new key under a new or under the old name. */
function mayBeOtherKey(error: unknown): boolean {
  return error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWSSignatureVerificationFailed
}

/** Only ORCID's own oddities are let through; what we do not use is not looked at. */
const claimsSchema = z.object({
  sub: orcidSchema,
  // A token meant for others as well is not meant for us alone; ORCID's audience is one client id.
  aud: z.union([z.string(), z.array(z.string()).length(1)]),
  nonce: z.string(),
  iat: z.number().optional(),
  auth_time: z.number().nullable().catch(null),
  amr: z.union([z.string().transform((method) => [method]), z.array(z.string())]).catch([]),
})

function parseClaims(payload: JWTPayload) {
  const parsed = claimsSchema.safeParse(payload)
  if (parsed.success) return parsed.data
  throw invalid(String(parsed.error.issues[0]?.path[0] ?? 'claims'))
}

function invalid(reason: string): OrcidError {
  return new OrcidError('id_token_invalid', reason)
}

/** jose's codes and claim names are fixed words; its messages and causes are not passed on. */
function toReason(error: unknown): string {
  if (error instanceof OrcidError) return 'keys_unavailable'
  if (error instanceof errors.JWTExpired) return 'exp'
  if (error instanceof errors.JWTClaimValidationFailed) return error.claim
  return error instanceof errors.JOSEError ? error.code.toLowerCase() : 'malformed'
}
