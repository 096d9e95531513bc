import type pg from 'pg'

const tables = [
  'researcher',
  'person',
  'binding',
  'appointment',
  'authorization_attempt',
  'grant',
  'affiliation',
  'audit_event',
]

/**
 * Runs `load`, which fills these tables, without what the database does for each row: triggers, indexes and references
 * are off meanwhile, for nobody else sees the tables until the transaction ends, and are made again afterwards, once for
 * all rows. What the triggers keep is up to `load`. The client is the owner of the tables, in a transaction.
 */
export async function withoutUpkeep(client: pg.Client, load: () => Promise<void>): Promise<void> {
  const names = tables.map((table) => `public.${table === 'grant' ? '"grant"' : table}`)
  const references = await client.query<{ drop: string; make: string }>(
    `SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS drop,
            format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS make
       FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY ($1::regclass[])`,
    [names],
  )
  const indexes = await client.query<{ drop: string; make: string; statistics: string[] }>(
    `SELECT format('DROP INDEX %s', indexrelid::regclass) AS drop, pg_get_indexdef(indexrelid) AS make,
            ARRAY(SELECT format('ALTER INDEX %s ALTER COLUMN %s SET STATISTICS %s', indexrelid::regclass, attnum, attstattarget)
                  FROM pg_attribute WHERE attrelid = indexrelid AND attstattarget > 0) AS statistics
       FROM pg_index WHERE indrelid = ANY ($1::regclass[]) AND NOT indisprimary`,
    [names],
  )
  for (const name of names) await client.query(`ALTER TABLE ${name} DISABLE TRIGGER USER`)
  for (const { drop } of [...references.rows, ...indexes.rows]) await client.query(drop)
  await client.query(`SET LOCAL work_mem = '256MB'`)
  await load()
  await client.query(`SET LOCAL maintenance_work_mem = '512MB'`)
  for (const { make, statistics } of indexes.rows) for (const sql of [make, ...statistics]) await client.query(sql)
  for (const { make } of references.rows) await client.query(make)
  for (const name of names) await client.query(`ALTER TABLE ${name} ENABLE TRIGGER USER`)
}
