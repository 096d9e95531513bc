import { migrate } from '@/scripts/migrations'
import { onDatabase } from '@/scripts/on-database'
import { type EmbeddedPostgres, startPostgres } from '@/scripts/postgres'

/** Of a database that we filled, so that no other is ever emptied or seeded. */
const mark = 'Made by npm run demo or npm run dev of Concord; --reset may empty it.'

export type WorkspaceDatabase = { url: string; server: EmbeddedPostgres | null }

/**
 * The migrated database of a workspace: the one in DATABASE_URL, or one on an embedded server of our own. A given
 * database that holds anything that is not ours is refused; with `reset` one of ours is emptied.
 */
export async function openDatabase(directory: string, { reset }: { reset: boolean }): Promise<WorkspaceDatabase> {
  const given = process.env.DATABASE_URL
  if (given) {
    await claim(given, { reset })
    await migrate(given)
    return { url: given, server: null }
  }
  const server = await startPostgres({ directory })
  try {
    const url = server.urlOf('concord')
    await onDatabase(server.url, async (client) => {
      const found = await client.query(`SELECT 1 FROM pg_database WHERE datname = 'concord'`)
      if (found.rowCount === 0) await client.query('CREATE DATABASE concord')
    })
    await migrate(url)
    return { url, server }
  } catch (error) {
    await server.stop()
    throw error
  }
}

async function claim(url: string, { reset }: { reset: boolean }): Promise<void> {
  await onDatabase(url, async (client) => {
    const name = client.escapeIdentifier(client.database ?? '')
    const { rows } = await client.query<{ comment: string | null; tables: number }>(`
      SELECT shobj_description(oid, 'pg_database') AS comment,
             (SELECT count(*)::int FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')) AS tables
      FROM pg_database WHERE datname = current_database()`)
    const isOurs = rows[0]?.comment === mark
    if (!isOurs && (reset || rows[0]?.tables !== 0)) {
      throw new Error(
        `DATABASE_URL leads to the database ${name}, which this command did not make: it is left alone. ` +
          'Unset DATABASE_URL, or give an empty database',
      )
    }
    if (isOurs && reset)
      await client.query('DROP SCHEMA IF EXISTS graphile_worker, public CASCADE; CREATE SCHEMA public')
    await client.query(`COMMENT ON DATABASE ${name} IS '${mark}'`)
  })
}
