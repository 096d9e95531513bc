import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { type DatabaseAddress, parseDatabaseUrl } from '@/lib/config/database-url'
import { databaseClient } from '@/lib/database/connection'
import { onDatabase } from '@/scripts/on-database'

type Tool = 'pg_dump' | 'pg_restore'

/**
 * Writes the database at `url` into `file`, with the operator's own `pg_dump`: without owners and rights, which
 * `npm run migrate` gives, and without what is empty after a crash anyway. Nobody but us may read the file.
 *
 * @throws Error with a sentence where `pg_dump` is missing, older than the server, or fails
 */
export async function dumpDatabase(url: string, file: string): Promise<{ bytes: number }> {
  if (existsSync(file)) throw new Error(`${file} is there already: a backup is never written over`)
  await requireTool('pg_dump', url)
  const partial = `${file}.partial`
  rmSync(partial, { force: true })
  writeFileSync(partial, '', { mode: 0o600 })
  const what = ['--format=custom', '--no-owner', '--no-privileges', '--no-comments', '--no-unlogged-table-data']
  try {
    await runTool('pg_dump', url, [...what, `--file=${partial}`]).catch((error: Error) => {
      const isOther = error.message.includes('permission denied')
      throw isOther ? new Error(`${error.message}\nSet MIGRATE_DATABASE_URL to the role that owns the schema.`) : error
    })
    listDump(partial)
    renameSync(partial, file)
  } finally {
    rmSync(partial, { force: true })
  }
  return { bytes: statSync(file).size }
}

/**
 * Reads a file of `dumpDatabase` into an empty database: all of it, or nothing.
 *
 * @throws Error with a sentence where `pg_restore` is missing, too old or fails, or where the database is not empty
 */
export async function restoreDump(url: string, file: string): Promise<void> {
  if (!existsSync(file)) throw new Error(`There is no ${file}`)
  await requireTool('pg_restore', url)
  await requireEmpty(url)
  const directory = mkdtempSync(join(tmpdir(), 'concord-restore-'))
  const list = join(directory, 'list')
  try {
    // Policies name the portal's role, which a new server may call otherwise: migrating makes them anew.
    const wanted = listDump(file).filter((line) => !/^\d+; \d+ \d+ POLICY /.test(line))
    writeFileSync(list, wanted.join('\n'), { mode: 0o600 })
    const how = ['--no-owner', '--no-privileges', '--exit-on-error', '--single-transaction']
    await runTool('pg_restore', url, [...how, `--use-list=${list}`, file])
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function listDump(file: string): string[] {
  const listed = spawnSync('pg_restore', ['--list', file], { encoding: 'utf8' })
  if (listed.status === 0) return listed.stdout.split('\n')
  throw new Error(`pg_restore cannot read ${file}: ${listed.stderr?.trim() || listed.error?.message}`)
}

async function requireTool(tool: Tool, url: string): Promise<void> {
  const server = await onDatabase(url, async (client) => {
    const { rows } = await client.query(`SELECT current_setting('server_version_num')::int AS number`)
    return Math.floor(Number(rows[0].number) / 10_000)
  })
  const found = spawnSync(tool, ['--version'], { encoding: 'utf8' })
  const wanted = `PostgreSQL's client programs, version ${server} or newer`
  if (found.status !== 0) throw new Error(`${tool} is not on the PATH: install ${wanted}`)
  const version = Number(/\b(\d+)[.\d]*(?:\D|$)/.exec(found.stdout)?.[1])
  if (version >= server) return
  throw new Error(`${tool} is of version ${version}, and the server of version ${server}: install ${wanted}`)
}

async function requireEmpty(url: string): Promise<void> {
  await onDatabase(url, async (client) => {
    const { rows } = await client.query(
      `SELECT count(*)::int AS count, current_database() AS name FROM pg_tables
        WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    )
    const { count, name } = rows[0]
    if (count > 0) throw new Error(`The database ${name} is not empty: restore into a new one, and keep this one`)
  })
}

async function runTool(tool: Tool, url: string, args: string[]): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'concord-tool-'))
  try {
    await run(tool, args, toToolAddress(url, join(directory, 'authorities.pem')))
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

type ToolAddress = { dbname: string; env: NodeJS.ProcessEnv }

/**
 * The address for libpq, which reads our parameters as we do but for the authorities: where the URL names no file, it is
 * given those that Node trusts, as `file`. The password goes by the environment: everybody on the machine can read the
 * arguments of a process.
 */
function toToolAddress(url: string, file: string): ToolAddress {
  const { connectionString, sslMode, authorities, ownFiles } = parseDatabaseUrl(url) as DatabaseAddress
  const { password } = databaseClient(url)
  const [address = '', query = ''] = connectionString.split('?')
  if (!authorities && sslMode.startsWith('verify-')) writeFileSync(file, trustedByNode())
  const root = authorities ?? (existsSync(file) ? file : null)
  const tls = Object.entries({ sslmode: sslMode, ...(root ? { sslrootcert: root } : {}), ...ownFiles })
  const parameters = [...(query ? [query] : []), ...tls.map(([name, value]) => `${name}=${encodeURIComponent(value)}`)]
  const dbname = `${address.replace(/^(\w+:\/\/[^:@/]*):.*@/, '$1@')}?${parameters.join('&')}`
  return { dbname, env: { ...process.env, ...(password ? { PGPASSWORD: password } : {}) } }
}

function trustedByNode(): string {
  const more = process.env.NODE_EXTRA_CA_CERTS
  return [...rootCertificates, ...(more && existsSync(more) ? [readFileSync(more, 'utf8')] : [])].join('\n')
}

async function run(tool: Tool, args: string[], { dbname, env }: ToolAddress): Promise<void> {
  const child = spawn(tool, [...args, `--dbname=${dbname}`], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-2_000)
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new Error(`${tool} failed: ${complaint.trim() || `exit code ${code}`}`)
}
