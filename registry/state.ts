import { z } from 'zod'

export const REVOKE_REASONS = ['CLIENT_REVOKED', 'USER_REVOKED', 'AUTH_CODE_REUSED'] as const
export type RevokeReason = (typeof REVOKE_REASONS)[number]

const signInSchema = z.object({ id: z.string(), orcid: z.string(), at: z.number() })

const codeSchema = z.object({
  code: z.string(),
  clientId: z.string(),
  orcid: z.string(),
  redirectUri: z.string(),
  scopes: z.array(z.string()),
  nonce: z.string().nullable(),
  authTimeS: z.number(),
  issuedAt: z.number(),
  used: z.boolean(),
})

const tokenSchema = z.object({
  accessToken: z.string(),
  refreshToken: z.string(),
  orcid: z.string(),
  clientId: z.string(),
  scopes: z.array(z.string()),
  code: z.string(),
  issuedAt: z.number(),
  live: z.boolean(),
  revokedBecause: z.enum(REVOKE_REASONS).nullable(),
})

const tokenRequestSchema = z.object({
  at: z.string(),
  clientId: z.string().nullable(),
  grantType: z.string().nullable(),
  code: z.string().nullable(),
  outcome: z.string(),
  fault: z.string().nullable(),
})

const revokeRequestSchema = z.object({
  at: z.string(),
  clientId: z.string().nullable(),
  token: z.string().nullable(),
  outcome: z.string(),
  fault: z.string().nullable(),
})

/** The state file. Times are milliseconds since 1970, but for the requests, which people read. */
export const savedStateSchema = z.object({
  version: z.literal(1),
  key: z.object({ kid: z.string(), privateJwk: z.record(z.string(), z.string()) }),
  signIns: z.array(signInSchema),
  codes: z.array(codeSchema),
  tokens: z.array(tokenSchema),
  tokenRequests: z.array(tokenRequestSchema),
  revokeRequests: z.array(revokeRequestSchema),
})

export type SavedState = z.infer<typeof savedStateSchema>
export type SignIn = z.infer<typeof signInSchema>
export type AuthorizationCode = z.infer<typeof codeSchema>
export type Token = z.infer<typeof tokenSchema>
export type TokenRequest = z.infer<typeof tokenRequestSchema>
export type RevokeRequest = z.infer<typeof revokeRequestSchema>
