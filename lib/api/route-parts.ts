import 'server-only'
import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { ApiActor, SystemRight } from '@/lib/actor'
import { ApiProblem, type ProblemError, toPointer } from '@/lib/api/problem'
import * as schemas from '@/lib/api/schema'
import { hashSecret } from '@/lib/crypto/secrets'

export type ApiEnv = { Bindings: { actor: ApiActor; requestId: string; body: string } }

export const basePath = '/api/v1'

export const api = new OpenAPIHono<ApiEnv>({
  // The parts of a request that do not fit their schema.
  defaultHook: (result) => {
    if (result.success) return
    const { target, error } = result
    const errors: ProblemError[] = error.issues.map(({ path, message }) =>
      target === 'json'
        ? { pointer: toPointer(path), detail: message }
        : { parameter: path.join('.') || undefined, detail: message },
    )
    const isKeyMissing = target === 'header' && error.issues.some(({ code }) => code === 'invalid_type')
    throw new ApiProblem(isKeyMissing ? 'missing_idempotency_key' : 'invalid_request', { errors })
  },
}).basePath(basePath)

export const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})
export const problem = {
  description: 'A problem, as RFC 9457 has it.',
  content: { 'application/problem+json': { schema: schemas.problemSchema } },
}
export const reads = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  200: json(schema, description),
  default: problem,
})
export const byId = { params: z.object({ id: z.uuid() }) }
export const onceHeader = z.object({
  'idempotency-key': z
    .string()
    .min(1)
    .max(200)
    .openapi({ description: 'Any text of yours, kept for a day: the same request again with it is not a second one.' }),
})

/** @throws ApiProblem `missing_right` */
export function demand({ env: { actor } }: Context<ApiEnv>, right: SystemRight): ApiActor {
  if (!actor.rights.includes(right)) throw new ApiProblem('missing_right', { detail: `It takes ${right}.` })
  return actor
}

export function toRequest(c: Context<ApiEnv>, key: string) {
  const { requestId, body } = c.env
  return { key, requestId, requestHash: hashSecret(`${c.req.method} ${c.req.path}\n${body}`) }
}
