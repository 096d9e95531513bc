import { createServer, type IncomingMessage, request } from 'node:http'
import { buffer } from 'node:stream/consumers'

type Reply = { status: number; text: string; headers?: Record<string, string> }
type Rule = Reply & {
  /** Whether the request reaches the server behind all the same. */
  letThrough: boolean
}

export type Gateway = {
  /** An origin, `http://127.0.0.1:<port>`. */
  url: string
  /** Answers every request to this path by itself, until `open`. */
  answer(path: string, rule: Rule): void
  /** Passes everything on again. */
  open(): void
  close(): Promise<void>
}

/** What a filtering proxy answers that inspects TLS. */
export const blockPage = (status: number): Reply => ({
  status,
  text: '<html><head><title>Access blocked</title></head><body>Category: unknown</body></html>',
  headers: { 'content-type': 'text/html; charset=utf-8', server: 'Gate' },
})

/** Stands in front of an HTTP server on this machine, and can answer in its name, after or instead of passing on. */
export async function startGateway(targetPort: number): Promise<Gateway> {
  const rules = new Map<string, Rule>()
  const server = createServer(async (incoming, outgoing) => {
    const rule = rules.get(new URL(incoming.url ?? '', 'http://gateway').pathname)
    const body = await buffer(incoming)
    const answer = !rule || rule.letThrough ? await pass(targetPort, incoming, body) : null
    if (rule) return void outgoing.writeHead(rule.status, rule.headers).end(rule.text)
    if (!answer) return void outgoing.destroy()
    outgoing.writeHead(answer.response.statusCode ?? 502, answer.response.rawHeaders).end(answer.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('The gateway has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    answer: (path, rule) => void rules.set(path, rule),
    open: () => rules.clear(),
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

async function pass(port: number, { method, url, headers }: IncomingMessage, body: Buffer) {
  const outgoing = request({ host: '127.0.0.1', port, method, path: url, headers })
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.on('response', resolve)
    outgoing.on('error', reject)
    outgoing.end(body)
  }).catch(() => null)
  return response && { response, body: await buffer(response) }
}
