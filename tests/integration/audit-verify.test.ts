import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import pg from 'pg'
import { beforeEach, describe, expect, test } from 'vitest'
import { createCheckpoints } from '@/lib/audit/checkpoints'
import { verifyAudit } from '@/scripts/audit-verification'
import { migrate } from '@/scripts/migrations'
import { historyPerFile } from '@/tests/support/audit'
import { commandArgs } from '@/tests/support/command'
import { createEmptyDatabase } from '@/tests/support/database'

const history = historyPerFile()
let ids: number[]
const id = (index: number) => ids[index] ?? 0

// Three checkpoints of four events each, and two events behind them.
beforeEach(async () => {
  ids = []
  for (const count of [4, 4, 4]) {
    ids.push(...(await history.write(count)))
    await createCheckpoints()
  }
  ids.push(...(await history.write(2)))
})

/** What the command says, and its exit code. */
async function command(...more: string[]): Promise<{ code: number; text: string }> {
  const args = [...commandArgs('scripts/audit'), 'verify', ...more]
  const environment = { ...process.env, DATABASE_URL: history.url, TOKEN_KEYS: '', NEXTAUTH_SECRET: '' }
  return promisify(execFile)(process.execPath, args, { env: environment }).then(
    ({ stdout, stderr }) => ({ code: 0, text: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ code, text: stdout + stderr }),
  )
}

const fault = async () => (await verifyAudit(history.url)).fault
const event = (index: number) => BigInt(id(index))

describe('a history that nobody touched', () => {
  test('is verified with counts, the end of the chain and the uncovered tail', async () => {
    const { code, text } = await command()
    expect(code).toBe(0)
    expect(text).toContain('12 events under 3 checkpoints are unchanged')
    expect(text).toContain(`covered up to event ${id(11)}`)
    expect(text).toContain('2 events are not covered yet, the oldest of')
  })

  test('is verified against a checkpoint that was noted elsewhere, however much was written since', async () => {
    const [{ hash }] = await history.rows('select hash from audit_checkpoint where number = 2')
    expect((await command('--expect', `2:${hash}`)).code).toBe(0)
    expect(await command('--expect', `2:${'0'.repeat(64)}`)).toMatchObject({
      code: 1,
      text: expect.stringContaining('the chain was made anew'),
    })
  })
})

describe('the first row that was changed is named:', () => {
  test.each([
    ['action', `action = 'grant.withdrawn'`],
    ['time', `at = at + interval '1 millisecond'`],
    ['actor', `actor_id = gen_random_uuid()`],
    ['kind of actor', `actor_kind = 'staff'`],
    ['attempt', `attempt_id = gen_random_uuid()`],
    ['grant', `grant_id = gen_random_uuid()`],
    ['request', `request_id = 'XXXX-XXXX'`],
    ['detail', `detail = detail || '{"n": 1.0}'`],
  ])('a changed %s', async (_what, change) => {
    await history.tamper(
      `update audit_event set ${change} where id = ${id(9)}`,
      `update audit_event set ${change} where id = ${id(5)}`,
    )
    if (change.startsWith('detail')) {
      // 1 and 1.0 are the same number and not the same text.
      await history.tamper(`update audit_event set detail = jsonb_set(detail, '{n}', '2.0') where id = ${id(5)}`)
    }
    expect(await fault()).toEqual({ kind: 'changed', checkpoint: 2, eventId: event(5) })
  })

  test('a changed researcher', async () => {
    const [{ id: researcher }] = await history.rows(
      `insert into researcher (orcid, registry, state) values ('0000-0002-1825-0097', 'local', 'connected') returning id`,
    )
    await history.tamper(`update audit_event set researcher_id = '${researcher}' where id = ${id(0)}`)
    expect(await fault()).toEqual({ kind: 'changed', checkpoint: 1, eventId: event(0) })
  })

  test.each([0, 3, 4, 6, 11])('a removed one, at place %i', async (place) => {
    await history.tamper(`delete from audit_event where id = ${id(place)}`)
    expect(await fault()).toMatchObject({ kind: 'removed', eventId: event(place) })
  })

  test('an inserted one, also where an id had been left free, and before the first', async () => {
    await history.tamper(
      `insert into audit_event (id, action, actor_kind) values (${id(0) - 5}, 'grant.saved', 'system')`,
    )
    expect(await fault()).toEqual({ kind: 'inserted', checkpoint: 1, eventId: event(0) - 5n })
  })

  test('two that changed places', async () => {
    const [a, b] = [id(5), id(7)]
    const contents = 'at, action, actor_kind, detail'
    await history.tamper(
      `create temp table swapped as select ${contents}, case id when ${a} then ${b} else ${a} end as id
       from audit_event where id in (${a}, ${b})`,
      `update audit_event e set (${contents}) = (select ${contents} from swapped s where s.id = e.id)
       where id in (${a}, ${b})`,
      'drop table swapped',
    )
    expect(await fault()).toEqual({ kind: 'reordered', checkpoint: 2, eventId: event(5), insteadOf: event(7) })
  })

  test('a checkpoint that is missing, changed, or made anew over changed events', async () => {
    await history.tamper(`update audit_checkpoint set created_at = created_at + interval '1 second' where number = 3`)
    expect(await fault()).toEqual({ kind: 'checkpoint_changed', checkpoint: 3 })
    await history.tamper('delete from audit_checkpoint where number = 2')
    expect(await fault()).toEqual({ kind: 'checkpoint_missing', checkpoint: 2 })
    await history.tamper(
      'delete from audit_checkpoint where number = 3',
      `update audit_event set action = 'grant.withdrawn' where id = ${id(1)}`,
      'create temp table first as select * from audit_checkpoint',
      'delete from audit_checkpoint',
    )
    await createCheckpoints()
    const [{ hash }] = await history.rows('select hash from first')
    await history.tamper('drop table first')
    expect(await fault()).toBeNull()
    expect((await verifyAudit(history.url, 1)).expectedHash).not.toBe(hash)
  })

  test('by the command too, which then ends with 1', async () => {
    await history.tamper(`update audit_event set action = 'grant.withdrawn' where id = ${id(6)}`)
    const { code, text } = await command()
    expect(code).toBe(1)
    expect(text).toContain(`FAULT: event ${id(6)} was changed (checkpoint 2)`)
    expect(text).toContain('grant.withdrawn by system')
  })
})

test('what was cut off the end shows where a later checkpoint was noted', async () => {
  const [{ hash }] = await history.rows('select hash from audit_checkpoint where number = 3')
  await history.tamper('delete from audit_checkpoint where number = 3', `delete from audit_event where id > ${id(7)}`)
  expect(await command()).toMatchObject({ code: 0 })
  expect(await command('--expect', `3:${hash}`)).toMatchObject({
    code: 1,
    text: expect.stringContaining('checkpoint 3 is missing'),
  })
})

test('a copy that was restored elsewhere is verified as the original is', async () => {
  const copy = await createEmptyDatabase()
  await migrate(copy.url)
  const client = new pg.Client({ connectionString: copy.url })
  await client.connect()
  try {
    for (const table of ['audit_event', 'audit_checkpoint']) {
      // As a dump holds them: values alone, and nothing of the transactions that wrote them.
      for (const { row } of await history.rows(`select to_jsonb(t)::text as row from ${table} t`)) {
        await client.query(`insert into ${table} select * from jsonb_populate_record(null::${table}, $1::jsonb)`, [row])
      }
    }
    expect(await verifyAudit(copy.url)).toMatchObject({ fault: null, coveredEvents: 12, uncovered: { events: 2 } })
    await client.query('set session_replication_role = replica')
    await client.query(`delete from audit_event where id = ${id(2)}`)
    expect((await verifyAudit(copy.url)).fault).toEqual({ kind: 'removed', checkpoint: 1, eventId: event(2) })
  } finally {
    await client.end()
    await copy.drop()
  }
})
