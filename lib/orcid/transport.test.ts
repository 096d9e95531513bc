import { once } from 'node:events'
import net, { type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { clientCredentials, exchangeCode, revokeToken } from './oauth'
import { sendToOrcid } from './transport'

const accessToken = '67884cd3-f4ca-4195-9d38-b9d5ccc16d5f'
const tokenBody = JSON.stringify({
  access_token: accessToken,
  token_type: 'bearer',
  refresh_token: '4470d1ff-c817-45c1-86d1-b9062669c7cb',
  expires_in: 631138518,
  scope: '/read-limited openid',
  name: 'Zoë Ångström',
  orcid: '0000-0002-1825-0097',
})
const grant = { code: 'AbC123', redirectUri: 'https://portal.example.org/cb' }
const soon = { totalTimeoutMs: 150 }

const servers: net.Server[] = []
const sockets: Socket[] = []

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))))
})

/** A server that hands every complete request to `reply`, and remembers them. Raw, so that it can stop at any byte. */
async function serve(reply: (socket: Socket) => void) {
  const requests: string[] = []
  const server = net.createServer((socket) => {
    let received = ''
    sockets.push(socket)
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      received += chunk.toString()
      const [head = '', body] = received.split('\r\n\r\n')
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
      if (body === undefined || body.length < length) return
      requests.push(received)
      received = ''
      reply(socket)
    })
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const client = { issuer: `http://127.0.0.1:${port}`, clientId: 'APP-1', clientSecret: 'a-client-secret' }
  return { client, requests }
}

const json = 'Content-Type: application/json;charset=UTF-8\r\n'

function answerOf(status: string, body: string, headers = ''): Buffer {
  const length = Buffer.byteLength(body)
  return Buffer.from(`HTTP/1.1 ${status}\r\n${json}Content-Length: ${length}\r\n${headers}\r\n${body}`)
}

function chunkedAnswerOf(body: string): Buffer {
  const half = Math.floor(body.length / 2)
  const chunks = [body.slice(0, half), body.slice(half), ''].map(
    (chunk) => `${Buffer.byteLength(chunk).toString(16)}\r\n${chunk}\r\n`,
  )
  return Buffer.from(`HTTP/1.1 200 OK\r\n${json}Transfer-Encoding: chunked\r\n\r\n${chunks.join('')}`)
}

/** How many bytes of the answer it takes until the token's closing quote has arrived. */
function tokenArrivedAt(answer: Buffer): number {
  return answer.indexOf(accessToken) + accessToken.length + 1
}

test('a token response that is cut after any byte is unknown, and its token is reported once it has arrived', async () => {
  const answer = answerOf('200 OK', tokenBody)
  let length = 0
  const { client, requests } = await serve((socket) => socket.write(answer.subarray(0, length), () => socket.destroy()))
  for (; length < answer.length; length++) {
    expect(await exchangeCode(client, grant), `cut after ${length} bytes`).toEqual({
      kind: 'unknown',
      reason: 'cut',
      accessToken: length >= tokenArrivedAt(answer) ? accessToken : null,
    })
  }
  expect((await exchangeCode(client, grant)).kind).toBe('issued')
  expect(requests).toHaveLength(answer.length + 1)
}, 30_000)

test('a token response whose length is not announced is judged by what arrived', async () => {
  const answer = Buffer.from(`HTTP/1.1 200 OK\r\n${json}\r\n${tokenBody}`)
  let length = answer.length - 1
  const open = await serve((socket) => socket.end(answer.subarray(0, length)))
  expect(await exchangeCode(open.client, grant)).toEqual({ kind: 'unknown', reason: 'malformed', accessToken })
  length = answer.length
  expect((await exchangeCode(open.client, grant)).kind).toBe('issued')
})

test('a chunked token response is issued when all of its text arrived, and unknown before', async () => {
  const [answer, complete] = [chunkedAnswerOf(tokenBody), 'orcid":"0000-0002-1825-0097"}']
  const completeAt = answer.indexOf(complete) + complete.length
  let length = 0
  const { client } = await serve((socket) => socket.write(answer.subarray(0, length), () => socket.destroy()))
  for (; length <= answer.length; length += 3) {
    const outcome = await exchangeCode(client, grant)
    const token =
      outcome.kind === 'issued' ? outcome.tokens.accessToken : outcome.kind === 'unknown' && outcome.accessToken
    expect(outcome.kind, `cut after ${length} bytes`).toBe(length >= completeAt ? 'issued' : 'unknown')
    if (length >= tokenArrivedAt(answer)) expect(token).toBe(accessToken)
  }
}, 30_000)

test('what arrived is kept when ORCID stops talking in the middle', async () => {
  const answer = answerOf('200 OK', tokenBody)
  const { client } = await serve((socket) => socket.write(answer.subarray(0, -5)))
  expect(await exchangeCode(client, grant, soon)).toEqual({ kind: 'unknown', reason: 'timeout', accessToken })
})

test('the time limit covers an answer that drips', async () => {
  const answer = answerOf('200 OK', tokenBody)
  const { client } = await serve((socket) => {
    let at = 0
    const drip = setInterval(
      () => (socket.destroyed ? clearInterval(drip) : socket.write(answer.subarray(at, ++at))),
      20,
    )
  })
  const startedAt = performance.now()
  expect(await exchangeCode(client, grant, soon)).toMatchObject({ kind: 'unknown', reason: 'timeout' })
  expect(performance.now() - startedAt).toBeLessThan(8_000)
})

test('no answer at all in time is unknown, because the code may have been used', async () => {
  const { client, requests } = await serve(() => undefined)
  expect(await exchangeCode(client, grant, soon)).toEqual({ kind: 'unknown', reason: 'timeout', accessToken: null })
  expect(await revokeToken(client, accessToken, soon)).toEqual({ kind: 'unavailable', reason: 'timeout' })
  expect(requests).toHaveLength(2)
})

test.each([
  ['a port that refuses', 'http://127.0.0.1:1'],
  ['a name that does not exist', 'http://orcid.invalid'],
  ['an address that is none', 'not an address'],
])('%s gets nothing sent', async (_, issuer) => {
  const client = { issuer, clientId: 'APP-1', clientSecret: 'a-client-secret' }
  expect(await exchangeCode(client, grant)).toEqual({ kind: 'not_sent' })
  expect(await revokeToken(client, accessToken)).toEqual({ kind: 'unavailable', reason: 'not_sent' })
})

test('a connection that is never established in time gets nothing sent', async () => {
  // The server takes the bytes of the TLS greeting and says nothing: no request can follow, as with a lost SYN.
  const silent = await serve(() => undefined)
  const issuer = silent.client.issuer.replace('http:', 'https:')
  expect(await exchangeCode({ ...silent.client, issuer }, grant, soon)).toEqual({ kind: 'not_sent' })
  expect(silent.requests).toEqual([])
})

test('no status makes the request go out twice, and no redirect is followed', async () => {
  const statuses = ['421 Misdirected', '401 Unauthorized', '408 Timeout', '503 Busy', '307 Temporary', '308 Permanent']
  for (const status of statuses) {
    const { client, requests } = await serve((socket) => socket.end(answerOf(status, '', 'Location: /elsewhere\r\n')))
    expect(await exchangeCode(client, grant)).toMatchObject({ kind: 'unknown' })
    expect(requests, status).toHaveLength(1)
  }
})

test('an HTML page with status 500 says nothing about the code', async () => {
  const { client } = await serve((socket) => socket.end(answerOf('500 Internal Server Error', '<html>oops</html>')))
  expect(await exchangeCode(client, grant)).toEqual({ kind: 'unknown', reason: 'server_error', accessToken: null })
  expect(await revokeToken(client, accessToken)).toEqual({ kind: 'unavailable', reason: 'server_error' })
})

test('a refusal counts once its last byte has arrived, and is unknown before', async () => {
  const answer = answerOf('400 Bad Request', JSON.stringify({ error: 'invalid_grant' }))
  let length = answer.length - 1
  const { client } = await serve((socket) => socket.write(answer.subarray(0, length), () => socket.destroy()))
  expect(await exchangeCode(client, grant)).toEqual({ kind: 'unknown', reason: 'cut', accessToken: null })
  length = answer.length
  expect(await exchangeCode(client, grant)).toEqual({ kind: 'refused', status: 400, error: 'invalid_grant' })
})

test('a success of revoking that is cut is asked for again', async () => {
  const { client } = await serve((socket) =>
    socket.write(answerOf('200 OK', 'ok').subarray(0, -1), () => socket.destroy()),
  )
  expect(await revokeToken(client, accessToken)).toEqual({ kind: 'unavailable', reason: 'cut' })
})

test('an answer without end is read up to the bound only', async () => {
  const { client } = await serve((socket) => socket.end(answerOf('200 OK', tokenBody.padEnd(5_000))))
  const url = `${client.issuer}/oauth/token`
  const answer = await sendToOrcid({ method: 'POST', url, body: 'a=1' }, { bodyBytesMax: 100 })
  expect(answer).toMatchObject({ kind: 'torn', reason: 'too_large', status: 200, body: tokenBody.slice(0, 100) })
  const outcome = await exchangeCode(client, grant, { bodyBytesMax: 100 })
  expect(outcome).toEqual({ kind: 'unknown', reason: 'malformed', accessToken })
  expect(await exchangeCode(client, grant, { bodyBytesMax: 5_010 })).toMatchObject({ kind: 'issued' })
})

test('the request is one plain form on a connection of its own', async () => {
  const { client, requests } = await serve((socket) => socket.end(answerOf('200 OK', tokenBody)))
  await exchangeCode(client, grant)
  const [head = '', body = ''] = (requests[0] ?? '').split('\r\n\r\n')
  expect(head).toMatch(/^POST \/oauth\/token HTTP\/1\.1\r\n/)
  expect(head).toMatch(/^accept: application\/json$/im)
  expect(head).toMatch(/^content-type: application\/x-www-form-urlencoded$/im)
  expect(head).toMatch(new RegExp(`^content-length: ${body.length}$`, 'im'))
  expect(head).toMatch(/^connection: close$/im)
  expect(head).toMatch(/^accept-encoding: identity$/im)
  expect(head).not.toMatch(/^(authorization|transfer-encoding|expect):/im)
  expect(body).toBe(
    'client_id=APP-1&client_secret=a-client-secret&grant_type=authorization_code&code=AbC123' +
      '&redirect_uri=https%3A%2F%2Fportal.example.org%2Fcb',
  )
})

test.each([{ orcid: null }, { orcid: undefined, refresh_token: undefined }])(
  'a token of our own is issued although it is nobody’s: %j',
  async (changes) => {
    const body = { ...JSON.parse(tokenBody), name: undefined, scope: '/read-public', ...changes }
    const { client, requests } = await serve((socket) => socket.end(answerOf('200 OK', JSON.stringify(body))))
    expect(await clientCredentials(client, ['/read-public'])).toEqual({
      kind: 'issued',
      tokens: { accessToken, scopes: ['/read-public'], expiresInS: 631138518 },
    })
    expect(requests[0]).toContain('grant_type=client_credentials&scope=%2Fread-public')
  },
)
