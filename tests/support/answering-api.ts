import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'

export type Asked = { method: string; path: string; headers: IncomingHttpHeaders; body: string; at: number }
/** `body` is sent as JSON, `text` as it is; `good` is how ORCID tells the success of the method. */
export type Answer =
  | { status: number; body?: unknown; text?: string; headers?: Record<string, string> }
  | 'good'
  | 'silence'
  | 'cut'

export type AnsweringApi = {
  url: string
  asked: Asked[]
  /** How many were being answered at the same moment, at most. */
  readonly atOnceMax: number
  /** Answers to the next requests, in order; after them, and without any, `good`. */
  next(...answers: Answer[]): void
  /** What is answered when nothing else was said. */
  always(answer: Answer, afterMs?: number): void
  close(): Promise<void>
}

/** An API at the other end of the wire that answers whatever a test says, where the local registry would not. */
export async function startAnsweringApi(): Promise<AnsweringApi> {
  const asked: Asked[] = []
  const planned: Answer[] = []
  let [delayMs, atOnce, atOnceMax] = [0, 0, 0]
  let usual: Answer = 'good'
  const server = createServer((incoming, outgoing) => {
    atOnceMax = Math.max(atOnceMax, ++atOnce)
    outgoing.on('close', () => atOnce--)
    let body = ''
    incoming.on('data', (part) => (body += part))
    incoming.on('end', () => {
      const { method = '', url = '', headers } = incoming
      asked.push({ method, path: url, headers, body, at: Date.now() })
      const answer = planned.shift() ?? usual
      setTimeout(() => speak(outgoing, answer === 'good' ? succeed(method, url) : answer), delayMs)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('The server has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked,
    get atOnceMax() {
      return atOnceMax
    },
    next: (...answers) => void planned.push(...answers),
    always: (answer, afterMs = 0) => {
      planned.length = 0
      ;[usual, delayMs, atOnceMax] = [answer, afterMs, 0]
      asked.length = 0
    },
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function succeed(method: string, url: string): Exclude<Answer, 'good'> {
  if (method === 'POST') return { status: 201, headers: { location: `${url}/1` } }
  if (method === 'DELETE') return { status: 204 }
  return { status: 200, body: method === 'PUT' ? { 'put-code': url.split('/').at(-1) } : {} }
}

function speak(outgoing: ServerResponse, answer: Exclude<Answer, 'good'>): void {
  if (answer === 'silence') return
  if (answer === 'cut') return void outgoing.destroy()
  const text = answer.text ?? (answer.body === undefined ? '' : JSON.stringify(answer.body))
  outgoing.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers }).end(text)
}
