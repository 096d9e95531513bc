import { createLocalJWKSet, errors, type JWTPayload, jwtVerify } from 'jose'
import { z } from 'zod'
import { isOutage, reportForeignAnswer } from './answer'
import { type OrcidClient, orcidEndpoints } from './client'
import { OrcidError } from './errors'
import { orcidSchema, parseJsonObject } from './schema'
import { type OrcidRequest, type SendLimits, sendToOrcid } from './transport'

/** `reload` fetches the keys again if a token's key is unknown. */
export type Jwks = { keySet: JwksDocument; reload: () => Promise<Jwks> }

type JwksDocument = z.infer<typeof jwksSchema>

type JwksOptions = Partial<SendLimits> & { fresh?: boolean }

// https://orcid.org/oauth/jwks: one RSA key, without `alg`.
const jwksSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).min(1) })

const jwksCacheMs = 5 * 60_000
const clockSkewS = 60

const cache = new Map<string, { keys: Promise<JwksDocument>; loadedAtMs: number }>()

/**
 * Cached for five minutes. Load the keys before the exchange, or a failure costs a grant.
 * @throws OrcidError `unavailable`
 */
export async function loadJwks(client: OrcidClient, options: JwksOptions = {}): Promise<Jwks> {
  const { fresh = false, ...limits } = options
  const url = orcidEndpoints(client.issuer).jwks
  const cached = cache.get(url)
  const usable = !fresh && cached && Date.now() - cached.loadedAtMs < jwksCacheMs
  const entry = usable ? cached : { keys: fetchJwks(url, client.proxy, limits), loadedAtMs: Date.now() }
  cache.set(url, entry)
  try {
    return { keySet: await entry.keys, reload: () => loadJwks(client, { ...limits, fresh: true }) }
  } catch (error) {
    if (cache.get(url) === entry) cache.delete(url)
    throw error
  }
}

/**
 * Verifies signature (RS256 only), issuer, audience, expiry and nonce, with 60 s of clock tolerance. Reloads the keys
 * once if they do not match. ORCID sends no `typ` header and `amr` as text (`OpenIDConnectTokenEnhancer`).
 * https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation
 * @param expected `nonce` is null for an id_token that nobody asked for in a browser
 * @returns `authTime`: the last sign-in at ORCID, and `expiresAt`, in seconds since 1970; `amr`: `pwd`, `mfa`
 * @throws OrcidError `id_token_invalid`
 */
export async function verifyIdToken(
  idToken: string,
  jwks: Jwks,
  expected: { issuer: string; clientId: string; nonce: string | null; now?: Date },
): Promise<{ orcid: string; authTime: number | null; amr: string[]; expiresAt: number }> {
  const now = expected.now ?? new Date()
  const claims = parseClaims(await verifySignature(idToken, jwks, { ...expected, now }))
  const { nonce } = expected
  if (nonce !== null && (nonce === '' || claims.nonce !== nonce)) throw invalid('nonce')
  if ((claims.iat ?? 0) > now.getTime() / 1000 + clockSkewS) throw invalid('iat')
  return { orcid: claims.sub, authTime: claims.auth_time, amr: claims.amr, expiresAt: claims.exp }
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

function keysOf(keySet: JwksDocument) {
  const keys = imported.get(keySet) ?? createLocalJWKSet(keySet)
  imported.set(keySet, keys)
  return keys
}

/** A rebuilt registry may sign with a new key under a new or an old name. */
function mayBeOtherKey(error: unknown): boolean {
  return error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWSSignatureVerificationFailed
}

const claimsSchema = z.object({
  sub: orcidSchema,
  // Reject tokens with further audiences. ORCID's audience is one client id.
  aud: z.union([z.string(), z.array(z.string()).length(1)]),
  nonce: z.string().optional(),
  iat: z.number().optional(),
  exp: z.number(),
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

/** jose's codes and claim names are safe to log; its messages and causes are not. */
function toReason(error: unknown): string {
  if (error instanceof OrcidError) return 'keys_unavailable'
  if (error instanceof errors.JWTExpired) return 'exp'
  if (error instanceof errors.JWTClaimValidationFailed) return error.claim
  return error instanceof errors.JOSEError ? error.code.toLowerCase() : 'malformed'
}
