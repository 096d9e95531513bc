import type { QueryResultRow } from 'pg'

type Queryable = { query<Row extends QueryResultRow>(sql: string): Promise<{ rows: Row[] }> }

/** Checked first: PostgreSQL looks at the permissions of a whole query, also for what it would not call. */
const mayRead = `select not pg_is_in_recovery() and has_function_privilege('pg_current_wal_lsn()', 'execute')
  and has_function_privilege('pg_walfile_name(pg_lsn)', 'execute')
  and has_function_privilege('pg_last_xact_replay_timestamp()', 'execute') as may`

// The name of a WAL file begins with the timeline, in eight hexadecimal digits.
const readTimeline = `select ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int as timeline`

/**
 * PostgreSQL's timeline, which grows with each promotion of a standby. Null on a standby, and where the role may not call
 * these functions.
 */
export async function findTimeline(client: Queryable): Promise<number | null> {
  const { rows: permitted } = await client.query<{ may: boolean }>(mayRead)
  if (!permitted[0]?.may) return null
  const { rows } = await client.query<{ timeline: number }>(readTimeline)
  return rows[0]?.timeline ?? null
}
