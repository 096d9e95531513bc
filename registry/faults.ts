import { z } from 'zod'

const ENDPOINTS = ['token', 'jwks', 'revoke', 'authorize', 'userinfo'] as const
const ANYWHERE = ['slow', 'html_500', 'unavailable_503', 'too_many_429', 'cut', 'torn_json'] as const
const AT_TOKEN = [
  'expires_in_string',
  'fewer_scopes',
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
  })
  .refine(({ on, fault }) => isPossible(on, fault), 'this fault does not exist at this endpoint')

export type Fault = z.infer<typeof faultRequestSchema>

function isPossible(on: FaultEndpoint, fault: FaultName): boolean {
  const here: readonly FaultName[] = on === 'token' ? AT_TOKEN : on === 'authorize' ? AT_AUTHORIZE : []
  return here.includes(fault) || ANYWHERE.some((name) => name === fault)
}

export type FaultBoard = {
  add(fault: Fault): void
  clear(): void
  /** The oldest fault that waits at this endpoint; taking it uses it up by one. */
  take(on: FaultEndpoint): Fault | null
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
    take(on) {
      const index = waiting.findIndex(({ fault }) => fault.on === on)
      const entry = waiting[index]
      if (!entry) return null
      entry.left -= 1
      if (entry.left === 0) waiting.splice(index, 1)
      return entry.fault
    },
  }
}
