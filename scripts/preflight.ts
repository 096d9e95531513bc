import pg from 'pg'

const { escapeIdentifier } = pg

const oldestVersion = 150_000
const extensions = ['pg_trgm', 'unaccent']

type Plan = {
  portalRole: string | null
  /** Whether every migration of ours is applied. */
  isComplete: boolean
}

/**
 * Finds what would keep the role of `client` from migrating, a sentence each, before anything is begun. Also puts the
 * schemas of extensions on the session's search path: some hosts keep them apart.
 */
export async function findHindrances(client: pg.ClientBase, { portalRole, isComplete }: Plan): Promise<string[]> {
  const server = await findServerFaults(client)
  if (server.length > 0) return server
  const roles = portalRole ? await findMissingRole(client, portalRole) : []
  if (isComplete) return roles
  return [...(await findMissingRights(client)), ...(await findExtensionFaults(client)), ...roles]
}

async function findServerFaults(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query(
    `SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS version,
       pg_is_in_recovery() AS "isStandby", current_setting('transaction_read_only') = 'on' AS "isReadOnly",
       current_setting('server_encoding') AS encoding,
       EXISTS (SELECT FROM pg_collation WHERE collname = 'und-x-icu') AS "hasIcu"`,
  )
  const { number, version, isStandby, isReadOnly, encoding, hasIcu } = rows[0]
  if (number < oldestVersion) return [`PostgreSQL 15 or newer is needed, and this is ${version}: update the server.`]
  if (isStandby) return ['This server is a standby: give the address of the primary.']
  if (isReadOnly) return ['The database is read-only: look for default_transaction_read_only, or for a full disk.']
  if (encoding !== 'UTF8')
    return [
      `The database's encoding is ${encoding}: make one with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0.`,
    ]
  if (!hasIcu) return ['This server was built without ICU collations: take a build that has them, as all packages do.']
  return []
}

async function findMissingRole(client: pg.ClientBase, role: string): Promise<string[]> {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role])
  if (rowCount) return []
  return [`The role ${role} of DATABASE_URL is not there: CREATE ROLE ${escapeIdentifier(role)} LOGIN PASSWORD '…'`]
}

async function findMissingRights(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ grant: string }>(
    `SELECT format('GRANT CREATE ON DATABASE %I TO %I', current_database(), current_user) AS "grant"
      WHERE to_regnamespace('graphile_worker') IS NULL
        AND NOT has_database_privilege(current_database(), 'CREATE')
     UNION ALL
     SELECT format('GRANT USAGE, CREATE ON SCHEMA public TO %I', current_user)
      WHERE NOT (has_schema_privilege('public', 'USAGE') AND has_schema_privilege('public', 'CREATE'))
     UNION ALL
     SELECT format('GRANT %I TO %I', owner, current_user)
       FROM (SELECT DISTINCT pg_get_userbyid(c.relowner) AS owner FROM pg_class c
              WHERE c.relkind = 'r' AND (c.relnamespace = to_regnamespace('graphile_worker')
                 OR c.relnamespace = to_regnamespace('public') AND c.relname IN ('_prisma_migrations', 'installation'))) owners
      WHERE NOT pg_has_role(owner, 'USAGE')`,
  )
  return rows.map(({ grant }) => `The role that migrates lacks a right: ${grant}`)
}

/** Tries to create each one that is missing: hosts have rules of their own, which no catalogue shows. */
async function findExtensionFaults(client: pg.ClientBase): Promise<string[]> {
  const { rows: installed } = await client.query<{ name: string; schema: string; isUsable: boolean }>(
    `SELECT extname AS name, nspname AS schema, has_schema_privilege(n.oid, 'USAGE') AS "isUsable"
       FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE extname = ANY ($1)`,
    [extensions],
  )
  const faults = installed
    .filter(({ isUsable }) => !isUsable)
    .map(({ name, schema }) => `The extension ${name} is in the schema ${schema}, which this role may not use.`)
  for (const name of extensions.filter((one) => !installed.some((other) => other.name === one))) {
    await client.query('BEGIN')
    const refused = await client.query(`CREATE EXTENSION ${name} SCHEMA public`).then(
      () => null,
      ({ message, hint }: pg.DatabaseError) => [message, hint].filter(Boolean).join('. '),
    )
    await client.query('ROLLBACK')
    if (refused) faults.push(`The extension ${name} cannot be created. The server says: ${refused}`)
  }
  const schemas = new Set(['public', ...installed.map(({ schema }) => schema)])
  await client.query(`SET search_path TO ${[...schemas].map(escapeIdentifier).join(', ')}`)
  return faults
}
