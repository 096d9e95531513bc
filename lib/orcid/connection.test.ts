import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type ConnectProxy, startConnectProxy } from '../../tests/support/connect-proxy'
import { makeSelfSigned } from '../../tests/support/self-signed'
import { callApi } from './api'

const token = '67884cd3-f4ca-4195-9d38-b9d5ccc16d5f'
const get = { method: 'GET', path: '/0000-0002-1825-0097/record', token } as const
const directory = mkdtempSync(join(tmpdir(), 'concord-tls-'))
const certificate = join(directory, 'certificate.pem')

let server: https.Server
let proxy: ConnectProxy
let asked: string[] = []
let port = 0

const inAnotherProcess = 30_000

beforeAll(async () => {
  const { key, cert } = makeSelfSigned()
  writeFileSync(certificate, cert)
  proxy = await startConnectProxy()
  server = https.createServer({ key, cert }, ({ method, url }, outgoing) => {
    asked.push(`${method} ${url}`)
    if (method === 'DELETE') return void outgoing.writeHead(204).end()
    if (method === 'POST') return void outgoing.writeHead(201, { location: `${url}/1` }).end()
    outgoing.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  port = (server.address() as AddressInfo).port
})

beforeEach(() => {
  asked = []
  proxy.ways.length = 0
})

afterAll(async () => {
  server.closeAllConnections()
  await Promise.all([proxy.close(), new Promise((done) => server.close(done))])
  rmSync(directory, { recursive: true, force: true })
})

/** Runs the calls in a child process, because Node reads its trusted certificates at startup. Returns the outcomes. */
async function callElsewhere(calls: { proxy: string | null; method: string }[], env: Record<string, string> = {}) {
  const script = `
    import { callApi } from './lib/orcid/api.ts'
    const outcomes = []
    for (const { proxy, method } of ${JSON.stringify(calls)}) {
      const api = { url: 'https://127.0.0.1:${port}/v3.0', proxy }
      const request = { ...${JSON.stringify(get)}, method, ...(method === 'POST' ? { body: {} } : {}) }
      outcomes.push((await callApi(api, request, { connectTimeoutMs: 2_000 })).outcome)
    }
    console.log(JSON.stringify(outcomes))`
  const args = ['--import', 'tsx', '--input-type=module', '--eval', script]
  const options = {
    cwd: resolve(import.meta.dirname, '../..'),
    env: { ...process.env, NODE_EXTRA_CA_CERTS: certificate, ...env },
  }
  return JSON.parse((await promisify(execFile)(process.execPath, args, options)).stdout)
}

const ok = expect.objectContaining({ kind: 'ok' })
const notSent = { kind: 'unavailable', reason: 'not_sent', mayHaveArrived: false }

test(
  'https goes through the proxy: reading on one way for all, and writing on one of its own',
  async () => {
    const through = (method: string) => ({ proxy: proxy.url, method })
    expect(await callElsewhere([through('GET'), through('GET'), through('POST'), through('DELETE')])).toEqual(
      Array(4).fill(ok),
    )
    expect(asked).toHaveLength(4)
    expect(proxy.ways).toEqual(Array(3).fill(`127.0.0.1:${port}`))
  },
  inAnotherProcess,
)

test(
  'what the proxy says when it refuses is not taken for ORCID’s word',
  async () => {
    const stranger = `http://127.0.0.1:${proxy.port}`
    const calls = ['GET', 'POST'].map((method) => ({ proxy: stranger, method }))
    expect(await callElsewhere(calls)).toEqual([notSent, notSent])
    expect(asked).toEqual([])
  },
  inAnotherProcess,
)

test(
  'only the proxy that is passed in is used, whatever the environment says',
  async () => {
    const elsewhere = { HTTPS_PROXY: 'http://127.0.0.1:1', https_proxy: 'http://127.0.0.1:1' }
    expect(await callElsewhere([{ proxy: null, method: 'GET' }], elsewhere)).toEqual([ok])
    expect(proxy.ways).toEqual([])
  },
  inAnotherProcess,
)

test('a server whose certificate nobody vouches for is told nothing', async () => {
  const url = `https://127.0.0.1:${port}/v3.0`
  expect((await callApi({ url }, get)).outcome).toEqual(notSent)
  expect((await callApi({ url, proxy: proxy.url }, get)).outcome).toEqual(notSent)
  expect(asked).toEqual([])
})

test('a proxy that says nothing is given up soon, and nothing has left', async () => {
  proxy.fallSilent()
  const startedAt = performance.now()
  const answer = await callApi({ url: `https://127.0.0.1:${port}/v3.0`, proxy: proxy.url }, get, {
    connectTimeoutMs: 150,
  })
  expect(answer.outcome).toEqual(notSent)
  expect(performance.now() - startedAt).toBeLessThan(8_000)
})
