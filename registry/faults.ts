import { z } from 'zod'

const ENDPOINTS = ['token', 'jwks', 'revoke', 'authorize', 'userinfo', 'api'] as const
const ANYWHERE = ['slow', 'html_500', 'unavailable_503', 'too_many_429', 'foreign', 'cut', 'torn_json', 'lost'] as const
const AT_TOKEN = [
  'expires_in_string',
  'fewer_scopes',
  'extra_fields',
  'wrong_sub',
  'wrong_nonce',
  'no_id_token',
  'expired_id_token',
] as const
const AT_AUTHORIZE = ['invalid_scope', 'nothing', 'server_error'] as const
const AT_USERINFO = ['token_refused'] as const
const AT_API = ['token_refused', 'token_unverified'] as const

const FAULTS_AT = {
  token: AT_TOKEN,
  jwks: [],
  revoke: [],
  authorize: AT_AUTHORIZE,
  userinfo: AT_USERINFO,
  api: AT_API,
} as const satisfies Record<FaultEndpoint, readonly string[]>

export type FaultEndpoint = (typeof ENDPOINTS)[number]
export type FaultName = (typeof ANYWHERE)[number] | (typeof FAULTS_AT)[FaultEndpoint][number]

export const FOREIGN_FORMS = ['html', 'gzip', 'json', 'oauth_error', 'text'] as const

export const faultRequestSchema = z
  .strictObject({
    on: z.enum(ENDPOINTS),
    fault: z.enum([...ANYWHERE, ...AT_TOKEN, ...AT_AUTHORIZE, ...AT_API]),
    /** Number of affected requests; 0: all until the faults are cleared. */
    times: z.int().min(0).default(1),
    /** For `slow`: processing is immediate, the answer is delayed. */
    delayMs: z.int().min(0).max(600_000).default(5000),
    /** For `cut` and `torn_json`: bytes of the body that are sent; default: half. */
    afterBytes: z.int().min(0).optional(),
    /** For error answers: the request is processed first. */
    issued: z.boolean().default(false),
    /** For `too_many_429` and `unavailable_503`: the Retry-After header. */
    retryAfterS: z.int().min(0).optional(),
    /** For `foreign`, an answer that does not come from ORCID. */
    status: z.int().min(200).max(599).default(403),
    form: z.enum(FOREIGN_FORMS).default('html'),
    /** At `api`: affects only this method. */
    method: z.enum(['GET', 'POST', 'PUT', 'DELETE']).optional(),
    /** At `api` and `userinfo`: affects only this access token. */
    token: z.string().min(1).optional(),
    /** The fault ends after this time at the latest. */
    forMs: z.int().min(1).optional(),
    /** Affects a request with probability 1/`oneIn`. */
    oneIn: z.int().min(1).optional(),
  })
  .refine(({ on, fault }) => isPossible(on, fault), 'this fault does not exist at this endpoint')
  .refine(({ on, method }) => method === undefined || on === 'api', 'only at the api requests differ by method')
  .refine(
    ({ on, token }) => token === undefined || on === 'api' || on === 'userinfo',
    'only requests at the api and at userinfo carry an access token',
  )

export type Fault = z.infer<typeof faultRequestSchema>

function isPossible(on: FaultEndpoint, fault: FaultName): boolean {
  const here: readonly FaultName[] = FAULTS_AT[on]
  return here.includes(fault) || ANYWHERE.some((name) => name === fault)
}

type IncomingRequest = { method?: string; token?: string | null }

export type FaultBoard = {
  add(fault: Fault): void
  clear(): void
  /** The oldest fault that applies to the request; reduces its `times`. */
  take(on: FaultEndpoint, request?: IncomingRequest): Fault | null
}

export function makeFaultBoard(now: () => number): FaultBoard {
  const waiting: { fault: Fault; left: number; endsAt: number }[] = []
  return {
    add(fault) {
      const { times, forMs } = fault
      const left = times === 0 ? Number.POSITIVE_INFINITY : times
      const endsAt = forMs === undefined ? Number.POSITIVE_INFINITY : now() + forMs
      waiting.push({ fault, left, endsAt })
    },
    clear() {
      waiting.length = 0
    },
    take(on, request = {}) {
      const index = waiting.findIndex(({ fault, endsAt }) => now() < endsAt && fault.on === on && fits(fault, request))
      const entry = waiting[index]
      if (!entry) return null
      entry.left -= 1
      if (entry.left === 0) waiting.splice(index, 1)
      return entry.fault
    },
  }
}

function fits({ fault, method, token, oneIn = 1 }: Fault, request: IncomingRequest): boolean {
  if (method !== undefined && method !== request.method) return false
  if (token !== undefined && token !== request.token) return false
  // ORCID refuses a request without a token before it verifies tokens.
  if ((fault === 'token_refused' || fault === 'token_unverified') && !request.token) return false
  return Math.random() * oneIn < 1
}
