// Next.js takes the part of a body that has arrived for the whole, and waits for one that never ends. So it gets a
// request when the body is complete.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

const lingerMs = 1_000
const limitsFile = resolve(import.meta.dirname, '..', 'lib', 'http', 'body-limits.json')
const { formBytesMax, api, uploads } = JSON.parse(readFileSync(limitsFile, 'utf8'))

/** As `lib/api/problem.ts` has it. */
const apiProblem = {
  type: '/developers#body-too-large',
  title: 'The body is larger than 256 kB.',
  status: 413,
  code: 'body_too_large',
}

/** Calls `handle` when the whole body is in memory: never for one that breaks off or is too large. */
export function receiveBody(request, response, handle, tooLargePage) {
  const upload = uploads[request.url.split('?')[0]]
  const isApi = request.url.startsWith(api.path)
  const bytesMax = isApi ? api.bytesMax : (upload?.bytesMax ?? formBytesMax)
  const refuse = () => {
    request.push = () => true
    if (isApi) response.writeHead(413, { 'Content-Type': 'application/problem+json' }).end(JSON.stringify(apiProblem))
    else if (upload) response.writeHead(303, { Location: upload.tooLarge }).end()
    else response.writeHead(413, { 'Content-Type': 'text/html; charset=utf-8' }).end(tooLargePage())
    // Closing at once would reset the connection before the answer arrives.
    setTimeout(() => request.complete || request.socket.destroy(), lingerMs).unref()
  }
  if (Number(request.headers['content-length'] ?? 0) > bytesMax) return refuse()
  const { push } = request
  let bytes = 0
  const isChunked = request.headers['transfer-encoding'] !== undefined
  // A chunked body says nothing of its length: one that goes on for a quarter of the usual time is too large.
  const late = isChunked ? setTimeout(refuse, request.socket.server.requestTimeout / 4) : undefined
  request.once('close', () => clearTimeout(late))
  request.push = (part) => {
    bytes += part?.length ?? 0
    if (bytes > bytesMax) {
      clearTimeout(late)
      refuse()
    } else push.call(request, part)
    if (part === null) {
      clearTimeout(late)
      request.push = push
      handle()
    }
    // Nobody reads yet, so a full buffer must not stop the connection.
    return true
  }
}
