import { randomBytes } from 'node:crypto'
import { connect as connectTo, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { portalEnv, portalUrl } from '@/scripts/portal'
import { freePort } from '@/scripts/ports'
import { type RunningProcess, startProcess } from '@/scripts/processes'
import { commandArgs } from '@/tests/support/command'
import { createTestDatabase, type TestDatabase } from '@/tests/support/database'
import { errorResponse, startFalseDatabase } from '@/tests/support/false-database'
import { until } from '@/tests/support/journey'
import { testSecrets } from '@/tests/support/portal'
import { startTestRegistry, type TestRegistry } from '@/tests/support/registry'

let database: TestDatabase
let registry: TestRegistry

beforeAll(async () => {
  database = await createTestDatabase()
  registry = await startTestRegistry()
})

afterAll(async () => {
  await registry.close()
  await database.drop()
})

const settings = async (databaseUrl: string, env: Record<string, string> = {}) => ({
  ...portalEnv({ databaseUrl, port: await freePort(), registry, secrets: testSecrets, env }),
  NODE_ENV: 'production',
})

/** `npm start`, as far as the built server goes; nobody waits until it is ready. */
async function start(databaseUrl: string, env?: Record<string, string>) {
  const configuration: Record<string, string> = await settings(databaseUrl, env)
  const portal = startProcess({ name: 'start', args: ['.next/standalone/server.js'], env: configuration })
  const url = portalUrl(Number(configuration.PORT))
  return { portal, url, said: () => portal.lines.filter((line) => /database|Concord cannot/.test(line)) }
}

async function examine(databaseUrl: string) {
  const doctor = startProcess({ name: 'doctor', args: commandArgs('scripts/doctor'), env: await settings(databaseUrl) })
  const ended = await doctor.ended
  return { ended, output: doctor.lines.join('\n') }
}

/** Lines of a stack trace, in a log's JSON as well. */
const traces = ({ lines }: Pick<RunningProcess, 'lines'>) =>
  lines.filter((line) => /^\s+at |\\n\s+at |Error:/.test(line))
const messageOf = (line: string) => String((JSON.parse(line) as { msg: string }).msg)

const startsWith = (bytes: Buffer | string) => (client: Socket) => void client.once('data', () => client.write(bytes))
const signedIn = Buffer.from('520000000800000000', 'hex')
const strangers: [string, (client: Socket) => void][] = [
  ['nothing at all', () => undefined],
  ['the end of the connection', (client) => client.destroy()],
  ['the end after the first question', (client) => client.once('data', () => client.destroy())],
  ['HTTP', startsWith('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n')],
  ['SSH, before it is asked', (client) => client.write('SSH-2.0-OpenSSH_9.2\r\n')],
  ['noise', startsWith(randomBytes(4_000))],
  ['a way to sign in that nobody knows', startsWith(Buffer.from('5200000008000000ff', 'hex'))],
  ['noise after signing in', startsWith(Buffer.concat([signedIn, randomBytes(4_000)]))],
  [
    'rows that nobody asked for',
    startsWith(Buffer.concat([signedIn, Buffer.from('440000000600005a0000000549', 'hex')])),
  ],
  ['a refusal with a code that is new', startsWith(errorResponse('XX999', 'the moon is full'))],
  ['a length beyond all bounds', startsWith(Buffer.from('527fffffff00000000', 'hex'))],
]

describe('the doctor ends with its table, and start says why in one sentence, where PostgreSQL’s place is taken by', () => {
  test.concurrent.each(strangers)('%s', async (_, how) => {
    const stranger = await startFalseDatabase(how)
    const { portal, said } = await start(stranger.url)
    const { ended, output } = await examine(stranger.url)
    expect([ended, output]).toEqual(['exit code 1', expect.stringMatching(/^ {2}wrong {2}database .{20}/m)])
    expect(output).toMatch(/\d wrong, \d in doubt, \d good$/)
    expect(traces({ lines: output.split('\n') })).toEqual([])
    await until('it has said why', async () => said().length > 0, 30_000)
    await sleep(5_000)
    await portal.stop()
    expect(said(), portal.lines.join('\n')).toHaveLength(1)
    expect(traces(portal)).toEqual([])
    expect(portal.lines.join()).not.toContain('geheim')
    await stranger.close()
  })
})

test('start and ready write one line for each change: away, away for another reason, available', async () => {
  const port = await freePort()
  const direct = new URL(database.portalUrl)
  const { portal, url, said } = await start(Object.assign(new URL(direct), { hostname: '127.0.0.1', port }).href)
  const away = () => said().map(messageOf)
  const ready = async () => (await fetch(`${url}/api/health/ready`).catch(() => null))?.status
  await until('it serves', async () => (await ready()) === 503, 30_000)
  for (let times = 0; times < 5; times++) {
    expect(await ready()).toBe(503)
    await sleep(1_000)
  }
  expect(away()).toEqual([expect.stringMatching(/^database unavailable, retrying: nothing answers .* ECONNREFUSED/)])

  const relay = await startFalseDatabase(startsWith(errorResponse('57P03', 'the database system is starting up')), port)
  await until('it says so', async () => away().length > 1, 30_000)
  for (let times = 0; times < 4; times++) {
    expect(await ready()).toBe(503)
    await sleep(1_000)
  }
  expect(away().slice(1)).toEqual([expect.stringMatching(/^database unavailable.* starting up/)])

  relay.answer((client) => {
    const server = connectTo(Number(direct.port), '127.0.0.1').on('error', () => undefined)
    client.pipe(server).pipe(client)
    client.on('error', () => server.destroy()).on('close', () => server.destroy())
  })
  await until('it is ready', async () => (await ready()) === 200, 30_000)
  await sleep(3_000)
  expect(away().slice(2)).toEqual(['database available'])
  expect(traces(portal)).toEqual([])
  await portal.stop()
  await relay.close()
})

test('an address of the worker that cannot be used is told by its name, and ends the start', async () => {
  const refused = Object.assign(new URL(database.portalUrl), { password: 'falsch' }).href
  const { portal } = await start(database.portalUrl, { WORKER_DATABASE_URL: refused })
  expect(await portal.ended).toBe('exit code 1')
  expect(portal.lines.join('\n')).toMatch(
    /Concord cannot start: .*correct user and password.* \(WORKER_DATABASE_URL\)\./,
  )
  expect(portal.lines.join()).not.toContain('falsch')
})
