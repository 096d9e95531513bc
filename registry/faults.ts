import { z } from 'zod'

const ENDPOINTS = ['token', 'jwks', 'revoke', 'authorize', 'userinfo', 'api'] as const
const ANYWHERE = ['slow', 'html_500', 'unavailable_503', 'too_many_429', 'cut', 'torn_json', 'lost'] as const
const AT_TOKEN = [
  'expires_in_string',
  'fewer_scopes',
  'all_scopes',
  'extra_fields',
  'wrong_sub',
  'wrong_nonce',
  'no_id_token',
] as const
const AT_AUTHORIZE = ['invalid_scope', 'nothing', 'server_error'] as const

export type FaultEndpoint = (typeof ENDPOINTS)[number]
export type FaultName = (typeof ANYWHERE)[number] | (typeof AT_TOKEN)[number] | (typeof AT_AUTHORIZE)[number]

export const faultRequestSchema = z
  .strictObject({
    on: z.enum(ENDPOINTS),
    fault: z.enum([...ANYWHERE, ...AT_TOKEN, ...AT_AUTHORIZE]),
    /** How many requests meet the fault; 0 means all of them until the faults are cleared. */
    times: z.int().min(0).default(1),
    /** For `slow`: the request is processed at once, its answer waits so long. */
    delayMs: z.int().min(0).max(600_000).default(5000),
    /** For `cut` and `torn_json`: how much of the body is sent; half of it when absent. */
    afterBytes: z.int().min(0).optional(),
    /** For the faults that answer with an error: whether the request was processed before. */
    issued: z.boolean().default(false),
    /** For `too_many_429` and `unavailable_503`: the seconds of a Retry-After. */
    retryAfterS: z.int().min(0).optional(),
    /** At `api`: only requests of this method meet it. */
    method: z.enum(['GET', 'POST', 'PUT', 'DELETE']).optional(),
  })
  .refine(({ on, fault }) => isPossible(on, fault), 'this fault does not exist at this endpoint')
  .refine(({ on, method }) => method === undefined || on === 'api', 'only at the api requests differ by method')

export type Fault = z.infer<typeof faultRequestSchema>

function isPossible(on: FaultEndpoint, fault: FaultName): boolean {
  const here: readonly FaultName[] = on === 'token' ? AT_TOKEN : on === 'authorize' ? AT_AUTHORIZE : []
  return here.includes(fault) || ANYWHERE.some((name) => name === fault)
}

export type FaultBoard = {
  add(fault: Fault): void
  clear(): void
  /** The oldest fault that waits at this endpoint; taking it uses it up by one. */
  take(on: FaultEndpoint, method?: string): Fault | null
}

export function makeFaultBoard(): FaultBoard {
  const waiting: { fault: Fault; left: number }[] = []
  return {
    add(fault) {
      waiting.push({ fault, left: fault.times === 0 ? Number.POSITIVE_INFINITY : fault.times })
    },
    clear() {
      waiting.length = 0
    },
    take(on, method) {
      const fits = (fault: Fault) => fault.on === on && (fault.method === undefined || fault.method === method)
      const index = waiting.findIndex(({ fault }) => fits(fault))
      const entry = waiting[index]
      if (!entry) return null
      entry.left -= 1
      if (entry.left === 0) waiting.splice(index, 1)
      return entry.fault
    },
  }
}
