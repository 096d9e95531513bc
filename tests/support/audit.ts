import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { closePool } from '@/lib/db'
import { emptyTables, type TestDatabase } from '@/tests/support/database'
import { useOwnDatabase } from '@/tests/support/researchers'

/** A database with a history of one's own, emptied before each test. The client is a superuser's. */
export function historyPerFile() {
  let database: TestDatabase
  let clients: pg.Client[] = []
  const open = async () => {
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    clients.push(client)
    return client
  }
  let client: pg.Client

  beforeAll(async () => {
    database = await useOwnDatabase()
    process.env.LOG_LEVEL = 'warn'
    client = new pg.Client({ connectionString: database.url })
    await client.connect()
  })
  beforeEach(async () => {
    await emptyTables(client)
    await client.query('reset session_replication_role')
  })
  // Also after a test that failed with a transaction open, for which the next would wait.
  afterEach(async () => {
    await Promise.all(clients.map((one) => one.end()))
    clients = []
  })
  afterAll(async () => {
    await closePool()
    await client.end()
    await database.drop()
  })

  return {
    get url() {
      return database.url
    },
    open,
    rows: async (sql: string, values: unknown[] = []) => (await client.query(sql, values)).rows,
    /** Writes events of a kind, one row each, and gives their ids. */
    write: async (count: number, by: pg.Client = client): Promise<number[]> => {
      const { rows } = await by.query(
        `insert into audit_event (action, actor_kind, detail)
         select 'grant.saved', 'system', jsonb_build_object('scopes', array['/read-limited'], 'n', n)
         from generate_series(1, $1) n returning id::int`,
        [count],
      )
      return rows.map(({ id }) => id)
    },
    /** Does what nobody may: with every trigger off. */
    tamper: async (...statements: string[]) => {
      await client.query('set session_replication_role = replica')
      for (const statement of statements) await client.query(statement)
      await client.query('reset session_replication_role')
    },
  }
}
