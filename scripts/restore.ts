import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { system } from '@/lib/actor'
import { parseEnv } from '@/lib/config/env'
import { formatFaults } from '@/lib/config/fault'
import { closePool } from '@/lib/db'
import { releaseRestore } from '@/lib/restores/commands'
import { restoreCold } from '@/scripts/cold-copy'
import { restoreDump } from '@/scripts/dumps'
import { fail } from '@/scripts/failure'
import { migrateFor } from '@/scripts/migrations'
import { onDatabase } from '@/scripts/on-database'
import { readDatabaseUrls } from '@/scripts/variables'

// `npm run restore -- <file>`: a file of `npm run backup` into the empty database that is configured, or with
// `--data <directory>` a copy of files into the place of an embedded one. It is held until an administrator releases it
// at /staff/restored, or `npm run restore -- --release` does.
const usage =
  'Usage: npm run restore -- <file> | --data <directory of an embedded database> <folder> | --release (after a look at /staff/restored)'

const releases = {
  released: 'Released: from now on everything goes on as before.',
  not_checked: 'Not yet: no worker has checked the restored database. Start a portal or npm run worker first.',
  nothing: 'There is nothing to release.',
}

try {
  const options = { data: { type: 'string' }, release: { type: 'boolean', default: false } } as const
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  if (positionals.length !== (values.release ? 0 : 1)) throw new Error(usage)
  if (existsSync('.env')) process.loadEnvFile('.env')
  if (values.release) await release()
  else await restore(resolve(positionals[0] ?? ''), values.data)
} catch (error) {
  fail(error)
}

async function restore(from: string, directory: string | undefined): Promise<void> {
  if (directory) {
    const former = await restoreCold(from, resolve(directory), (url) => prepare(url, null))
    if (former) console.log(`What was there before is in ${former}.`)
  } else {
    const { url, role } = readDatabaseUrls()
    await restoreDump(url, from)
    await prepare(url, role)
  }
  console.log(
    'Restored. Next: npm run keys -- verify, start one portal with its LEDGER_FILE, and read /staff/restored.',
  )
  console.log('Until it is released there, nobody can connect and nothing goes to ORCID.')
}

/** A backup may be older than this version. Before anything can use it, it says that it was restored. */
async function prepare(url: string, role: string | null): Promise<void> {
  const { applied } = await migrateFor(url, role)
  if (applied.length > 0) console.log(`Applied: ${applied.join(', ')}`)
  await onDatabase(url, (client) =>
    client.query(
      `INSERT INTO restore (found_by, missing_from)
       SELECT 'command', greatest((SELECT max(at) FROM audit_event), (SELECT worker_seen_at FROM installation))`,
    ),
  )
}

async function release(): Promise<void> {
  const parsed = parseEnv()
  if ('faults' in parsed)
    throw new Error(formatFaults(parsed.faults).replace('Concord cannot start', 'Nothing was done'))
  const outcome = await releaseRestore(system)
  await closePool()
  if (outcome !== 'released') throw new Error(releases[outcome])
  console.log(releases.released)
}
