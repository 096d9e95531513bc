import { once } from 'node:events'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { makeSelfSigned } from '@/tests/support/self-signed'

export type Received = {
  id: string
  type: string
  person?: string
  position?: number
  item?: string
  replaced_by?: string
}

type Answer = (response: import('node:http').ServerResponse, request: import('node:http').IncomingMessage) => void

/** A receiver over https that believes only what the Standard Webhooks library verifies with its secret. */
export async function startReceiver({ key, cert } = makeSelfSigned()) {
  const received: Received[] = []
  const refused: string[] = []
  const bodies: string[] = []
  const state = { secret: '', answer: null as Answer | null }
  const server = https.createServer({ key, cert }, async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    bodies.push(body)
    if (state.answer) return state.answer(response, request)
    try {
      const headers = request.headers as Record<string, string>
      const { type, data } = new Webhook(state.secret).verify(body, headers) as { type: string; data: object }
      received.push({ id: headers['webhook-id'] ?? '', type, ...data })
      response.writeHead(204).end()
    } catch (error) {
      refused.push(`${error}`)
      response.writeHead(401).end()
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `https://localhost:${port}/events`,
    port,
    cert,
    received,
    refused,
    bodies,
    state,
    close: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

export type Receiver = Awaited<ReturnType<typeof startReceiver>>
