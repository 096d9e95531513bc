import { setTimeout as wait } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { RegistryContext } from './context'
import type { Fault, FaultName } from './faults'

const HTML = 'text/html;charset=UTF-8'
const JSON_TYPE = 'application/json'
const NO_BODY = [204, 205, 304]

const ERROR_ANSWERS: Partial<Record<FaultName, { status: number; type: string; body: string }>> = {
  html_500: {
    status: 500,
    type: HTML,
    body: '<!doctype html><html lang="en"><head><title>HTTP Status 500 – Internal Server Error</title></head><body><h1>HTTP Status 500 – Internal Server Error</h1></body></html>',
  },
  unavailable_503: {
    status: 503,
    type: HTML,
    body: '<html><head><title>503 Service Temporarily Unavailable</title></head><body><h1>503 Service Temporarily Unavailable</h1></body></html>',
  },
  too_many_429: {
    status: 429,
    type: 'text/plain',
    body: 'Too Many Requests. You have exceeded the daily quota for anonymous usage of this API.',
  },
}

const BLOCKED_PAGE =
  '<!doctype html><html lang="en"><head><title>Web filter</title></head><body><h1>This page is blocked by your organization</h1></body></html>'

/** Answers of a proxy, firewall or captive portal in place of ORCID. */
const FOREIGN_ANSWERS: Record<Fault['form'], { type: string; body: string }> = {
  html: { type: HTML, body: BLOCKED_PAGE },
  gzip: { type: HTML, body: BLOCKED_PAGE },
  json: { type: JSON_TYPE, body: '{"message":"Forbidden by policy"}' },
  oauth_error: {
    type: JSON_TYPE,
    body: '{"error":"policy_violation","error_description":"The gateway does not allow this request."}',
  },
  text: { type: 'text/plain', body: 'OK' },
}

/**
 * Applies the fault to the answer of `process`, which runs first: the change happens although the client never learns of
 * it. Only error answers without `issued` skip `process`.
 */
export async function answerWithFault(
  c: RegistryContext,
  fault: Fault | null,
  process: () => Response | Promise<Response>,
): Promise<Response> {
  if (!fault) return process()
  const instead = answerInstead(fault)
  if (instead) {
    if (fault.issued) await process()
    return instead
  }
  const answer = await process()
  if (fault.fault === 'slow') await wait(fault.delayMs, undefined, { ref: false })
  if (fault.fault === 'lost') return lose(c)
  if (fault.fault === 'torn_json') return tear(answer, fault)
  if (fault.fault === 'cut') return cut(c, answer, fault)
  return answer
}

/** The answer of a fault that replaces ORCID's; null for other faults. */
function answerInstead(fault: Fault): Response | null {
  if (fault.fault === 'foreign') return foreignAnswer(fault)
  const error = ERROR_ANSWERS[fault.fault]
  if (!error) return null
  const headers = new Headers({ 'Content-Type': error.type })
  if (fault.retryAfterS !== undefined) headers.set('Retry-After', String(fault.retryAfterS))
  return new Response(error.body, { status: error.status, headers })
}

function foreignAnswer({ status, form }: Fault): Response {
  const { type, body } = FOREIGN_ANSWERS[form]
  const headers = new Headers({ 'Content-Type': type })
  if (form === 'gzip') headers.set('Content-Encoding', 'gzip')
  if (NO_BODY.includes(status)) return new Response(null, { status })
  return new Response(form === 'gzip' ? gzipSync(body) : body, { status, headers })
}

/** Closes the connection before the first byte, so that the client cannot know whether its request arrived. */
function lose(c: RegistryContext): Response {
  c.env.outgoing.socket?.destroy()
  return RESPONSE_ALREADY_SENT
}

/** A complete HTTP answer with a truncated body. */
async function tear(answer: Response, fault: Fault): Promise<Response> {
  const { part } = await splitBody(answer, fault)
  return new Response(part, { status: answer.status, headers: answer.headers })
}

/** Sends the headers of the whole body and a part of it, then closes the connection. */
async function cut(c: RegistryContext, answer: Response, fault: Fault): Promise<Response> {
  const { part, totalBytes } = await splitBody(answer, fault)
  const { outgoing } = c.env
  outgoing.writeHead(answer.status, { ...Object.fromEntries(answer.headers), 'Content-Length': totalBytes })
  outgoing.flushHeaders()
  if (part.length > 0) outgoing.write(part)
  outgoing.socket?.destroySoon()
  return RESPONSE_ALREADY_SENT
}

async function splitBody(answer: Response, fault: Fault): Promise<{ part: Buffer<ArrayBuffer>; totalBytes: number }> {
  const body = Buffer.from(await answer.arrayBuffer())
  const bytes = fault.afterBytes ?? Math.floor(body.length / 2)
  return { part: body.subarray(0, bytes), totalBytes: body.length }
}
