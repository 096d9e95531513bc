import type { Registry, RegistryContext } from '../context'
import type { Fault } from '../faults'
import { PUBLIC_SHARE } from '../limiter'
import { answerWithFault } from '../wire-faults'
import { ApiError } from './api-error'
import { API_PATH, type Api, type CallerRefusal, identifyCaller, invalidToken, readBearer } from './caller'
import { chooseType, type Document, serialise } from './media'
import { noSuchPath, readRecord } from './read'
import { writeRecord } from './write'

const REQUESTS_KEPT = 20_000
const ORCID = /^\d{4}-\d{4}-\d{4}-\d{3}[\dX]$/

/** Handles `/v3.0` and `/pub/v3.0`: limiter (as ORCID's proxy), then faults, then the API. */
export async function answerApi(registry: Registry, c: RegistryContext, api: Api): Promise<Response> {
  const { pathname } = new URL(c.req.url)
  const token = readBearer(c)
  const request = {
    at: new Date(registry.now()).toISOString(),
    method: c.req.method,
    path: pathname,
    clientId: registry.store.tokens.get(token ?? '')?.clientId ?? null,
    status: null as number | null,
    limited: false,
    fault: null as string | null,
  }
  if (registry.apiRequests.length >= REQUESTS_KEPT) registry.apiRequests.shift()
  registry.apiRequests.push(request)
  if (!(await registry.limiter.admit(request.clientId ?? '', api === 'public' ? PUBLIC_SHARE : 1))) {
    Object.assign(request, { status: 503, limited: true })
    return answerBusy(c)
  }
  const fault = registry.faults.take('api', { method: request.method, token })
  request.fault = fault?.fault ?? null
  return answerWithFault(c, fault, async () => {
    const answer = refuseToken(c, fault, token) ?? (await processRequest(registry, c, { api, pathname }))
    request.status = answer.status
    return answer
  })
}

/** nginx's answer for a full queue: no JSON, no Retry-After. */
function answerBusy(c: RegistryContext): Response {
  const title = '503 Service Temporarily Unavailable'
  const page = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`
  return c.body(page, 503, { 'Content-Type': 'text/html' })
}

/** ORCID's API verifies each token at the authorization server, and refuses a valid one if that call fails. */
function refuseToken(c: RegistryContext, fault: Fault | null, token: string | null): Response | null {
  if (fault?.fault === 'token_refused') return answerRefusal(c, invalidToken(`${token}`))
  if (fault?.fault !== 'token_unverified') return null
  return answerRefusal(c, invalidToken(`Unable to obtain information from the authorization server: ${token}`))
}

function answerRefusal(c: RegistryContext, { status, body }: CallerRefusal): Response {
  const headers = { 'Content-Type': 'application/json;charset=UTF-8', 'Cache-Control': 'no-store' }
  return c.body(JSON.stringify(body), status, headers)
}

async function processRequest(
  registry: Registry,
  c: RegistryContext,
  { api, pathname }: { api: Api; pathname: string },
): Promise<Response> {
  const identified = identifyCaller(registry, { api, value: readBearer(c), method: c.req.method })
  if (!identified.ok) return answerRefusal(c, identified)
  const { caller } = identified
  const type = chooseType(c.req.header('Accept'))
  try {
    if (type === null) throw new ApiError('9001', { status: 406 })
    const [orcid = '', ...rest] = pathname
      .slice(API_PATH[api].length)
      .split('/')
      .map(decode)
      .filter((part) => part !== '')
    if (!ORCID.test(orcid)) throw noSuchPath()
    if (c.req.method === 'GET') return answerDocument(c, readRecord(registry, caller, orcid, rest), type)
    const body = await c.req.text()
    const contentType = c.req.header('Content-Type')
    const written = writeRecord(registry, caller, { method: c.req.method, orcid, rest, contentType, body })
    if (written.status === 201) return c.body(null, 201, { Location: written.location })
    return written.status === 204 ? c.body(null, 204) : answerDocument(c, written.document, type)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return answerError(error, caller.client.name, type ?? 'application/xml')
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

function answerDocument(c: RegistryContext, document: Document, type: string): Response {
  return c.body(serialise(document, type), 200, { 'Content-Type': `${type};charset=UTF-8` })
}

function answerError(error: ApiError, clientName: string, type: string): Response {
  const headers = new Headers({ 'Content-Type': `${type};charset=UTF-8` })
  if (error.location !== null) headers.set('Location', error.location)
  const body = serialise({ root: 'error:error', body: error.body(clientName) }, type)
  return new Response(body, { status: error.status, headers })
}
