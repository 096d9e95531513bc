// Loaded before the server of Next.js, which leaves Node's limit of 16 KiB for the head of a request: the cookies that a
// campus sets for all of its hosts can be more than that.
import { readdirSync, readFileSync } from 'node:fs'
import http from 'node:http'
import { join, resolve } from 'node:path'

const headBytesMax = 64 * 1024
const lingerMs = 1_000
const createServer = http.createServer

http.createServer = (...args) => {
  const [options, listener] = typeof args[0] === 'function' ? [{}, args[0]] : args
  return createServer({ maxHeaderSize: headBytesMax, ...options }, listener).on('clientError', answerUnreadable)
}

const statuses = { HPE_HEADER_OVERFLOW: 431, HPE_CHUNK_EXTENSIONS_OVERFLOW: 413, ERR_HTTP_REQUEST_TIMEOUT: 408 }

/** As Node does it (`socketOnError` in lib/_http_server.js), but with words where cookies are the likely reason. */
function answerUnreadable(error, socket) {
  if (!socket.writable || socket._httpMessage?.headersSent) return socket.destroy(error)
  const status = statuses[error.code] ?? 400
  const body = status === 431 ? tooLargePage() : ''
  // What is still coming is read and thrown away: closing on it would reset the connection before the answer arrives.
  socket.removeAllListeners('data').resume()
  setTimeout(() => socket.destroy(), lingerMs).unref()
  socket.end(`${headOf(status, body)}${body}`)
}

const headOf = (status, body) =>
  [
    `HTTP/1.1 ${status} ${http.STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: text/html; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'X-Content-Type-Options: nosniff',
    'X-Frame-Options: DENY',
    'Referrer-Policy: no-referrer',
    '',
    '',
  ].join('\r\n')

/** In every language that there is: which one the person reads stands in headers that were not read. */
function tooLargePage() {
  const folder = resolve(import.meta.dirname, '..', 'messages')
  const sections = readdirSync(folder).map((name) => {
    const { title, next } = JSON.parse(readFileSync(join(folder, name), 'utf8')).plain.headersTooLarge
    return `<section lang="${name.replace('.json', '')}"><h1>${title}</h1><p>${next}</p></section>`
  })
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>431</title>
<style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem}h1{font-size:1.5rem}</style>
</head><body><main>${sections.join('')}</main></body></html>`
}
