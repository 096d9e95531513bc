/** Every migration of this version. A test compares them with `prisma/migrations`. */
const migrations: readonly string[] = ['0001_initial']

type Queryable = { query(sql: string): Promise<{ rows: Record<string, unknown>[] }> }

/** `missing`: not applied yet. `newer`: applied by a later version. Null for a database without any. */
export type SchemaComparison = { missing: string[]; newer: string[] }

/** Compares the migrations of this version with those of a database. */
export async function compareMigrations(client: Queryable): Promise<SchemaComparison | null> {
  const { rows } = await client.query(`select to_regclass('_prisma_migrations') is not null as "isThere"`)
  if (!rows[0]?.isThere) return null
  const done = await client.query('select migration_name as name from _prisma_migrations where finished_at is not null')
  const applied = done.rows.map(({ name }) => String(name))
  return {
    missing: migrations.filter((name) => !applied.includes(name)),
    newer: applied.filter((name) => !migrations.includes(name)).sort(),
  }
}

/** What the role of this connection may do and no portal needs, as `is a superuser`. */
export async function listExcessPowers(client: Queryable): Promise<string[]> {
  const { rows } = await client.query(
    `select rolsuper as "is a superuser", rolbypassrls as "bypasses row-level security",
       rolcreaterole as "may make roles", rolcreatedb as "may make databases"
     from pg_roles where rolname = current_user`,
  )
  const powers = Object.entries(rows[0] ?? {}).flatMap(([power, isThere]) => (isThere ? [power] : []))
  // A superuser has the others without being told.
  return powers.includes('is a superuser') ? ['is a superuser'] : powers
}

export type UnknownJob = { name: string; count: number }

/** Due jobs that no worker with these handlers takes. They wait, without a try, for a worker of another version. */
export async function listUnknownJobs(client: Queryable, names: readonly string[]): Promise<UnknownJob[]> {
  const { rows } = await client.query(
    'select task_identifier as name, count(*)::int as count from graphile_worker.jobs where run_at <= now() group by 1 order by 1',
  )
  return rows
    .map(({ name, count }) => ({ name: String(name), count: Number(count) }))
    .filter(({ name }) => !names.includes(name))
}
