import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { system } from '@/lib/actor'
import { createCheckpoints } from '@/lib/audit/checkpoints'
import { recordEvents } from '@/lib/audit/commands'
import { checkpointBatchSize } from '@/lib/audit/event'
import { inTransaction } from '@/lib/db'
import { verifyAudit } from '@/scripts/audit-verification'
import { historyPerFile } from '@/tests/support/audit'

const history = historyPerFile()
const checkpoints = () =>
  history.rows(
    'select number, first_event_id::int as first, last_event_id::int as last, count, previous_hash, hash from audit_checkpoint order by number',
  )

test('checkpoints cover every event once, in batches that follow one another', async () => {
  const ids = await history.write(2 * checkpointBatchSize + 7)
  expect(await createCheckpoints()).toEqual({ events: ids.length, outcome: 'done' })
  expect(await createCheckpoints()).toEqual({ events: 0, outcome: 'done' })
  const [first, second, third, ...others] = await checkpoints()
  expect([first.count, second.count, third.count, others]).toEqual([checkpointBatchSize, checkpointBatchSize, 7, []])
  expect([first.first, third.last]).toEqual([ids[0], ids.at(-1)])
  expect([second.previous_hash, third.previous_hash]).toEqual([first.hash, second.hash])
  expect(await verifyAudit(history.url)).toMatchObject({ fault: null, checkpoints: 3, coveredEvents: ids.length })
})

test('an event whose transaction is still open is waited for, and neither skipped nor left out', async () => {
  const slow = await history.open()
  await slow.query('begin')
  const [below] = await history.write(1, slow)
  const [above] = await history.write(1)
  expect(below).toBeLessThan(above ?? 0)

  expect(await createCheckpoints({ patienceMs: 200 })).toEqual({ events: 0, outcome: 'waiting' })
  expect(await verifyAudit(history.url)).toMatchObject({ fault: null, checkpoints: 0, uncovered: { events: 1 } })

  await slow.query('commit')
  expect(await createCheckpoints()).toEqual({ events: 2, outcome: 'done' })
  expect((await checkpoints()).map(({ first, last, count }) => [first, last, count])).toEqual([[below, above, 2]])
})

test('a transaction that ends while the job waits is covered in the same round', async () => {
  const slow = await history.open()
  await slow.query('begin')
  await history.write(1, slow)
  await history.write(1)
  const run = createCheckpoints()
  await sleep(300)
  await slow.query('commit')
  expect(await run).toEqual({ events: 2, outcome: 'done' })
})

test('an id whose transaction is given up is no gap in the chain', async () => {
  const slow = await history.open()
  await slow.query('begin')
  await history.write(3, slow)
  await history.write(2)
  await slow.query('rollback')
  expect(await createCheckpoints()).toEqual({ events: 2, outcome: 'done' })
  await history.write(1)
  await createCheckpoints()
  expect(await verifyAudit(history.url)).toMatchObject({ fault: null, checkpoints: 2, coveredEvents: 3 })
})

test('while many write and several make checkpoints, every event is covered once', async () => {
  const writers = await Promise.all(Array.from({ length: 6 }, history.open))
  let writing = true
  const traffic = writers.map(async (writer, index) => {
    for (let round = 0; round < 40; round++) {
      await writer.query('begin')
      await history.write(1 + (round % 3), writer)
      await sleep((index * 17 + round * 5) % 60)
      await writer.query(round % 5 === 4 ? 'rollback' : 'commit')
    }
  })
  const runs = [1, 2].map(async () => {
    while (writing) await createCheckpoints()
  })
  await Promise.all(traffic)
  writing = false
  await Promise.all(runs)
  await createCheckpoints()
  const [{ events }] = await history.rows('select count(*)::int as events from audit_event')
  expect(events).toBeGreaterThan(300)
  expect((await checkpoints()).length).toBeGreaterThan(1)
  expect(await verifyAudit(history.url)).toMatchObject({ fault: null, coveredEvents: events, uncovered: { events: 0 } })
})

test('writers never wait for a job that waits', async () => {
  const slow = await history.open()
  await slow.query('begin')
  await history.write(1, slow)
  await history.write(1)
  let isRunning = true
  const run = createCheckpoints({ patienceMs: 5_000 }).finally(() => {
    isRunning = false
  })
  await sleep(100)
  await history.write(1)
  expect(isRunning).toBe(true)
  expect((await run).outcome).toBe('waiting')
  await slow.query('commit')
})

test('at every thousandth event the job is called in the transaction that wrote it', async () => {
  const called = async () => {
    const sql = `select 1 from graphile_worker.jobs where task_identifier = 'audit-checkpoint'`
    return (await history.rows(sql)).length
  }
  const [id = 0] = await history.write(1)
  const before = await called()
  const missing = checkpointBatchSize - (id % checkpointBatchSize)
  const event = { action: 'attempt.started' } as const
  const some = (count: number) =>
    inTransaction((tx) =>
      recordEvents(
        tx,
        system,
        Array.from({ length: count }, () => event),
      ),
    )
  await some(missing - 1)
  expect(await called()).toBe(before)
  await some(1)
  expect(await called()).toBe(before + 1)
})

test.each(['update audit_checkpoint set count = count', 'delete from audit_checkpoint', 'truncate audit_checkpoint'])(
  'the database refuses %s',
  async (statement) => {
    await history.write(1)
    await createCheckpoints()
    await expect(history.rows(statement)).rejects.toThrow('audit_checkpoint is append-only')
  },
)

test('a role that may only insert and read can write, and can change nothing', async () => {
  await history.write(1)
  await createCheckpoints()
  const app = await history.open()
  await app.query(`create role audit_app_${process.pid}`)
  try {
    await app.query(`grant usage on schema public to audit_app_${process.pid}`)
    await app.query(`grant select, insert on audit_event, audit_checkpoint to audit_app_${process.pid}`)
    await app.query(`grant usage on sequence audit_event_id_seq to audit_app_${process.pid}`)
    await app.query(`set role audit_app_${process.pid}`)
    await history.write(1, app)
    for (const table of ['audit_event', 'audit_checkpoint']) {
      for (const statement of [
        `update ${table} set ${table === 'audit_event' ? 'action = action' : 'count = count'}`,
        `delete from ${table}`,
        `truncate ${table}`,
        `alter table ${table} disable trigger all`,
        `drop table ${table}`,
      ]) {
        await expect(app.query(statement), statement).rejects.toThrow(/permission denied|must be owner/)
      }
    }
    await expect(app.query('set session_replication_role = replica')).rejects.toThrow('permission denied')
  } finally {
    await app.query('reset role')
    await app.query(`drop owned by audit_app_${process.pid}`)
    await app.query(`drop role audit_app_${process.pid}`)
  }
})
