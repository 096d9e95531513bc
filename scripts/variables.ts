import { readFileSync } from 'node:fs'
import { parseDatabaseUrl } from '@/lib/config/database-url'
import { databaseClient } from '@/lib/database/connection'

/** A variable of the configuration as the portal reads it: its value or, with `NAME_FILE`, what that file holds. */
export function readVariable(name: string): string | undefined {
  const file = process.env[`${name}_FILE`]
  return process.env[name] || (file ? readFileSync(file, 'utf8').trim() : undefined)
}

/**
 * The database as it is configured: the address of the role that owns the schema, which may be the portal's own, and the
 * portal's role where that is another.
 */
export function readDatabaseUrls() {
  const owner = readVariable('MIGRATE_DATABASE_URL')
  const portal = readVariable('DATABASE_URL')
  const url = owner ?? portal
  for (const [name, address] of Object.entries({ MIGRATE_DATABASE_URL: owner, DATABASE_URL: portal })) {
    const parsed = address === undefined ? {} : parseDatabaseUrl(address)
    if ('fault' in parsed) throw new Error(`${name} ${parsed.fault}`)
  }
  if (!url) throw new Error('Set MIGRATE_DATABASE_URL (the role that owns the schema) or DATABASE_URL')
  return { owner, portal, url, role: owner && portal ? otherRole(owner, portal) : null }
}

/** The role of DATABASE_URL, where it is another than the one that migrates. */
function otherRole(owner: string, portal: string): string | null {
  const [migrating, running] = [owner, portal].map((url) => databaseClient(url).user)
  return running && running !== migrating ? running : null
}
