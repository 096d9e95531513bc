import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { databaseIdentity } from '@/lib/database/connection'
import { fail } from '@/scripts/failure'
import { migrateFor } from '@/scripts/migrations'
import { onDatabase } from '@/scripts/on-database'
import { startPostgres } from '@/scripts/postgres'
import { sharedTemporaryDirectory } from '@/scripts/postgres-system'
import { root } from '@/scripts/processes'
import { recordRelease } from '@/scripts/released'
import { readDatabaseUrls } from '@/scripts/variables'

// `npm run migrate` applies the migrations; `npm run migrate -- --create <name>` writes the next one, and `--release` notes
// in prisma/migrations/released.json that those of now must not be changed any more.
const [flag, name] = process.argv.slice(2)
try {
  if (flag === undefined) await applyAll()
  else if (flag === '--create' && name) await create(name)
  else if (flag === '--release') release()
  else throw new Error('Usage: npm run migrate [-- --create <name_of_the_migration> | --release]')
} catch (error) {
  fail(error)
}

async function applyAll(): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env')
  const { owner, portal, url, role } = readDatabaseUrls()
  if (!role) console.warn(reasonForNoWall(owner, portal))
  if (owner && portal && (await isOther(owner, portal))) {
    const sentence = 'MIGRATE_DATABASE_URL and DATABASE_URL lead to different databases: correct one of them'
    throw new Error(`Nothing was begun: ${sentence}`)
  }
  const { applied, holes } = await migrateFor(url, role)
  console.log(applied.length > 0 ? `Applied: ${applied.join(', ')}` : 'The database is up to date')
  if (role) console.log(`The role ${role} has the rights that the portal needs, and no others were given`)
  for (const hole of holes) console.warn(`The database is no second wall: ${hole}`)
}

/** Nothing is known of a portal's role that cannot connect, as before it has been made. */
async function isOther(owner: string, portal: string): Promise<boolean> {
  const identities = await Promise.all(
    [owner, portal].map((url) => onDatabase(url, (client) => client.query(databaseIdentity)).catch(() => null)),
  )
  const [migrated, used] = identities.map((answer) => answer?.rows[0])
  return migrated && used ? !isDeepStrictEqual(migrated, used) : false
}

function reasonForNoWall(owner: string | undefined, portal: string | undefined): string {
  if (!owner) return 'MIGRATE_DATABASE_URL is not set: the schema will belong to the role in DATABASE_URL'
  if (!portal)
    return 'DATABASE_URL is not set: no role gets rights, and no portal starts on a new database. Set it too and run this again'
  return 'MIGRATE_DATABASE_URL and DATABASE_URL name the same role: the portal owns its schema'
}

function release(): void {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const added = recordRelease(version)
  console.log(`Released with ${version}: ${added.join(', ') || 'no migration of its own'}`)
}

// A server of its own, so that nothing needs to be configured to write a migration.
async function create(name: string): Promise<void> {
  // The image has not what this needs.
  const { createMigration } = await import('@/scripts/schema-drift')
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
