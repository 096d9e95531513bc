import { z } from 'zod'
import { personSchema, RECORD_STATES } from './people'
import { itemSchema } from './records/item'
import { TOKEN_LIFETIME_S } from './token-lifetime'

const REVOKE_REASONS = ['CLIENT_REVOKED', 'USER_REVOKED', 'RECORD_DEACTIVATED', 'AUTH_CODE_REUSED'] as const
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

export const tokenSchema = z.object({
  accessToken: z.string(),
  refreshToken: z.string(),
  /** Null for a token of the client itself. */
  orcid: z.string().nullable(),
  clientId: z.string(),
  scopes: z.array(z.string()),
  /** The exchanged authorization code; null after a refresh or client credentials. */
  code: z.string().nullable(),
  /** The client whose id_token was exchanged for it. */
  onBehalfOf: z.string().nullable().default(null),
  issuedAt: z.number(),
  lifetimeS: z.number().default(TOKEN_LIFETIME_S),
  live: z.boolean(),
  revokedBecause: z.enum(REVOKE_REASONS).nullable(),
})

const recordStateSchema = z.object({
  orcid: z.string(),
  state: z.enum(RECORD_STATES),
  mergedInto: z.string().nullable(),
})

const requestSchema = z.object({
  at: z.string(),
  clientId: z.string().nullable(),
  outcome: z.string(),
  fault: z.string().nullable(),
})
const tokenRequestSchema = requestSchema.extend({ grantType: z.string().nullable(), code: z.string().nullable() })
const revokeRequestSchema = requestSchema.extend({ token: z.string().nullable() })
const userinfoRequestSchema = requestSchema.extend({ token: z.string().nullable() })

/** The state file. Times are milliseconds since 1970, except those of requests, which are for people. */
export const savedStateSchema = z.object({
  version: z.literal(1),
  key: z.object({ kid: z.string(), privateJwk: z.record(z.string(), z.string()) }),
  signIns: z.array(signInSchema),
  codes: z.array(codeSchema),
  tokens: z.array(tokenSchema),
  tokenRequests: z.array(tokenRequestSchema),
  revokeRequests: z.array(revokeRequestSchema),
  userinfoRequests: z.array(userinfoRequestSchema).default([]),
  recordStates: z.array(recordStateSchema).default([]),
  /** See `populationSchema` in `admin-people.ts`. */
  added: z.object({ set: z.string().nullable(), people: z.array(personSchema) }).default({ set: null, people: [] }),
  /** Absent in older files, which then get the starting items. */
  records: z.object({ nextPutCode: z.int(), items: z.array(itemSchema) }).optional(),
})

export type SavedState = z.infer<typeof savedStateSchema>
export type RecordState = z.infer<typeof recordStateSchema>
export type SignIn = z.infer<typeof signInSchema>
export type AuthorizationCode = z.infer<typeof codeSchema>
export type Token = z.infer<typeof tokenSchema>
export type TokenRequest = z.infer<typeof tokenRequestSchema>
export type RevokeRequest = z.infer<typeof revokeRequestSchema>
export type UserinfoRequest = z.infer<typeof userinfoRequestSchema>
