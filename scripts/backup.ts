import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { copyCold } from '@/scripts/cold-copy'
import { dumpDatabase } from '@/scripts/dumps'
import { fail } from '@/scripts/failure'
import { onDatabase } from '@/scripts/on-database'
import { readDatabaseUrls } from '@/scripts/variables'

// `npm run backup -- <file>`: the database, by `pg_dump`. With `--data <directory>` the files of an embedded one that is
// stopped. docs/backups.md has the whole procedure.
const usage =
  'Usage: npm run backup -- <file>, or npm run backup -- --data <directory of an embedded database> <folder>'

try {
  const { values, positionals } = parseArgs({ options: { data: { type: 'string' } }, allowPositionals: true })
  const [target, ...more] = positionals
  if (!target || more.length > 0) throw new Error(usage)
  if (existsSync('.env')) process.loadEnvFile('.env')
  const startedAt = Date.now()
  if (values.data) copyCold(resolve(values.data), resolve(target))
  else {
    const { url } = readDatabaseUrls()
    console.log(`${(await dumpDatabase(url, resolve(target))).bytes} bytes`)
    await noteBackup(url)
  }
  console.log(`The backup is in ${target} (${((Date.now() - startedAt) / 1_000).toFixed(1)} s).`)
  console.log('TOKEN_KEYS are not in it: keep them apart, or nobody can open its tokens.')
} catch (error) {
  fail(error)
}

/** For the page Health. A standby, or a role that only reads, can be backed up without it. */
async function noteBackup(url: string): Promise<void> {
  try {
    await onDatabase(url, (client) => client.query('UPDATE installation SET backed_up_at = now()'))
  } catch {
    console.warn('The page Health does not show this backup: the database could not be written.')
  }
}
