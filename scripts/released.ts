import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { migrationNames, migrationsDirectory } from '@/scripts/migrations'

/** Checksums of the migrations that came with each version: `{ "0.1.0": { "0001_initial": "…" } }`. */
export type Released = Record<string, Record<string, string>>

const listIn = (directory: string) => join(directory, 'released.json')

export const readReleased = (directory = migrationsDirectory): Released =>
  JSON.parse(readFileSync(listIn(directory), 'utf8'))

/** Sentences about released migrations that were changed or taken away. */
export function findChangedMigrations(directory = migrationsDirectory): string[] {
  const now = hashAll(directory)
  return Object.entries(readReleased(directory)).flatMap(([version, migrations]) =>
    Object.entries(migrations)
      .filter(([name, checksum]) => now[name] !== checksum)
      .map(([name]) => `${name} was ${now[name] ? 'changed' : 'taken away'} after ${version}: write another migration`),
  )
}

/**
 * Notes the migrations that no version had before as those of `version`. Returns their names.
 *
 * @throws Error if a released migration was changed
 */
export function recordRelease(version: string, directory = migrationsDirectory): string[] {
  const changed = findChangedMigrations(directory)
  if (changed.length > 0) throw new Error(changed.join('\n'))
  const released = readReleased(directory)
  const known = new Set(Object.values(released).flatMap(Object.keys))
  const added = Object.entries(hashAll(directory)).filter(([name]) => !known.has(name))
  released[version] = { ...released[version], ...Object.fromEntries(added) }
  writeFileSync(listIn(directory), `${JSON.stringify(released, null, 2)}\n`)
  return added.map(([name]) => name)
}

function hashAll(directory: string): Record<string, string> {
  const hash = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(directory, name, 'migration.sql')))
      .digest('hex')
  return Object.fromEntries(migrationNames(directory).map((name) => [name, hash(name)]))
}
