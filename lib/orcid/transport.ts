import { channel } from 'node:diagnostics_channel'
import http from 'node:http'
import https from 'node:https'
import { agentFor } from './connection'

/** A request as data, so that what is sent can be tested without sending it. */
export type OrcidRequest = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  url: string
  /** A form, unless `bearer` is given: what goes to the API is JSON. */
  body: string | null
  bearer?: string
  /** Address of the HTTP proxy that https goes through. */
  proxy?: string | null
}

/**
 * What became of a request: an answer read to its end; one that broke off (`status` is null when not even the headers
 * came; `body` is what had arrived); or nothing, with certainty that not one byte of the request has left. `rawHeaders`
 * are all of them as they came, names and values in turn.
 */
export type OrcidAnswer =
  | { kind: 'answered'; status: number; body: string; headers: AnswerHeaders; rawHeaders?: string[] }
  | {
      kind: 'torn'
      reason: TornReason
      status: number | null
      body: string
      headers: AnswerHeaders
      rawHeaders?: string[]
    }
  | { kind: 'not_sent' }

export type TornReason = 'timeout' | 'cut' | 'too_large'

/** The headers that say something to us; null where they did not come. */
export type AnswerHeaders = {
  location: string | null
  retryAfter: string | null
  date: string | null
  contentType: string | null
  contentEncoding: string | null
  server: string | null
  via: string | null
}

export type SendLimits = { connectTimeoutMs: number; totalTimeoutMs: number; bodyBytesMax: number }

/**
 * The total covers everything from looking up the name to the last byte, and connecting is all until the first byte may
 * leave: the proxy and TLS as well. An answer of the token endpoint has about two kilobytes.
 */
const SEND_LIMITS: SendLimits = { connectTimeoutMs: 3_000, totalTimeoutMs: 10_000, bodyBytesMax: 256 * 1024 }

/** What is told of every request on the channel `concord:orcid`: to which path, how it ended, and how long that took. */
export type OrcidTiming = { path: string; end: OrcidAnswer['kind']; seconds: number }

const timings = channel('concord:orcid')

type Progress = {
  mayHaveLeft: boolean
  isOverdue: boolean
  status: number | null
  headers: AnswerHeaders
  rawHeaders: string[]
  chunks: Buffer[]
}

/** Connections that are through, of which some will carry a further request. */
const established = new WeakSet<object>()

/**
 * Sends one request to ORCID, once, and never throws. No redirect is followed and nothing is repeated, because ORCID
 * revokes every token of a code that is presented twice.
 *
 * This is node:http rather than fetch: fetch repeats a request by itself when the answer is 421, and cannot tell a
 * connection that was never established in time from an answer that never came.
 */
export async function sendToOrcid(request: OrcidRequest, limits: Partial<SendLimits> = {}): Promise<OrcidAnswer> {
  const startedAt = performance.now()
  const answer = await send(request, limits)
  const seconds = (performance.now() - startedAt) / 1_000
  timings.publish({ path: pathOf(request.url), end: answer.kind, seconds } satisfies OrcidTiming)
  return answer
}

/**
 * A path without whose it is and without numbers, so that there are as many as there are kinds of requests. An address
 * that is none has been answered as one that cannot be reached.
 */
function pathOf(url: string): string {
  if (!URL.canParse(url)) return ''
  return new URL(url).pathname
    .replace(/\/\d{4}-\d{4}-\d{4}-\d{3}[\dX](?=\/|$)/g, '/{orcid}')
    .replace(/\/\d+(,\d+)*(?=\/|$)/g, '/{put-code}')
}

async function send(request: OrcidRequest, limits: Partial<SendLimits>): Promise<OrcidAnswer> {
  const allLimits = { ...SEND_LIMITS, ...limits }
  const progress: Progress = {
    mayHaveLeft: false,
    isOverdue: false,
    status: null,
    headers: readHeaders({}),
    rawHeaders: [],
    chunks: [],
  }
  const end = await transmit(request, progress, allLimits).catch(() => 'cut' as const)
  const body = new TextDecoder().decode(Buffer.concat(progress.chunks))
  // Also where a proxy refused to connect us: what it then says as if it were ORCID is not ORCID's answer.
  if (!progress.mayHaveLeft) return { kind: 'not_sent' }
  if (end === 'complete' && progress.status !== null) {
    const { status, headers, rawHeaders } = progress
    return { kind: 'answered', status, body, headers, rawHeaders }
  }
  return {
    kind: 'torn',
    reason: end === 'too_large' ? end : progress.isOverdue ? 'timeout' : 'cut',
    status: progress.status,
    body,
    headers: progress.headers,
    rawHeaders: progress.rawHeaders,
  }
}

function readHeaders(headers: http.IncomingHttpHeaders): AnswerHeaders {
  return {
    location: headers.location ?? null,
    retryAfter: headers['retry-after'] ?? null,
    date: headers.date ?? null,
    contentType: headers['content-type'] ?? null,
    contentEncoding: headers['content-encoding'] ?? null,
    // Node's types allow a list here, though its parser joins repeated values.
    server: headers.server === undefined ? null : String(headers.server),
    via: headers.via ?? null,
  }
}

/** Resolves when the answer has ended or is too long, and rejects when it breaks off; `progress` tells what came. */
function transmit(
  request: OrcidRequest,
  progress: Progress,
  { connectTimeoutMs, totalTimeoutMs, bodyBytesMax }: SendLimits,
): Promise<'complete' | 'too_large'> {
  return new Promise((resolve, reject) => {
    const outgoing = open(request)
    // No signal: Node hands it on to the connection, which a later request may be using when it fires.
    const giveUp = () => {
      progress.isOverdue = true
      outgoing.destroy()
      // A request that has no connection yet, as while a proxy says nothing, does not tell that it is over.
      reject()
    }
    const connecting = setTimeout(giveUp, connectTimeoutMs)
    const overall = setTimeout(giveUp, totalTimeoutMs)
    outgoing.on('error', reject)
    outgoing.on('close', () => {
      clearTimeout(connecting)
      clearTimeout(overall)
      reject()
    })
    outgoing.on('socket', (socket) => {
      const proceed = () => {
        clearTimeout(connecting)
        established.add(socket)
        progress.mayHaveLeft = true
      }
      // Node holds the request back until the connection, TLS included, is established.
      if (established.has(socket)) proceed()
      else socket.once('encrypted' in socket ? 'secureConnect' : 'connect', proceed)
    })
    outgoing.on('response', (response) => {
      progress.status = response.statusCode ?? null
      progress.headers = readHeaders(response.headers)
      progress.rawHeaders = response.rawHeaders
      let room = bodyBytesMax
      // Listening to `data` keeps every byte that arrived; an async iterator drops what it has buffered when the
      // connection breaks.
      response.on('data', (chunk: Buffer) => {
        progress.chunks.push(chunk.subarray(0, room))
        if (chunk.length > room) {
          resolve('too_large')
          outgoing.destroy()
        }
        room = Math.max(0, room - chunk.length)
      })
      response.on('end', () => resolve('complete'))
      response.on('error', reject)
    })
    outgoing.end(request.body ?? undefined)
  })
}

/** The headers that a request is sent with, but those that Node adds. */
export function requestHeaders({ bearer, body }: OrcidRequest): Record<string, string> {
  return {
    accept: 'application/json',
    // A compressed answer that is cut cannot be read up to the cut.
    'accept-encoding': 'identity',
    'user-agent': 'concord',
    ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
    ...(body === null
      ? {}
      : {
          'content-type': bearer === undefined ? 'application/x-www-form-urlencoded' : 'application/json',
          'content-length': String(Buffer.byteLength(body)),
        }),
  }
}

function open(request: OrcidRequest): http.ClientRequest {
  const url = new URL(request.url)
  const headers = requestHeaders(request)
  const isShared = request.method === 'GET' && request.bearer !== undefined
  const agent = agentFor({ url, proxy: request.proxy ?? null, isShared })
  const options = { method: request.method, headers, agent }
  return url.protocol === 'https:' ? https.request(url, options) : http.request(url, options)
}
