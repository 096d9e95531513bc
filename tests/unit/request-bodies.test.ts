import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { root } from '@/scripts/processes'
import { writeToSocket } from '@/tests/support/raw-socket'

/** As Next.js makes its server, but impatient; it says how many bytes it was given. */
const source = `
  import http from 'node:http'
  const server = http.createServer({ requestTimeout: 500, connectionsCheckingInterval: 50 }, async (request, response) => {
    let bytes = 0
    for await (const part of request) bytes += part.length
    response.end('given ' + bytes)
  })
  server.listen(0, '127.0.0.1', () => console.log(server.address().port))`

const server = spawn(process.execPath, [
  ...['--import', join(root, 'scripts', 'request-headers.mjs'), '--input-type=module', '--eval', source],
])
let url: string
beforeAll(async () => {
  const [port] = await once(server.stdout, 'data')
  url = `http://127.0.0.1:${String(port).trim()}`
})
afterAll(() => server.kill())

const head = 'POST /connect/start HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n'

test('a body that never ends is answered with 408 where its length was announced, and with 413 where it was not', async () => {
  const announced = await writeToSocket(url, `${head}Content-Length: 300\r\n\r\nabc`)
  expect([announced.status, announced.body]).toEqual([408, ''])
  const chunked = await writeToSocket(url, `${head}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n`)
  expect([chunked.status, chunked.body]).toEqual([413, expect.stringContaining('<h1>')])
  for (const { headers } of [announced, chunked]) expect(headers.get('x-content-type-options')).toBe('nosniff')
})

test('a body is passed on when it is whole, up to the limit', async () => {
  for (const bytes of [0, 1, 65_536]) {
    const answer = await writeToSocket(url, `${head}Content-Length: ${bytes}\r\n\r\n${'x'.repeat(bytes)}`)
    expect([answer.status, answer.body.includes(`given ${bytes}`)]).toEqual([200, true])
  }
  expect((await writeToSocket(url, `${head}Content-Length: 65537\r\n\r\n`)).status).toBe(413)
})
