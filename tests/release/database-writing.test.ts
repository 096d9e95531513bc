import { spawnSync } from 'node:child_process'
import { chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { migrateFor } from '@/scripts/migrations'
import { onDatabase } from '@/scripts/on-database'
import { portalEnv } from '@/scripts/portal'
import { type EmbeddedPostgres, startPostgres } from '@/scripts/postgres'
import { databaseUser, sharedTemporaryDirectory } from '@/scripts/postgres-system'
import { startProcess } from '@/scripts/processes'
import { commandArgs } from '@/tests/support/command'
import { connect, goToOrcid, until } from '@/tests/support/journey'
import { startPortal, type TestPortal, testSecrets } from '@/tests/support/portal'
import { startTestRegistry, type TestRegistry } from '@/tests/support/registry'
import { startTcpProxy, type TcpProxy } from '@/tests/support/tcp-proxy'
import { Visitor } from '@/tests/support/visitor'

const admin = '0000-0099-5475-2774'
const travelling = '0000-0099-9458-0735'
const withinMs = 5_000
const password = 'of-tests-only'

let directory: string
let small: string
let isSmall: boolean
let server: EmbeddedPostgres
let registry: TestRegistry
let proxy: TcpProxy
let portal: TestPortal
let staff: Visitor

const asOwner = <T>(work: (client: pg.Client) => Promise<T>, at = server) => onDatabase(at.url, work)
const say = (...statements: string[]) =>
  asOwner(async (client) => {
    await client.query('set default_transaction_read_only = off')
    for (const statement of statements) await client.query(statement)
  })
const role = async (at: EmbeddedPostgres) => {
  const url = Object.assign(new URL(at.urlOf('concord')), { username: 'concord_portal', password })
  return Object.assign(url, { port: String(proxy.port) }).toString()
}
const ready = async () => {
  const answer = await fetch(`${portal.url}/api/health/ready`)
  return { status: answer.status, reason: ((await answer.json()) as { reason?: string }).reason }
}
const pathOf = (location: string | null) => new URL(location ?? '', portal.url).pathname
const askedForTokens = async () => (await registry.state()).tokenRequests.length
const linesOf = (message: string) => portal.logs.filter((line) => line.includes(`"msg":"${message}`))

beforeAll(async () => {
  directory = mkdtempSync(join(sharedTemporaryDirectory(), 'concord-writing-'))
  spawnSync('chmod', ['711', directory])
  small = join(directory, 'small')
  mkdirSync(small)
  const user = databaseUser()
  // A disk that can be filled; only root may mount one.
  isSmall = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=160m', 'tmpfs', small]).status === 0
  const tablespace = join(small, 'tablespace')
  mkdirSync(tablespace, { mode: 0o700 })
  if (user) chownSync(tablespace, user.uid, user.gid)
  if (user) spawnSync('chmod', ['711', small])
  server = await startPostgres({ directory: join(directory, 'primary'), durable: false })
  proxy = await startTcpProxy(server.port)
  await say(`create role concord_portal login password '${password}'`)
  await say(`create tablespace small location '${tablespace}'`, 'create database concord tablespace small')
  await migrateFor(server.urlOf('concord'), 'concord_portal')
  await say('create database kept template concord')
  registry = await startTestRegistry()
  portal = await startPortal({ databaseUrl: await role(server), registry, env: { STAFF_ADMINS: admin } })
  staff = (await connect({ portal, registry }, { orcid: admin })).visitor
}, 180_000)

afterAll(async () => {
  await portal?.stop()
  await registry?.close()
  await proxy?.close()
  await server?.stop()
  if (isSmall) spawnSync('umount', [small])
  rmSync(directory, { recursive: true, force: true })
})

const endSessions = `select pg_terminate_backend(pid) from pg_stat_activity where datname = 'concord' and usename = 'concord_portal'`

type Case = { reason: string; doctor: RegExp; strike: () => Promise<void>; mend: () => Promise<void> }
const cases: Record<string, Case> = {
  'is read-only by its configuration': {
    reason: 'database_read_only',
    doctor: /^wrong +writing .*read-only/,
    strike: () => say('alter system set default_transaction_read_only = on', 'select pg_reload_conf()'),
    mend: () => say('alter system reset default_transaction_read_only', 'select pg_reload_conf()'),
  },
  'is read-only for new sessions': {
    reason: 'database_read_only',
    doctor: /^wrong +writing .*read-only/,
    strike: () => say('alter database concord set default_transaction_read_only = on', endSessions),
    mend: () => say('alter database concord reset default_transaction_read_only'),
  },
  'has another password': {
    reason: 'database_login_refused',
    doctor: /^wrong +database .*password authentication failed/,
    strike: () => say(`alter role concord_portal password 'another'`, endSessions),
    mend: () => say(`alter role concord_portal password '${password}'`),
  },
  'does not let the role connect': {
    reason: 'database_connect_denied',
    doctor: /^wrong +database .*permission denied for database/,
    strike: () => say('revoke connect on database concord from public, concord_portal', endSessions),
    mend: () => say('grant connect on database concord to concord_portal'),
  },
  'has a full disk': {
    reason: 'database_full',
    doctor: /^wrong +writing .*disk/,
    strike: async () => {
      const ballast = [`of=${join(small, 'ballast')}`, 'if=/dev/zero', 'bs=4k', 'count=100000']
      // Again and again: a sort that was running when the disk became full gives its space back.
      for (let round = 0; round < 15; round++) {
        spawnSync('dd', [...ballast, 'oflag=append', 'conv=notrunc'])
        await sleep(100)
      }
    },
    mend: async () => rmSync(join(small, 'ballast'), { force: true }),
  },
}

/** Runs `npm run doctor`. */
async function examine(): Promise<string[]> {
  const settings = { databaseUrl: await role(server), port: portal.port, registry, secrets: testSecrets }
  const doctor = startProcess({ name: 'doctor', args: commandArgs('scripts/doctor'), env: portalEnv(settings) })
  await doctor.ended
  return doctor.lines.map((line) => line.trim())
}

describe('a database that', () => {
  test.each(Object.entries(cases))(
    '%s is reported within seconds, sends nobody to ORCID, and is used again without a restart',
    async (title, { reason, doctor, strike, mend }) => {
      if (title === 'has a full disk' && !isSmall) return
      const visitor = new Visitor()
      const callback = await goToOrcid({ portal, registry }, visitor, { orcid: travelling })
      const before = {
        asked: await askedForTokens(),
        bad: linesOf('not ready').length,
        good: linesOf('ready again').length,
      }
      onTestFinished(mend)
      await strike()
      await until(`it is ${reason}`, async () => (await ready()).reason === reason, withinMs)
      expect((await ready()).status).toBe(503)
      const start = await new Visitor().post(`${portal.url}/connect/start`)
      expect([start.status, pathOf(start.location)]).toEqual([303, '/connect/unavailable'])
      const back = await visitor.clone().get(callback)
      expect([back.status, await askedForTokens()]).toEqual([503, before.asked])
      expect((await new Visitor().get(`${portal.url}/`)).status).toBe(200)
      const list = await staff.get(`${portal.url}/staff/researchers`)
      if (['database_read_only', 'database_full'].includes(reason)) expect(list.status).toBe(200)
      else expect([list.status, pathOf(list.location)]).toEqual([307, '/connect/unavailable'])
      expect(await examine()).toContainEqual(expect.stringMatching(doctor))
      await sleep(3_000)
      await mend()
      await until('it is ready', async () => (await ready()).status === 200, withinMs)
      await until(
        'somebody can start',
        async () =>
          pathOf((await new Visitor().post(`${portal.url}/connect/start`)).location) !== '/connect/unavailable',
        15_000,
      )
      const completed = await visitor.get(callback)
      expect(pathOf(completed.location)).toMatch(/^\/connect\/(connected|already-connected)$/)
      const bad = linesOf('not ready').slice(before.bad)
      expect(bad.map((line) => JSON.parse(line).reason)).toEqual([reason])
      expect(linesOf('ready again').length - before.good).toBe(1)
    },
  )

  test('lets commits wait for a standby that is gone is not ready as soon as its heartbeat is late', async () => {
    await say(
      'alter role concord_portal in database concord set synchronous_commit = on',
      `alter system set synchronous_standby_names = 'nobody'`,
      'select pg_reload_conf()',
      endSessions,
    )
    await until('it is not ready', async () => (await ready()).reason === 'database_not_writing', 70_000)
    const start = await new Visitor().post(`${portal.url}/connect/start`)
    expect([start.status, pathOf(start.location)]).toEqual([303, '/connect/unavailable'])
    // Commits that wait hold connections for some seconds.
    const read = async () => (await staff.get(`${portal.url}/staff/researchers`)).status === 200
    await until('the list can be read', read)
    await say('alter system reset synchronous_standby_names', 'select pg_reload_conf()')
    await until('it is ready', async () => (await ready()).status === 200, withinMs)
    await connect({ portal, registry }, { orcid: travelling })
  })

  test('is dropped is reported within seconds, and the one that is put in its place is used without a restart', async () => {
    await say('drop database concord with (force)')
    await until('it is missing', async () => (await ready()).reason === 'database_missing', withinMs)
    const start = await new Visitor().post(`${portal.url}/connect/start`)
    expect([start.status, pathOf(start.location)]).toEqual([303, '/connect/unavailable'])
    expect(pathOf((await staff.get(`${portal.url}/staff`)).location)).toBe('/connect/unavailable')
    expect((await examine()).join('\n')).toMatch(/^wrong +database .*"concord" does not exist/m)
    await say('create database concord template kept tablespace small')
    await until('it is ready', async () => (await ready()).status === 200, withinMs)
    const { answer } = await connect({ portal, registry }, { orcid: travelling })
    expect(pathOf(answer.location)).toBe('/connect/connected')
  })
})
