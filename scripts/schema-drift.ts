import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { DiffTarget, SchemaContainer } from '@prisma/schema-engine-wasm'
import { databaseClient } from '@/lib/database/connection'
import { migrate, migrationNames, migrationsDirectory } from '@/scripts/migrations'
import { withSchemaEngine } from '@/scripts/schema-engine'

const root = resolve(import.meta.dirname, '..')
const schemaDirectory = join(root, 'prisma', 'schema')
const filters = { externalTables: [], externalEnums: [] }

/**
 * What would have to change in a migrated database for it to agree with the schema files, as SQL. Empty when they
 * agree. Indexes on expressions, triggers and checks are outside of the engine's view.
 */
export async function schemaDrift(databaseUrl: string): Promise<string> {
  const files = readSchema()
  const from: DiffTarget = { tag: 'schemaDatasource', files, configDir: root }
  const to: DiffTarget = { tag: 'schemaDatamodel', files }
  const { stdout } = await withSchemaEngine(databaseUrl, files, (engine) =>
    engine.diff({ from, to, script: true, exitCode: false, filters }),
  )
  return stdout?.includes('This is an empty migration') ? '' : (stdout ?? '').trim()
}

/**
 * Writes a new migration with the SQL that leads from the migrations to the schema files, and gives its path; null when
 * there is nothing to do. `databaseUrl` is a server on which a database may be made for the moment.
 */
export async function createMigration(databaseUrl: string, name: string): Promise<string | null> {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new Error('A migration is named in small letters, digits and underscores')
  const shadow = `concord_shadow_${process.pid}`
  const admin = databaseClient(databaseUrl)
  await admin.connect()
  try {
    await admin.query(`CREATE DATABASE ${shadow}`)
    const shadowUrl = Object.assign(new URL(databaseUrl), { pathname: `/${shadow}` }).toString()
    await migrate(shadowUrl)
    const sql = await schemaDrift(shadowUrl)
    return sql === '' ? null : writeMigration(name, sql)
  } finally {
    await admin.query(`DROP DATABASE IF EXISTS ${shadow} WITH (FORCE)`)
    await admin.end()
  }
}

function writeMigration(name: string, sql: string): string {
  const number = String(migrationNames(migrationsDirectory).length + 1).padStart(4, '0')
  const directory = join(migrationsDirectory, `${number}_${name}`)
  mkdirSync(directory)
  const file = join(directory, 'migration.sql')
  writeFileSync(file, `${sql}\n`)
  return file
}

function readSchema(): SchemaContainer[] {
  const names = readdirSync(schemaDirectory).filter((name) => name.endsWith('.prisma'))
  return names.sort().map((name) => {
    const path = join(schemaDirectory, name)
    return { path, content: readFileSync(path, 'utf8') }
  })
}
