import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { migrateFor } from '@/scripts/migrations'
import { onDatabase } from '@/scripts/on-database'
import { portalEnv } from '@/scripts/portal'
import { type EmbeddedPostgres, startPostgres } from '@/scripts/postgres'
import { sharedTemporaryDirectory } from '@/scripts/postgres-system'
import { startProcess } from '@/scripts/processes'
import { commandArgs } from '@/tests/support/command'
import { connect, goToOrcid, until } from '@/tests/support/journey'
import { startPortal, type TestPortal, testSecrets } from '@/tests/support/portal'
import { startTestRegistry, type TestRegistry } from '@/tests/support/registry'
import { hasCaughtUp, startStandby } from '@/tests/support/standby'
import { startTcpProxy, type TcpProxy } from '@/tests/support/tcp-proxy'
import { Visitor } from '@/tests/support/visitor'

const admin = '0000-0099-5475-2774'
const travelling = '0000-0099-9458-0735'
const password = 'of-tests-only'

let directory: string
let primary: EmbeddedPostgres
let standby: Awaited<ReturnType<typeof startStandby>>
let registry: TestRegistry
/** The address that moves with the primary. */
let address: TcpProxy
let portal: TestPortal
let staff: Visitor

const pathOf = (location: string | null) => new URL(location ?? '', portal.url).pathname
const databaseUrl = () => `postgresql://concord_portal:${password}@127.0.0.1:${address.port}/concord`
const ready = async () =>
  (await (await fetch(`${portal.url}/api/health/ready`)).json()) as { status: string; reason?: string }
const start = async () => pathOf((await new Visitor().post(`${portal.url}/connect/start`)).location)
const sessionsAt = (server: EmbeddedPostgres) =>
  onDatabase(server.url, async (client) => {
    const sql = `select pid, query from pg_stat_activity where usename = 'concord_portal'`
    return (await client.query(sql)).rows
  })

beforeAll(async () => {
  directory = mkdtempSync(join(sharedTemporaryDirectory(), 'concord-demoted-'))
  const places = { primary: join(directory, 'primary'), standby: join(directory, 'standby') }
  for (const place of Object.values(places)) mkdirSync(place)
  spawnSync('chmod', ['711', directory, ...Object.values(places)])
  primary = await startPostgres({ directory: places.primary, durable: false })
  await onDatabase(primary.url, (client) => client.query(`create role concord_portal login password '${password}'`))
  await onDatabase(primary.url, (client) => client.query('create database concord'))
  await migrateFor(primary.urlOf('concord'), 'concord_portal')
  standby = await startStandby(primary, places.primary, places.standby)
  address = await startTcpProxy(primary.port)
  registry = await startTestRegistry()
  portal = await startPortal({ databaseUrl: databaseUrl(), registry, env: { STAFF_ADMINS: admin } })
  staff = (await connect({ portal, registry }, { orcid: admin })).visitor
}, 180_000)

afterAll(async () => {
  await portal?.stop()
  await registry?.close()
  await address?.close()
  await standby?.server.stop()
  await primary?.stop()
  rmSync(directory, { recursive: true, force: true })
})

describe('a portal', () => {
  test('that is led to a standby says so within seconds, sends nobody to ORCID, and shows what it has', async () => {
    const visitor = new Visitor()
    const callback = await goToOrcid({ portal, registry }, visitor, { orcid: travelling })
    await until('the standby has it all', () => hasCaughtUp(primary, standby.server))
    const asked = (await registry.state()).tokenRequests.length
    address.turnTo(standby.server.port)
    address.down()
    address.up()
    await until('it says so', async () => (await ready()).reason === 'database_standby', 5_000)
    expect(await start()).toBe('/connect/unavailable')
    expect((await visitor.clone().get(callback)).status).toBe(503)
    expect((await registry.state()).tokenRequests.length).toBe(asked)
    for (const path of ['/staff', '/staff/researchers', '/me']) {
      expect((await staff.get(`${portal.url}${path}`)).status, path).toBe(200)
    }
    const settings = { databaseUrl: databaseUrl(), port: portal.port, registry, secrets: testSecrets }
    const doctor = startProcess({ name: 'doctor', args: commandArgs('scripts/doctor'), env: portalEnv(settings) })
    expect(await doctor.ended).toBe('exit code 1')
    expect(doctor.lines.join('\n')).toMatch(/^ *wrong +writing +the server is a standby/m)
    address.turnTo(primary.port)
    await until('it is ready', async () => (await ready()).status === 'ready', 5_000)
    await until('somebody can start', async () => (await start()) !== '/connect/unavailable', 15_000)
    expect(pathOf((await visitor.get(callback)).location)).toBe('/connect/connected')
    await until('the standby is left', async () => (await sessionsAt(standby.server)).length === 0, 45_000)
  })

  test('whose primary was demoted follows the address to the new one, although its connections were not cut', async () => {
    await until('the standby has it all', () => hasCaughtUp(primary, standby.server))
    await onDatabase(primary.url, async (client) => {
      await client.query('alter system set default_transaction_read_only = on')
      await client.query('select pg_reload_conf()')
    })
    await standby.promote()
    address.turnTo(standby.server.port)
    const statuses: number[] = []
    await until(
      'somebody can start',
      async () => {
        statuses.push((await staff.get(`${portal.url}/staff/researchers`)).status)
        return (await start()) !== '/connect/unavailable'
      },
      15_000,
    )
    await until('nobody is at the former primary', async () => (await sessionsAt(primary)).length === 0, 45_000)
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect(await ready()).toEqual({ status: 'ready' })
    const lines = portal.logs.filter((line) => line.includes('"msg":"not ready'))
    expect(lines.map((line) => JSON.parse(line).reason)).toEqual(['database_standby'])
    const { visitor } = await connect({ portal, registry }, { orcid: '0000-0002-1825-0097' })
    await visitor.post(`${portal.url}/me/withdrawal`)
    const live = async () => (await registry.state()).tokens.filter((t) => t.live && t.orcid === '0000-0002-1825-0097')
    await until('a job has revoked the token', async () => (await live()).length === 0)
  })
})
