import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createMigration, migrate } from '@/scripts/migrations'
import { startPostgres } from '@/scripts/postgres'
import { sharedTemporaryDirectory } from '@/scripts/postgres-system'
import { readVariable } from '@/scripts/variables'

// `npm run migrate` applies the migrations; `npm run migrate -- --create <name>` writes the next one.
const [flag, name] = process.argv.slice(2)
try {
  if (flag === undefined) await applyAll()
  else if (flag === '--create' && name) await create(name)
  else throw new Error('Usage: npm run migrate [-- --create <name_of_the_migration>]')
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

async function applyAll(): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env')
  const owner = readVariable('MIGRATE_DATABASE_URL')
  const url = owner ?? readVariable('DATABASE_URL')
  if (!url) throw new Error('Set MIGRATE_DATABASE_URL (the role that owns the schema) or DATABASE_URL')
  if (!owner) {
    console.warn('MIGRATE_DATABASE_URL is not set: the schema will belong to the role in DATABASE_URL')
  }
  const applied = await migrate(url)
  console.log(applied.length > 0 ? `Applied: ${applied.join(', ')}` : 'The database is up to date')
}

// A server of its own, so that nothing needs to be configured to write a migration.
async function create(name: string): Promise<void> {
  const directory = mkdtempSync(join(sharedTemporaryDirectory(), 'concord-migration-'))
  const server = await startPostgres({ directory, durable: false })
  try {
    const file = await createMigration(server.url, name)
    console.log(file ?? 'The migrations and the schema agree: there is nothing to write')
  } finally {
    await server.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}
