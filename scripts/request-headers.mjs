// Loaded before the server of Next.js, for what Next.js does not do. It leaves Node's limit of 16 KiB for the head of a
// request, and the cookies that a campus sets for all of its hosts can be more than that. It answers some requests before
// `proxy.ts` sees them, without our headers. And it does not wait for the end of a body.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import http from 'node:http'
import { join, resolve } from 'node:path'
import { receiveBody } from './request-bodies.mjs'

const headBytesMax = 64 * 1024
/** `proxy.ts` refuses half of it, with a sentence. */
const addressCharsMax = 16_000
/** Our largest, of the list with all of its filters, has fewer than a hundred. */
const parametersMax = 200
const requestTimeout = 120_000
/** Longer than balancers keep an idle connection, 60 s: else they send on one that Node.js is just closing, and fail. */
const keepAliveTimeout = 75_000
const lingerMs = 1_000
const createServer = http.createServer

http.createServer = (...args) => {
  const [options, listener] = typeof args[0] === 'function' ? [{}, args[0]] : args
  const own = { maxHeaderSize: headBytesMax, requestTimeout, keepAliveTimeout, ServerResponse: ProtectedResponse }
  return closeWhenDrained(
    createServer({ ...own, ...options }, listener && ((request, response) => receive(request, response, listener)))
      .on('clientError', answerUnreadable)
      .on('connect', (_request, socket) => answerRaw(socket, 405))
      // Next.js listens for these too, and then Node.js answers nothing to those who only offer HTTP/2.
      .once('listening', function () {
        this.removeAllListeners('upgrade')
      }),
  )
}

/** When a portal that was told to end closes (`lib/process/closing.ts`). */
const closesAt = () => globalThis.concordInstitution?.closesAt

/** Next.js closes the server as soon as SIGTERM comes. */
function closeWhenDrained(server) {
  const close = server.close.bind(server)
  server.close = (done) => {
    setTimeout(() => close(done), Math.max(0, (closesAt() ?? 0) - Date.now()))
    return server
  }
  return server
}

function receive(request, response, listener) {
  // A proxy that keeps connections takes a new one, to another portal.
  if (closesAt() !== undefined) response.shouldKeepAlive = false
  // Next.js cannot pass it on: `new Request` throws.
  if (request.method === 'TRACE') return response.writeHead(405, { Allow: allowed }).end()
  // Next.js takes `*` for an address and fails, and redirects `http://other.example/me/` there.
  if (!request.url.startsWith('/')) return response.writeHead(400).end()
  if (isTooLong(request.url)) return response.writeHead(414).end()
  request.headers['x-concord-proxies'] = String(countForwarded(request.headers))
  const { headers } = request
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
  if (!hasBody) return listener(request, response)
  receiveBody(
    request,
    response,
    () => listener(request, response),
    () => pageOf(413, 'tooLarge'),
  )
}

/** Next.js takes a quarter of a second for 2,600 parameters, and a second for 15,000, before `proxy.ts` sees them. */
const isTooLong = (url) => url.length > addressCharsMax || url.split('&', parametersMax + 1).length > parametersMax

/** Next.js adds the socket's address to a request without any (next/dist/server/base-server.js), so this counts before. */
const countForwarded = (headers) =>
  (headers['x-forwarded-for'] ?? headers.forwarded ?? '').split(',', 12).filter((entry) => entry.trim()).length

/** What `proxy.ts` has not seen, as redirects and refusals of Next.js itself, gets these headers. */
class ProtectedResponse extends http.ServerResponse {
  writeHead(...args) {
    if (!this.headersSent) {
      for (const [name, value] of Object.entries(protection())) if (!this.hasHeader(name)) this.setHeader(name, value)
    }
    return super.writeHead(...args)
  }
}

const headers = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
}
const strictTransport = { 'Strict-Transport-Security': 'max-age=63072000; includeSubDomains' }

let protecting

// Not before the first answer, as `scripts/start.mjs` reads .env later than this file.
function protection() {
  protecting ??= findAddress().startsWith('https:') ? { ...headers, ...strictTransport } : headers
  return protecting
}

/** The start of the portal reports an address that is missing. */
function findAddress() {
  const { NEXTAUTH_URL = '', NEXTAUTH_URL_FILE } = process.env
  return NEXTAUTH_URL_FILE && existsSync(NEXTAUTH_URL_FILE) ? readFileSync(NEXTAUTH_URL_FILE, 'utf8') : NEXTAUTH_URL
}

const allowed = 'GET, HEAD, OPTIONS, POST'
const statuses = { HPE_HEADER_OVERFLOW: 431, HPE_CHUNK_EXTENSIONS_OVERFLOW: 413, ERR_HTTP_REQUEST_TIMEOUT: 408 }

/** As Node does it (`socketOnError` in lib/_http_server.js), but with words where cookies are the likely reason. */
function answerUnreadable(error, socket) {
  if (!socket.writable || socket._httpMessage?.headersSent) return socket.destroy(error)
  const isUnknownMethod = error.code === 'HPE_INVALID_METHOD' && /^[A-Za-z-]+ \/\S* HTTP\/1/.test(error.rawPacket ?? '')
  answerRaw(socket, isUnknownMethod ? 405 : (statuses[error.code] ?? 400))
}

function answerRaw(socket, status) {
  const body = status === 431 ? pageOf(431, 'headersTooLarge') : ''
  // What is still coming is read and thrown away: closing on it would reset the connection before the answer arrives.
  socket.removeAllListeners('data').resume()
  setTimeout(() => socket.destroy(), lingerMs).unref()
  socket.end(`${headOf(status, body)}${body}`)
}

const headOf = (status, body) =>
  [
    `HTTP/1.1 ${status} ${http.STATUS_CODES[status]}`,
    ...Object.entries({
      Connection: 'close',
      ...(status === 405 ? { Allow: allowed } : {}),
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Length': Buffer.byteLength(body),
      ...protection(),
    }).map((pair) => pair.join(': ')),
    '',
    '',
  ].join('\r\n')

/** In every language that there is: which one the person reads is not known here. */
function pageOf(status, key) {
  const folder = resolve(import.meta.dirname, '..', 'messages')
  const sections = readdirSync(folder).map((name) => {
    const { title, next } = JSON.parse(readFileSync(join(folder, name), 'utf8')).plain[key]
    return `<section lang="${name.replace('.json', '')}"><h1>${title}</h1><p>${next}</p></section>`
  })
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${status}</title>
<style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem}h1{font-size:1.5rem}</style>
</head><body><main>${sections.join('')}</main></body></html>`
}
