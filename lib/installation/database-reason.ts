import type { ClientBase } from 'pg'
import { isLoginRefused, sqlStateOf } from '@/lib/db'

/** Why the database cannot be used, for monitors. */
export type DatabaseReason =
  | 'database_away'
  /** Role or password are wrong, or no rule of the server lets them in. */
  | 'database_login_refused'
  | 'database_connect_denied'
  | 'database_missing'
  | 'database_standby'
  | 'database_read_only'
  | 'database_full'
  /** It answers, and the heartbeat of this process was not written. */
  | 'database_not_writing'

/** Sorts two megabytes on disk, because a full one still updates rows in place and looks healthy. */
const sortOnDisk = `begin;
  set local work_mem = '64kB';
  set local temp_tablespaces = '';
  select count(*) from (
    select repeat('x', 1000) || number as line from generate_series(1, 2000) as number order by line offset 0) as sorted;
  rollback`

/**
 * Whether a new transaction could write; nothing is written.
 *
 * @throws an error for `nameDatabaseReason`
 */
export async function findWriteFault(client: ClientBase): Promise<DatabaseReason | null> {
  const { rows } = await client.query<{ isStandby: boolean; isReadOnly: boolean }>(
    `select pg_is_in_recovery() as "isStandby", current_setting('transaction_read_only')::boolean as "isReadOnly"`,
  )
  if (rows[0]?.isStandby) return 'database_standby'
  if (rows[0]?.isReadOnly) return 'database_read_only'
  await client.query(sortOnDisk)
  return null
}

const faults: Record<string, DatabaseReason> = {
  '3D000': 'database_missing',
  '42501': 'database_connect_denied',
  '25006': 'database_read_only',
  '53100': 'database_full',
}

/** Null for an error that says nothing about the database as a whole. */
export function nameDatabaseReason(error: unknown): DatabaseReason | null {
  const state = sqlStateOf(error) ?? ''
  if (isLoginRefused(error)) return faults[state] ?? 'database_login_refused'
  return state === '42501' ? null : (faults[state] ?? null)
}
