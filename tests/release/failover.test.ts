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
const lost = '0000-0099-9458-0735'
const kept = '0000-0002-1825-0097'
const password = 'of-tests-only'
const metricsToken = Buffer.from('what the monitor says at the door').toString('base64url')

let directory: string
let primary: EmbeddedPostgres
let standby: Awaited<ReturnType<typeof startStandby>>
let registry: TestRegistry
/** The address that moves with the primary. */
let address: TcpProxy
let portal: TestPortal
let staff: Visitor
let before: { lostAt: Date; cutAt: Date }

const rowsAt = (server: EmbeddedPostgres, sql: string) =>
  onDatabase(server.urlOf('concord'), async (client) => (await client.query(sql)).rows)
const rows = (sql: string) => rowsAt(standby.server, sql)
const pathOf = (location: string | null) => new URL(location ?? '', portal.url).pathname
const databaseUrl = () => `postgresql://concord_portal:${password}@127.0.0.1:${address.port}/concord`
const failovers = () => rows('select * from failover')
const readMetric = async (name: string) => {
  const headers = { authorization: `Bearer ${metricsToken}` }
  const text = await (await fetch(`${portal.url}/metrics`, { headers })).text()
  return new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1]
}
const examine = async () => {
  const settings = { databaseUrl: databaseUrl(), port: portal.port, registry, secrets: testSecrets }
  const doctor = startProcess({ name: 'doctor', args: commandArgs('scripts/doctor'), env: portalEnv(settings) })
  await doctor.ended
  return doctor.lines.map((line) => line.trim()).find((line) => line.slice(7).startsWith('failover '))
}

beforeAll(async () => {
  directory = mkdtempSync(join(sharedTemporaryDirectory(), 'concord-failover-'))
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
  const env = { STAFF_ADMINS: admin, METRICS_TOKEN: metricsToken }
  portal = await startPortal({ databaseUrl: databaseUrl(), registry, env })
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

describe('a standby that lacks the last seconds', () => {
  test('is no alert while the primary works, and the timeline is remembered', async () => {
    await until('the standby has it all', () => hasCaughtUp(primary, standby.server))
    await until(
      'it is remembered',
      async () => (await rowsAt(primary, 'select timeline from installation'))[0]?.timeline === 1,
    )
    expect(await rowsAt(primary, 'select 1 from failover')).toEqual([])
    expect((await examine())?.slice(0, 4)).toBe('good')
    await until('the standby has it all', () => hasCaughtUp(primary, standby.server))
  })

  test('becomes the primary: the portal raises the alert with the interval, without a restart', async () => {
    await standby.cut()
    before = { cutAt: new Date(), lostAt: new Date() }
    expect(pathOf((await connect({ portal, registry }, { orcid: lost })).answer.location)).toBe('/connect/connected')
    before.lostAt = new Date()
    await primary.kill()
    address.down()
    address.turnTo(standby.server.port)
    await standby.promote()
    address.up()
    const promotedAt = new Date()
    const [failover] = await until('the portal notices', async () => {
      const found = await failovers()
      return found.length > 0 && found
    })
    expect(failover).toMatchObject({ timeline: 2, acknowledged_at: null })
    expect(failover?.missing_from.getTime()).toBeLessThanOrEqual(before.cutAt.getTime())
    expect(failover?.missing_from.getTime()).toBeGreaterThan(before.cutAt.getTime() - 60_000)
    expect(failover?.found_at.getTime()).toBeGreaterThan(before.lostAt.getTime())
    expect(failover?.found_at.getTime() - promotedAt.getTime()).toBeLessThan(20_000)
    expect(await rows(`select 1 from researcher where orcid = '${lost}'`)).toEqual([])
    expect(await rows(`select action, actor_kind::text from audit_event where action like 'failover.%'`)).toEqual([
      { action: 'failover.found', actor_kind: 'system' },
    ])
    // The same database: nothing is held.
    expect(await rows('select 1 from restore')).toEqual([])
  })

  test('lets people connect again, those whose connection is missing among them', async () => {
    expect((await fetch(`${portal.url}/api/health/ready`)).status).toBe(200)
    const again = await connect({ portal, registry }, { orcid: lost })
    expect(pathOf(again.answer.location)).toBe('/connect/connected')
    const fresh = await goToOrcid({ portal, registry }, new Visitor(), { orcid: kept }).catch(String)
    expect(fresh).toContain('/api/auth/callback/orcid')
  })

  test('is on the overview, in the metrics and with the doctor, until an administrator has followed it up', async () => {
    const page = await staff.get(`${portal.url}/staff`)
    expect(page.body).toContain('A standby database took over')
    expect(await readMetric('concord_failovers_open')).toBe('1')
    expect(await examine()).toMatch(
      /^doubt +failover +a standby took over: what was committed from \S+Z until \S+Z may/,
    )
    const [failover] = await failovers()
    const done = await staff.post(`${portal.url}/staff/failovers/acknowledge`, [['failover', failover?.id]])
    expect(pathOf(done.location)).toBe('/staff')
    expect((await staff.get(`${portal.url}/staff`)).body).not.toContain('A standby database took over')
    expect(await readMetric('concord_failovers_open')).toBe('0')
    expect(await examine()).toMatch(/^good +failover/)
    expect(await rows(`select actor_kind::text from audit_event where action = 'failover.acknowledged'`)).toEqual([
      { actor_kind: 'staff' },
    ])
  })

  test('is not noticed where the role may not read the timeline, and the doctor says so', async () => {
    await rows('revoke execute on function pg_current_wal_lsn() from public')
    expect(await examine()).toMatch(/^note +failover +the server's timeline cannot be read by this role/)
    await rows('grant execute on function pg_current_wal_lsn() to public')
  })
})
