import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import http from 'node:http'
import net, { type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { type ApiRequest, callApi } from './api'

const token = '67884cd3-f4ca-4195-9d38-b9d5ccc16d5f'
const orcid = '0000-0002-1825-0097'
const get: ApiRequest = { method: 'GET', path: `/${orcid}/record`, token }
const help = 'https://members.orcid.org/api/resources/troubleshooting'

const servers: net.Server[] = []
const sockets = new Set<Socket>()

afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))))
})

async function listen(server: net.Server): Promise<string> {
  servers.push(server)
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/v3.0`
}

type Seen = { method?: string; url?: string; headers: http.IncomingHttpHeaders; body: string; port?: number }

const json = { 'content-type': 'application/json;charset=UTF-8' }

/** An API that answers everything alike, and remembers what it was asked. */
async function serve(status: number, body: string, headers: Record<string, string> = json) {
  const seen: Seen[] = []
  const url = await listen(
    http.createServer((incoming, outgoing) => {
      let sent = ''
      incoming.on('data', (part) => (sent += part))
      incoming.on('end', () => {
        const { method, url, headers: asked, socket } = incoming
        seen.push({ method, url, headers: asked, body: sent, port: socket.remotePort })
        outgoing.writeHead(status, headers).end(body)
      })
    }),
  )
  return { url, seen }
}

const errorOf = (status: number, code: number, text: string) =>
  JSON.stringify({
    'response-code': status,
    'developer-message': text,
    'user-message': 'The client application is not authorized.',
    'error-code': code,
    'more-info': help,
  })

test('a request is JSON with the token in its header, and asks for JSON', async () => {
  const { url, seen } = await serve(201, '', { location: `https://api.orcid.org/v3.0/${orcid}/employment/1234` })
  const body = { 'role-title': 'Läkare' }
  const answer = await callApi({ url }, { method: 'POST', path: `/${orcid}/employment`, token, body })
  expect(answer).toMatchObject({
    outcome: { kind: 'ok', status: 201, body: null, location: `https://api.orcid.org/v3.0/${orcid}/employment/1234` },
    status: 201,
  })
  expect(answer.latencyMs).toBeGreaterThanOrEqual(0)
  expect(seen).toHaveLength(1)
  expect(seen[0]).toMatchObject({ method: 'POST', url: `/v3.0/${orcid}/employment`, body: JSON.stringify(body) })
  expect(seen[0]?.headers).toMatchObject({
    accept: 'application/json',
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
  })
})

test('a reading request has no body, and what comes is handed on whole', async () => {
  const { url, seen } = await serve(200, JSON.stringify({ person: null, 'not-known-to-us': { value: 1 } }))
  expect((await callApi({ url }, get)).outcome).toEqual({
    kind: 'ok',
    status: 200,
    body: { person: null, 'not-known-to-us': { value: 1 } },
    location: null,
  })
  expect(seen[0]?.headers).not.toHaveProperty('content-type')
  expect(seen[0]?.headers).not.toHaveProperty('transfer-encoding')
})

test('only reading shares connections: whatever changes something has one of its own', async () => {
  const { url, seen } = await serve(200, '{}')
  for (const method of ['GET', 'GET', 'POST', 'PUT', 'DELETE'] as const) {
    await callApi({ url }, { ...get, method, ...(method === 'POST' || method === 'PUT' ? { body: {} } : {}) })
  }
  const ports = seen.map(({ port }) => port)
  expect(ports[1]).toBe(ports[0])
  expect(new Set(ports).size).toBe(4)
  expect(seen.slice(2).map(({ headers }) => headers.connection)).toEqual(['close', 'close', 'close'])
})

test('each foreign answer is reported, and none of ORCID’s', async () => {
  const told: unknown[] = []
  const listen = (message: unknown) => void told.push(message)
  subscribe('concord:foreign', listen)
  const { url } = await serve(403, `<title>Blocked: ${token}</title>`, { 'content-type': 'text/html', via: '1.1 gate' })
  await callApi({ url }, get)
  const { url: own } = await serve(404, errorOf(404, 9016, 'x'))
  await callApi({ url: own }, get)
  unsubscribe('concord:foreign', listen)
  expect(told).toEqual([
    { endpoint: 'api', status: 403, contentType: 'text/html', server: '1.1 gate', title: 'Blocked: […]' },
  ])
})

test('no redirect is followed', async () => {
  const { url, seen } = await serve(301, '', { location: `/v3.0/${orcid}/record` })
  expect((await callApi({ url }, get)).outcome).toMatchObject({ kind: 'unavailable', reason: 'foreign' })
  expect(seen).toHaveLength(1)
})

test('an answer that never comes may have arrived, and one whose connection was refused has not', async () => {
  const url = await listen(net.createServer())
  expect(await callApi({ url }, { ...get, method: 'POST', body: {} }, { totalTimeoutMs: 150 })).toMatchObject({
    outcome: { kind: 'unavailable', reason: 'timeout', mayHaveArrived: true },
    status: null,
  })
  expect((await callApi({ url: 'http://127.0.0.1:1/v3.0' }, get)).outcome).toEqual({
    kind: 'unavailable',
    reason: 'not_sent',
    mayHaveArrived: false,
  })
})

test('an answer that is cut decides nothing, whatever had arrived of it', async () => {
  const body = JSON.stringify({ error: 'invalid_token', error_description: `Invalid access token: ${token}` })
  const head = `HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`
  const whole = Buffer.from(head + body)
  let length = 0
  const url = await listen(
    net.createServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () => socket.write(whole.subarray(0, length), () => socket.destroy()))
    }),
  )
  for (; length < whole.length; length += 7) {
    expect((await callApi({ url }, get)).outcome, `after ${length} bytes`).toEqual({
      kind: 'unavailable',
      reason: 'cut',
      mayHaveArrived: true,
    })
  }
  length = whole.length
  expect((await callApi({ url }, get)).outcome).toEqual({ kind: 'invalid_token' })
})

test('a connection that the server has closed meanwhile costs a reading request nothing but another try', async () => {
  let answered = 0
  const url = await listen(
    net.createServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () => {
        answered++
        socket.write(
          'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\n{}',
        )
        socket.once('data', () => socket.destroy())
      })
    }),
  )
  expect((await callApi({ url }, get)).outcome).toMatchObject({ kind: 'ok' })
  expect((await callApi({ url }, get)).outcome).toEqual({ kind: 'unavailable', reason: 'cut', mayHaveArrived: true })
  expect((await callApi({ url }, get)).outcome).toMatchObject({ kind: 'ok' })
  expect(answered).toBe(2)
})

test('what is told of a call for the metrics does not say whose record it was', async () => {
  const { url } = await serve(200, '{}')
  const told: string[] = []
  const listen = (message: unknown) => void told.push((message as { path: string }).path)
  subscribe('concord:orcid', listen)
  await callApi({ url }, { ...get, path: `/${orcid}/works/12,345` })
  await callApi({ url }, { ...get, path: `/${orcid}` })
  await callApi({ url }, { ...get, path: '/0000-0002-9079-593X/employment/7' })
  unsubscribe('concord:orcid', listen)
  expect(told).toEqual(['/v3.0/{orcid}/works/{put-code}', '/v3.0/{orcid}', '/v3.0/{orcid}/employment/{put-code}'])
})
