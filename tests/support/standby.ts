import { spawnSync } from 'node:child_process'
import { appendFileSync, chownSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onDatabase } from '@/scripts/on-database'
import { type EmbeddedPostgres, startPostgres } from '@/scripts/postgres'

/**
 * Starts a standby that streams from `primary`, from a base backup of its files made while it runs: what pg_basebackup
 * does, which the embedded PostgreSQL lacks.
 */
export async function startStandby(primary: EmbeddedPostgres, from: string, directory: string) {
  const data = join(directory, 'data')
  await onDatabase(primary.url, async (client) => {
    await client.query(`select pg_backup_start('standby', true)`)
    spawnSync('cp', ['-a', `${from}/.`, directory])
    const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop()')
    rmSync(join(data, 'postmaster.pid'), { force: true })
    writeOwned(data, 'backup_label', rows[0]?.labelfile ?? '')
  })
  writeOwned(data, 'standby.signal', '')
  appendFileSync(join(data, 'postgresql.auto.conf'), `primary_conninfo = '${primary.url}'\n`)
  const server = await startPostgres({ directory, durable: false })
  return {
    server,
    /** Cuts the replication: what the primary commits from here on, this server lacks. */
    cut: () => ask(server, `alter system set primary_conninfo = ''; select pg_reload_conf()`),
    promote: () => ask(server, 'select pg_promote()'),
  }
}

async function ask(server: EmbeddedPostgres, sql: string): Promise<void> {
  await onDatabase(server.url, async (client) => {
    for (const statement of sql.split('; ')) await client.query(statement)
  })
}

/** As a file of the server's user. */
function writeOwned(data: string, name: string, text: string): void {
  const { uid, gid } = statSync(data)
  writeFileSync(join(data, name), text)
  chownSync(join(data, name), uid, gid)
}

/** Resolves once the standby has replayed all that the primary has written by now. */
export async function hasCaughtUp(primary: EmbeddedPostgres, standby: EmbeddedPostgres): Promise<boolean> {
  const lsn = await readOne(primary, 'select pg_current_wal_insert_lsn()::text as value')
  return (await readOne(standby, `select (pg_last_wal_replay_lsn() >= '${lsn}')::text as value`)) === 'true'
}

async function readOne(server: EmbeddedPostgres, sql: string): Promise<string> {
  return onDatabase(server.url, async (client) => String((await client.query<{ value: string }>(sql)).rows[0]?.value))
}
