import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { closePool } from '@/lib/db'
import { prepareInstallation } from '@/lib/installation/commands'
import { detectRestore } from '@/lib/restores/commands'
import { acknowledgeFailover, detectFailover, listOpenFailovers } from '@/lib/restores/failovers'
import { makeStaffActor } from '@/tests/support/actors'
import { emptyTables, type TestDatabase } from '@/tests/support/database'
import { useOwnDatabase } from '@/tests/support/researchers'

const staff = makeStaffActor({ orcid: '0000-0099-5475-2774' })

let database: TestDatabase
let client: pg.Client

beforeAll(async () => {
  database = await useOwnDatabase()
  // There is never a file: `ledger_mark` alone says whether there should be one.
  const ledger = join(tmpdir(), `concord-no-ledger-${randomUUID()}`)
  Object.assign(process.env, { DATABASE_URL: database.portalUrl, LEDGER_FILE: ledger, LOG_LEVEL: 'silent' })
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query(`grant execute on function pg_control_system() to ${new URL(database.portalUrl).username}`)
  await prepareInstallation()
})

afterAll(async () => {
  await closePool()
  await client.end()
  await database.drop()
})

const rows = async (sql: string) => (await client.query(sql)).rows
const events = () => rows(`select action, detail from audit_event where action like 'failover.%' order by id`)
const known = async () => (await rows('select timeline from installation'))[0]?.timeline

beforeEach(async () => {
  await emptyTables(client)
  await client.query('update installation set timeline = null, location = null, ledger_mark = null')
  await detectRestore()
  await detectFailover()
})

describe('the timeline of the server', () => {
  test('is remembered when it is met first, and raises no alert while it stays', async () => {
    expect(await known()).toBe(1)
    await detectFailover()
    expect([await rows('select * from failover'), await events()]).toEqual([[], []])
  })

  test('that has grown raises one alert with the time of the last row, whoever notices, until it is acknowledged', async () => {
    const at = new Date(Date.now() - 90_000)
    await client.query('update installation set timeline = 0, worker_seen_at = $1', [at])
    await client.query('delete from replica')
    await Promise.all([detectFailover(), detectFailover(), detectFailover()])
    const [alert, ...others] = await listOpenFailovers(staff)
    expect(others).toEqual([])
    expect(alert?.missingFrom).toEqual(at)
    expect(await events()).toEqual([{ action: 'failover.found', detail: { timeline: 1 } }])
    await acknowledgeFailover(staff, alert?.id ?? '', 'AAAA-AAAA')
    await acknowledgeFailover(staff, alert?.id ?? '', 'AAAA-AAAA')
    expect(await listOpenFailovers(staff)).toEqual([])
    expect((await events()).map(({ action }) => action)).toEqual(['failover.found', 'failover.acknowledged'])
  })

  test('that is lower, or of another server, is a move and no failover', async () => {
    await client.query('update installation set timeline = 7')
    await detectFailover()
    expect([await known(), await listOpenFailovers(staff)]).toEqual([1, []])
    await client.query(`update installation set timeline = 0, location = '1/1'`)
    await detectFailover()
    expect(await listOpenFailovers(staff)).toEqual([])
  })

  test('that has grown where the ledger proves a loss holds the database, and raises no alert beside', async () => {
    await client.query(`update installation set timeline = 0, ledger_mark = gen_random_uuid()`)
    await detectFailover()
    expect(await rows('select found_by from restore where released_at is null')).toEqual([
      { found_by: 'ledger_missing' },
    ])
    expect([await listOpenFailovers(staff), await events()]).toEqual([[], []])
  })

  test('that has grown where the ledger proves a loss leaves no mail that would be sent by itself', async () => {
    for (const state of ['waiting', 'sending', 'sent'])
      await client.query(
        `insert into mail (kind, state, message_id, template, locale) values ('link', $1::text::mail_state, $1::text, 'new_link', 'en')`,
        [state],
      )
    await client.query(`update installation set timeline = 0, ledger_mark = gen_random_uuid()`)
    await detectFailover()
    expect(await rows('select state::text, reason from mail order by message_id')).toEqual([
      { state: 'perhaps_sent', reason: 'restored' },
      { state: 'sent', reason: null },
      { state: 'perhaps_sent', reason: 'restored' },
    ])
  })
})
