import { channel } from 'node:diagnostics_channel'
import http from 'node:http'
import https from 'node:https'

/** A request as data, so that what is sent can be tested without sending it. The body is form-encoded. */
export type OrcidRequest = { method: 'GET' | 'POST'; url: string; body: string | null }

/**
 * What became of a request: an answer read to its end; one that broke off (`status` is null when not even the headers
 * came; `body` is what had arrived); or nothing, with certainty that not one byte of the request has left.
 */
export type OrcidAnswer =
  | { kind: 'answered'; status: number; body: string }
  | { kind: 'torn'; reason: TornReason; status: number | null; body: string }
  | { kind: 'not_sent' }

export type TornReason = 'timeout' | 'cut' | 'too_large'

export type SendLimits = { totalTimeoutMs: number; bodyBytesMax: number }

/** The time covers everything from looking up the name to the last byte; a real answer has about two kilobytes. */
export const SEND_LIMITS: SendLimits = { totalTimeoutMs: 10_000, bodyBytesMax: 256 * 1024 }

/** What is told of every request on the channel `concord:orcid`: to which path, how it ended, and how long that took. */
export type OrcidTiming = { path: string; end: OrcidAnswer['kind']; seconds: number }

const timings = channel('concord:orcid')

type Progress = { mayHaveLeft: boolean; status: number | null; chunks: Buffer[] }

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

/** An address that is none has been answered as one that cannot be reached. */
const pathOf = (url: string) => (URL.canParse(url) ? new URL(url).pathname : '')

async function send(request: OrcidRequest, limits: Partial<SendLimits>): Promise<OrcidAnswer> {
  const { totalTimeoutMs, bodyBytesMax } = { ...SEND_LIMITS, ...limits }
  const signal = AbortSignal.timeout(totalTimeoutMs)
  const progress: Progress = { mayHaveLeft: false, status: null, chunks: [] }
  const end = await transmit(request, progress, bodyBytesMax, signal).catch(() => 'cut' as const)
  const body = new TextDecoder().decode(Buffer.concat(progress.chunks))
  if (!progress.mayHaveLeft) return { kind: 'not_sent' }
  if (end === 'complete' && progress.status !== null) return { kind: 'answered', status: progress.status, body }
  return {
    kind: 'torn',
    reason: end === 'too_large' ? end : signal.aborted ? 'timeout' : 'cut',
    status: progress.status,
    body,
  }
}

/** Resolves when the answer has ended or is too long, and rejects when it breaks off; `progress` tells what came. */
function transmit(
  request: OrcidRequest,
  progress: Progress,
  bodyBytesMax: number,
  signal: AbortSignal,
): Promise<'complete' | 'too_large'> {
  return new Promise((resolve, reject) => {
    const outgoing = open(request, signal)
    outgoing.on('error', reject)
    outgoing.on('close', reject)
    outgoing.on('socket', (socket) => {
      // Node holds the request back until the connection, TLS included, is established.
      socket.once('encrypted' in socket ? 'secureConnect' : 'connect', () => {
        progress.mayHaveLeft = true
      })
    })
    outgoing.on('response', (response) => {
      progress.status = response.statusCode ?? null
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

function open(request: OrcidRequest, signal: AbortSignal): http.ClientRequest {
  const url = new URL(request.url)
  const headers: http.OutgoingHttpHeaders = {
    accept: 'application/json',
    // A compressed answer that is cut cannot be read up to the cut.
    'accept-encoding': 'identity',
    'user-agent': 'concord',
  }
  if (request.body !== null) {
    headers['content-type'] = 'application/x-www-form-urlencoded'
    headers['content-length'] = Buffer.byteLength(request.body)
  }
  // Without an agent every request has a connection of its own. One that was kept open might be closed by ORCID just as
  // we write to it, and then nobody knows whether the code was used.
  const options = { method: request.method, headers, signal, agent: false }
  return url.protocol === 'https:' ? https.request(url, options) : http.request(url, options)
}
