import 'server-only'
import { HTTPException } from 'hono/http-exception'
import type { ApiActor } from '@/lib/actor'
import { documentPath, makeApiDocument } from '@/lib/api/document'
import { ApiProblem, type ProblemCode, toProblemResponse } from '@/lib/api/problem'
import { api } from '@/lib/api/route-parts'
import '@/lib/api/record-routes'
import '@/lib/api/record-write-routes'
import '@/lib/api/routes'
import '@/lib/api/work-routes'
import { parseStrictJson } from '@/lib/api/strict-json'
import { isDatabaseUnavailable, isStatementTimeout } from '@/lib/db'
import { findHold } from '@/lib/installation/restore-detection'
import { log } from '@/lib/log'
import { countUse } from '@/lib/rate-limit/count-use'
import { authenticateApi } from '@/lib/systems/authentication'
import { countRequest } from '@/lib/systems/limit'

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']
const heldForS = 600
const awayForS = 30

/** `address`: of the client, as far as it is known. */
export type ApiRequest = { request: Request; address: string | null; requestId: string; bodyBytesMax: number }

/** Answers a request to the API. Every refusal is a problem as RFC 9457 has it. */
export async function handleApi(asked: ApiRequest): Promise<Response> {
  const headers: Record<string, string> = {}
  const response = await answer(asked, headers).catch((error) => toProblem(error, asked))
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
  return response
}

async function answer(asked: ApiRequest, headers: Record<string, string>): Promise<Response> {
  const { request, address, requestId } = asked
  const { pathname } = new URL(request.url)
  const { method } = request
  const isRead = method === 'GET' || method === 'HEAD'
  if (pathname === documentPath && isRead) return Response.json(makeApiDocument())
  // What paths and methods there are is in the document, which is public.
  const allowed = listMethods(pathname)
  if (!allowed) throw new ApiProblem('not_found')
  const allow = { Allow: allowed.join(', ') }
  if (method === 'OPTIONS') return new Response(null, { status: 204, headers: allow })
  if (!allowed.includes(method)) throw new ApiProblem('method_not_allowed', { headers: allow })
  if (await findHold()) throw new ApiProblem('held', { headers: { 'Retry-After': String(heldForS) } })
  const actor = await authenticate(request, address)
  await count(actor, headers)
  if (isRead) return api.fetch(request, { actor, requestId, body: '' })
  const body = await readBody(asked)
  const init = { method, headers: request.headers, body: body || undefined }
  return api.fetch(new Request(request.url, init), { actor, requestId, body })
}

/** @throws ApiProblem with the reason, as a code */
async function authenticate(request: Request, address: string | null): Promise<ApiActor> {
  const found = await authenticateApi({ authorization: request.headers.get('authorization'), address })
  if ('actor' in found) return found.actor
  const waitS = await countUse('api', { person: null, address })
  if (waitS !== null) throw new ApiProblem('too_many_requests', { headers: { 'Retry-After': String(waitS) } })
  throw new ApiProblem(found.fault, { headers: { 'WWW-Authenticate': 'Bearer' } })
}

/** As https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/ has it. */
async function count(actor: ApiActor, headers: Record<string, string>): Promise<void> {
  const { limit, remaining, resetS, isAllowed } = await countRequest(actor)
  headers['RateLimit-Policy'] = `"system";q=${limit};w=60`
  headers.RateLimit = `"system";r=${remaining};t=${resetS}`
  if (!isAllowed) throw new ApiProblem('too_many_requests', { headers: { 'Retry-After': String(resetS) } })
}

/** Stops at the limit, as `Content-Length` may be missing. */
async function readBody({ request, bodyBytesMax }: ApiRequest): Promise<string> {
  if (Number(request.headers.get('content-length') ?? 0) > bodyBytesMax) throw new ApiProblem('body_too_large')
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of request.body ?? []) {
    bytes += part.byteLength
    if (bytes > bodyBytesMax) throw new ApiProblem('body_too_large')
    parts.push(part)
  }
  if (bytes === 0) return ''
  if (!/^application\/(vnd\.orcid\+|orcid\+)?json\s*(;|$)/i.test(request.headers.get('content-type') ?? '')) {
    throw new ApiProblem('unsupported_media_type')
  }
  const text = Buffer.concat(parts).toString('utf8')
  parseStrictJson(text)
  return text
}

/** The methods of a path, or null for a path that is none of ours. */
function listMethods(path: string): string[] | null {
  const found = methods.filter((method) => api.router.match(method, path)[0].length > 0)
  const more = found.includes('GET') ? ['HEAD', 'OPTIONS'] : ['OPTIONS']
  return found.length > 0 || path === documentPath ? [...found, ...more] : null
}

api.onError((error) => {
  throw error
})

function toProblem(error: unknown, { request, requestId }: ApiRequest): Response {
  if (error instanceof ApiProblem) return toProblemResponse(error)
  if (error instanceof HTTPException) return toProblemResponse(new ApiProblem(codeOf(error.status)))
  const isAway = isDatabaseUnavailable(error) || isStatementTimeout(error)
  log().error({ requestId, path: new URL(request.url).pathname, err: error }, 'request to the API failed')
  const headers = isAway ? { 'Retry-After': String(awayForS) } : undefined
  return toProblemResponse(new ApiProblem(isAway ? 'unavailable' : 'internal_error', { reference: requestId, headers }))
}

const codeOf = (status: number): ProblemCode =>
  status === 415 ? 'unsupported_media_type' : status === 400 ? 'invalid_json' : 'invalid_request'
