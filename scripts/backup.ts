import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { copyCold } from '@/scripts/cold-copy'
import { dumpDatabase } from '@/scripts/dumps'
import { fail } from '@/scripts/failure'
import { readDatabaseUrls } from '@/scripts/variables'

// `npm run backup -- <file>`: the database, by `pg_dump`. With `--data <directory>` the files of an embedded one that is
// stopped. docs/operations.md has the whole procedure.
const usage =
  'Usage: npm run backup -- <file>, or npm run backup -- --data <directory of an embedded database> <folder>'

try {
  const { values, positionals } = parseArgs({ options: { data: { type: 'string' } }, allowPositionals: true })
  const [target, ...more] = positionals
  if (!target || more.length > 0) throw new Error(usage)
  if (existsSync('.env')) process.loadEnvFile('.env')
  const startedAt = Date.now()
  if (values.data) copyCold(resolve(values.data), resolve(target))
  else console.log(`${(await dumpDatabase(readDatabaseUrls().url, resolve(target))).bytes} bytes`)
  console.log(`The backup is in ${target} (${((Date.now() - startedAt) / 1_000).toFixed(1)} s).`)
  console.log('TOKEN_KEYS are not in it: keep them apart, or nobody can open its tokens.')
} catch (error) {
  fail(error)
}
