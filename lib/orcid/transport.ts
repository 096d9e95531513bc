import { channel } from 'node:diagnostics_channel'
import http from 'node:http'
import https from 'node:https'
import { agentFor } from './connection'

/** Plain data, so that tests can check a request without sending it. */
export type OrcidRequest = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  url: string
  /** A form, or JSON if `bearer` is set. */
  body: string | null
  bearer?: string
  /** JSON if not given. */
  accept?: string
  /** The HTTP proxy for https. */
  proxy?: string | null
}

/** `torn`: partial `body`, null `status` without headers. `not_sent`: no byte left. `rawHeaders`: name, value, … */
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

// The total timeout runs from the DNS lookup to the last byte. The connect timeout ends when TLS is up, proxy included.
// A token response has about 2 KB.
const SEND_LIMITS: SendLimits = { connectTimeoutMs: 3_000, totalTimeoutMs: 10_000, bodyBytesMax: 256 * 1024 }

/** Published on the channel `concord:orcid` for every request. */
export type OrcidTiming = { path: string; end: OrcidAnswer['kind']; seconds: number }

const timings = channel('concord:orcid')

type Progress = {
  mayHaveLeft: boolean
  timedOut: boolean
  status: number | null
  headers: AnswerHeaders
  rawHeaders: string[]
  chunks: Buffer[]
}

const established = new WeakSet<object>()

/**
 * Never throws, follows redirects or retries: ORCID revokes all tokens of a code that it sees twice. Do not use fetch:
 * it retries after 421 and cannot tell a failed connection from a lost answer.
 */
export async function sendToOrcid(request: OrcidRequest, limits: Partial<SendLimits> = {}): Promise<OrcidAnswer> {
  const startedAt = performance.now()
  const answer = await send(request, limits)
  const seconds = (performance.now() - startedAt) / 1_000
  timings.publish({ path: pathOf(request.url), end: answer.kind, seconds } satisfies OrcidTiming)
  return answer
}

/** Replaces iDs and put-codes in the path to bound the number of metrics labels. */
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
    timedOut: false,
    status: null,
    headers: readHeaders({}),
    rawHeaders: [],
    chunks: [],
  }
  const end = await transmit(request, progress, allLimits).catch(() => 'cut' as const)
  const body = new TextDecoder().decode(Buffer.concat(progress.chunks))
  // This includes a proxy that refused CONNECT. Its answer is not ORCID's.
  if (!progress.mayHaveLeft) return { kind: 'not_sent' }
  if (end === 'complete' && progress.status !== null) {
    const { status, headers, rawHeaders } = progress
    return { kind: 'answered', status, body, headers, rawHeaders }
  }
  return {
    kind: 'torn',
    reason: end === 'too_large' ? end : progress.timedOut ? 'timeout' : 'cut',
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
    // Node's types allow an array, but its parser joins repeated values.
    server: headers.server === undefined ? null : String(headers.server),
    via: headers.via ?? null,
  }
}

/** Rejects when the answer breaks off. `progress` holds the received part. */
function transmit(
  request: OrcidRequest,
  progress: Progress,
  { connectTimeoutMs, totalTimeoutMs, bodyBytesMax }: SendLimits,
): Promise<'complete' | 'too_large'> {
  return new Promise((resolve, reject) => {
    const outgoing = open(request)
    // Do not use an AbortSignal. Node passes it to the socket, which a later request may share.
    const onTimeout = () => {
      progress.timedOut = true
      outgoing.destroy()
      // A request without a connection, such as behind a silent proxy, emits no event.
      reject()
    }
    const connecting = setTimeout(onTimeout, connectTimeoutMs)
    const overall = setTimeout(onTimeout, totalTimeoutMs)
    outgoing.on('error', reject)
    outgoing.on('close', () => {
      clearTimeout(connecting)
      clearTimeout(overall)
      reject()
    })
    outgoing.on('socket', (socket) => {
      const onConnected = () => {
        clearTimeout(connecting)
        established.add(socket)
        progress.mayHaveLeft = true
      }
      // Node sends nothing before the connection, TLS included, is established.
      if (established.has(socket)) onConnected()
      else socket.once('encrypted' in socket ? 'secureConnect' : 'connect', onConnected)
    })
    outgoing.on('response', (response) => {
      progress.status = response.statusCode ?? null
      progress.headers = readHeaders(response.headers)
      progress.rawHeaders = response.rawHeaders
      let bytesLeft = bodyBytesMax
      // `data` events keep every received byte. An async iterator drops its buffer when the connection breaks.
      response.on('data', (chunk: Buffer) => {
        progress.chunks.push(chunk.subarray(0, bytesLeft))
        if (chunk.length > bytesLeft) {
          resolve('too_large')
          outgoing.destroy()
        }
        bytesLeft = Math.max(0, bytesLeft - chunk.length)
      })
      response.on('end', () => resolve('complete'))
      response.on('error', reject)
    })
    outgoing.end(request.body ?? undefined)
  })
}

/** Node adds further headers of its own. */
export function requestHeaders({ bearer, body, accept = 'application/json' }: OrcidRequest): Record<string, string> {
  return {
    accept,
    // A truncated compressed answer would be unreadable.
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
