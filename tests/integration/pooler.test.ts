import { connect as connectTo, createServer, type Server } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '@/scripts/ports'
import { createTestDatabase, type TestDatabase } from '@/tests/support/database'
import { connect } from '@/tests/support/journey'
import { startPortal, type TestPortal } from '@/tests/support/portal'
import { startTestRegistry, type TestRegistry } from '@/tests/support/registry'

const grace = '0000-0099-5475-2774'

/** What a pooler in transaction mode would see: parameters at the start, names of statements, and texts. */
const seen = { parameters: new Set<string>(), names: new Set<string>(), texts: [] as string[] }

let database: TestDatabase
let registry: TestRegistry
let portal: TestPortal
let relay: Server

beforeAll(async () => {
  database = await createTestDatabase()
  registry = await startTestRegistry()
  const port = await freePort()
  relay = startRelay(port, Number(new URL(database.url).port))
  const url = Object.assign(new URL(database.portalUrl), { hostname: '127.0.0.1', port: String(port) }).href
  portal = await startPortal({ databaseUrl: url, registry, env: { STAFF_ADMINS: grace, WORKER: 'none' } })
})

afterAll(async () => {
  await portal.stop()
  relay.close()
  await registry.close()
  await database.drop()
})

/** Passes everything on, and takes it apart by https://www.postgresql.org/docs/current/protocol-message-formats.html */
function startRelay(port: number, target: number): Server {
  const server = createServer((client) => {
    const upstream = connectTo({ port: target, host: '127.0.0.1' })
    let unread = Buffer.alloc(0)
    let hasStarted = false
    client.on('data', (bytes) => {
      unread = Buffer.concat([unread, bytes])
      for (;;) {
        const head = hasStarted ? 1 : 0
        if (unread.length < head + 4) break
        const end = head + unread.readInt32BE(head)
        if (unread.length < end) break
        const body = unread.subarray(head + 4, end).toString('latin1')
        if (hasStarted) note(String.fromCharCode(unread[0] ?? 0), body)
        else noteStart(body.slice(4))
        hasStarted = true
        unread = unread.subarray(end)
      }
    })
    client.pipe(upstream).pipe(client)
    for (const socket of [client, upstream]) socket.on('error', () => undefined)
  })
  return server.listen(port, '127.0.0.1')
}

function noteStart(body: string): void {
  const parts = body.split('\0')
  for (let at = 0; parts[at]; at += 2) seen.parameters.add(parts[at] ?? '')
}

function note(kind: string, body: string): void {
  const [first = '', second = ''] = body.split('\0')
  if (kind === 'P') seen.names.add(first)
  if (kind === 'P') seen.texts.push(second.trim())
  if (kind === 'Q') seen.texts.push(...first.split(';').map((text) => text.trim()))
}

test('a portal keeps nothing in a session of the database, so that it can share sessions', async () => {
  const { visitor } = await connect({ portal, registry }, { orcid: grace })
  await connect({ portal, registry }, { orcid: grace }, visitor)
  expect((await visitor.get(`${portal.url}/staff/researchers?q=grace`)).status).toBe(200)
  expect((await visitor.get(`${portal.url}/staff/researchers/export?format=csv`)).body).toContain(grace)
  expect((await visitor.get(`${portal.url}/me`)).status).toBe(200)
  // PgBouncer follows the last two itself.
  expect([...seen.parameters].sort()).toEqual(['application_name', 'client_encoding', 'database', 'user'])
  expect([...seen.names]).toEqual([''])
  expect(seen.texts.length).toBeGreaterThan(40)
  const lasting =
    /^(set (?!local|transaction)|listen|prepare|declare|create temp|select pg_advisory_lock)|set_config\([^)]*false\)/i
  expect(seen.texts.filter((text) => lasting.test(text))).toEqual([])
})
