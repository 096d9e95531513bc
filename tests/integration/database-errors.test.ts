import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  closePool,
  db,
  inTransaction,
  isDatabaseUnavailable,
  isRolledBack,
  isStatementTimeout,
  Prisma,
  setRoleLimits,
  type Tx,
  withListTimeout,
} from '@/lib/db'
import type { TestDatabase } from '@/tests/support/database'
import { until } from '@/tests/support/journey'
import { useOwnDatabase } from '@/tests/support/researchers'

let database: TestDatabase

beforeAll(async () => {
  database = await useOwnDatabase()
  process.env.DATABASE_URL = database.portalUrl
})

afterAll(async () => {
  await closePool()
  await database.drop()
})

const judge = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).not.toBeNull()
  return { away: isDatabaseUnavailable(error), slow: isStatementTimeout(error) }
}

describe('an error of the database', () => {
  test('about a list that takes too long is not taken for an outage', async () => {
    const late = withListTimeout(async (tx) => tx.$queryRaw(Prisma.sql`select 1 as one from pg_sleep(9)`))
    expect(await judge(late)).toEqual({
      away: false,
      slow: true,
    })
  })

  test('about our own limit on a statement is not taken for an outage, whatever its text says', async () => {
    const late = inTransaction(async (tx) => {
      await tx.$executeRaw`set local statement_timeout = 20`
      await tx.$queryRaw`select 'connection terminated' as words, 1 as one from pg_sleep(5)`
    })
    expect(await judge(late)).toEqual({ away: false, slow: true })
  })

  test('about a deadlock is no outage, and the transaction can be repeated', async () => {
    const held: number[] = []
    const lock = (tx: Tx, place: number) => tx.$executeRaw`select pg_advisory_xact_lock(${place}::bigint)`
    const crossing = async (first: number, second: number) =>
      inTransaction(async (tx) => {
        await lock(tx, first)
        held.push(first)
        await until('both hold one', async () => held.length === 2)
        await lock(tx, second)
      })
    const ends = await Promise.allSettled([crossing(1, 2), crossing(2, 1)])
    const lost = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []))
    expect(lost).toHaveLength(1)
    expect(isRolledBack(lost[0])).toBe(true)
    expect(await judge(Promise.reject(lost[0]))).toEqual({ away: false, slow: false })
  })

  test('about a connection that the server ends is one', async () => {
    const waiting = judge(db().$queryRaw`select 1 as one from pg_sleep(9.5)`)
    const end = () => db().$executeRaw`
      select pg_terminate_backend(pid) from pg_stat_activity
      where query like '%pg_sleep(9.5)%' and state = 'active' and pid <> pg_backend_pid()`
    await until('it waits', async () => (await end()) > 0)
    expect(await waiting).toEqual({ away: true, slow: false })
  })

  test('about a database that writes nothing or has no room is one', async () => {
    const readOnly = inTransaction(async (tx) => {
      await tx.$executeRaw`set transaction read only`
      await tx.$executeRaw`delete from rate_limit`
    })
    expect(await judge(readOnly)).toEqual({ away: true, slow: false })
    const full = db().$executeRaw`do $$ begin raise exception 'no space' using errcode = '53100'; end $$`
    expect(await judge(full)).toEqual({ away: true, slow: false })
  })

  test('about a connection that the server refuses is one', async () => {
    const refused = (change: { username?: string; password?: string; pathname?: string }) => {
      const url = Object.assign(new URL(database.portalUrl), change).toString()
      const client = new Client({ connectionString: url })
      return judge(client.connect().finally(() => client.end()))
    }
    for (const change of [{ password: 'another' }, { username: 'nobody' }, { pathname: '/nowhere' }]) {
      expect(await refused(change), JSON.stringify(change)).toEqual({ away: true, slow: false })
    }
  })

  test('about a right that the role lacks is none', async () => {
    expect(await judge(db().$executeRaw`delete from audit_event`)).toEqual({ away: false, slow: false })
  })

  test('about what was asked is neither', async () => {
    const words = 'connection terminated, query read timeout'
    expect(await judge(db().$queryRaw`select ${words}::int as number`)).toEqual({ away: false, slow: false })
    expect(
      await judge(db().researcher.create({ data: { orcid: 'x', registry: 'local', state: 'withdrawn' } })),
    ).toEqual({
      away: false,
      slow: false,
    })
  })
})

describe('the limits of the portal', () => {
  const settings = async () => {
    const client = new Client({ connectionString: database.portalUrl })
    await client.connect()
    const { rows } = await client.query(
      `select name, setting from pg_settings
       where name in ('statement_timeout', 'idle_in_transaction_session_timeout', 'jit')`,
    )
    await client.end()
    return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))
  }

  test('are those of its role in its database, which it sets itself and which an operator may change', async () => {
    expect(await settings()).toMatchObject({
      statement_timeout: '0',
      idle_in_transaction_session_timeout: '0',
      jit: 'on',
    })
    await Promise.all([setRoleLimits(), setRoleLimits()])
    const ours = {
      idle_in_transaction_session_timeout: '20000',
      jit: 'off',
      statement_timeout: '10000',
    }
    expect(await settings()).toEqual(ours)
    await db().$executeRawUnsafe(
      `alter role current_user in database ${new URL(database.url).pathname.slice(1)} set statement_timeout = '30s'`,
    )
    await setRoleLimits()
    expect(await settings()).toEqual({ ...ours, statement_timeout: '30000' })
  })
})
