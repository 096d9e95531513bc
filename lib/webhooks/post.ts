import https from 'node:https'
import { isIP } from 'node:net'
import { HttpsProxyAgent } from 'https-proxy-agent'
import { findAddress, type Guard } from '@/lib/webhooks/address-guard'

const answerBytesMax = 65_536

export type PostOptions = Guard & {
  proxy?: string | null
  timeoutMs?: number
  /** Besides the authorities that Node trusts; for tests. */
  ca?: string
}

/** `answer` is a status or one of our words. */
export type PostOutcome = { isDelivered: boolean; answer: string }

/**
 * Posts to a receiver: https only, to an address that the guard allows, without following redirects. The time limit is
 * for everything together. Of the answer only the status counts; at most 64 kB of the rest are read.
 */
export async function postEvent(
  url: string,
  { body, headers }: { body: string; headers: Record<string, string> },
  { proxy = null, timeoutMs = 10_000, ca, ...guard }: PostOptions,
): Promise<PostOutcome> {
  const until = Date.now() + timeoutMs
  const target = URL.canParse(url) ? new URL(url) : null
  if (target?.protocol !== 'https:') return failed('not_https')
  const address = await withLimit(findAddress(target.hostname, guard), timeoutMs).catch((error) =>
    error === late ? late : unknown,
  )
  if (address === late) return failed('timeout')
  if (address === unknown) return failed('unknown_host')
  if (typeof address !== 'string') return failed('private_address')
  return new Promise((resolve) => {
    const request = https.request({
      host: address,
      port: target.port || 443,
      path: target.pathname + target.search,
      method: 'POST',
      // The certificate is for the name, not for the address.
      servername: isIP(target.hostname) ? '' : target.hostname,
      agent: proxy ? new HttpsProxyAgent(proxy) : false,
      ca,
      maxHeaderSize: 16_384,
      headers: {
        ...headers,
        Host: target.host,
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(body),
        'User-Agent': 'Concord-Webhooks/1',
        Connection: 'close',
      },
    })
    const end = (outcome: PostOutcome) => {
      clearTimeout(timer)
      resolve(outcome)
      request.destroy()
    }
    const timer = setTimeout(() => end(failed('timeout')), Math.max(0, until - Date.now()))
    request.on('error', (error: NodeJS.ErrnoException) => end(failed(toWord(error))))
    request.on('response', (response) => {
      const status = response.statusCode ?? 0
      const outcome = { isDelivered: status >= 200 && status < 300, answer: `${status}` }
      let bytes = 0
      response.on('data', (part: Buffer) => {
        bytes += part.length
        if (bytes > answerBytesMax) end(outcome)
      })
      for (const event of ['end', 'error', 'close']) response.on(event, () => end(outcome))
    })
    request.end(body)
  })
}

const late = Symbol('late')
const unknown = Symbol('unknown')

const failed = (answer: string): PostOutcome => ({ isDelivered: false, answer })

/** Rejects with `late`. */
function withLimit<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late), ms)
  })
  return Promise.race([work, limit]).finally(() => clearTimeout(timer))
}

function toWord({ code = '' }: NodeJS.ErrnoException): string {
  if (code === 'ECONNREFUSED') return 'refused'
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'closed'
  return /CERT|SELF_SIGNED|TLS|SSL|ALTNAME|EPROTO/.test(code) ? 'certificate' : 'unreachable'
}
