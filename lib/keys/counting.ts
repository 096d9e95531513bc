import 'server-only'
import { db } from '@/lib/db'
import { listSealedKeys } from '@/lib/installation/replicas'
import { countByKey } from '@/lib/keys/queries'
import { log } from '@/lib/log'

/** Saves the number of sealed rows per key. An unused key stays with 0. */
export async function recordSealedRows(): Promise<void> {
  const byTable = new Map<string, Map<string, number>>()
  for (const { keyId, table, rows } of await countByKey()) {
    const tables = byTable.get(keyId) ?? new Map<string, number>()
    // A row counts once: its columns are sealed together.
    byTable.set(keyId, tables.set(table, Math.max(tables.get(table) ?? 0, rows)))
  }
  const counts = [...byTable].map(([keyId, tables]) => ({
    key_id: keyId,
    rows: [...tables.values()].reduce((sum, rows) => sum + rows, 0),
  }))
  await db().$executeRaw`
    with counted as (select * from jsonb_to_recordset(${JSON.stringify(counts)}::jsonb) as one(key_id text, rows int))
    insert into sealed_key (key_id, rows)
    select key_id, rows from counted
    union all select key_id, 0 from sealed_key where key_id not in (select key_id from counted)
    on conflict (key_id) do update set rows = excluded.rows, counted_at = now()`
}

/** Logs an error for alerts per needed key that no process has. */
export async function reportLostKeys(): Promise<void> {
  for (const { keyId, rows, isHeld } of await listSealedKeys()) {
    if (rows > 0 && !isHeld) log().error({ key: keyId, rows }, 'rows are sealed with a key that no running process has')
  }
}
