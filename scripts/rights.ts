import type { ClientBase } from 'pg'
import pg from 'pg'

const { escapeIdentifier, escapeLiteral } = pg

/**
 * What the portal does with each table of its own: a line a table, and a test fails for a table without one. History
 * (`audit_event`, `audit_checkpoint`, `export_part`, `daily_figure`) and tombstones (`erasure`) are written and read, never changed or deleted; rows are deleted where a
 * person is erased, when they have been kept for long enough, and when the window of a limit is over. Nothing is emptied.
 */
export const portalRights: Record<string, string> = {
  // `npm run doctor` looks which of them a database lacks.
  _prisma_migrations: 'SELECT (migration_name, finished_at)',
  access_token: 'SELECT, INSERT, DELETE',
  affiliation: 'SELECT, INSERT, UPDATE, DELETE',
  affiliation_draft: 'SELECT, INSERT, UPDATE, DELETE',
  affiliation_row: 'SELECT',
  work_row: 'SELECT',
  api_key: 'SELECT, INSERT, UPDATE (last_used_at, revoked_at)',
  appointment: 'SELECT, INSERT, UPDATE, DELETE',
  api_write: 'SELECT, INSERT, DELETE',
  attention: 'SELECT, INSERT, UPDATE',
  audit_event: 'SELECT, INSERT',
  audit_checkpoint: 'SELECT, INSERT',
  audit_row: 'SELECT',
  authorization_attempt: 'SELECT, INSERT, UPDATE, DELETE',
  // Made and ended, never changed otherwise; deleted with the person.
  binding: 'SELECT, INSERT, UPDATE (confirmed_at, ended_at, ended, reason), DELETE',
  batch: 'SELECT, INSERT, UPDATE, DELETE',
  batch_step: 'SELECT, INSERT, UPDATE, DELETE',
  campaign: 'SELECT, INSERT, UPDATE, DELETE',
  campaign_figure: 'SELECT, INSERT, DELETE',
  campaign_step: 'SELECT, INSERT, UPDATE, DELETE',
  campaign_text: 'SELECT, INSERT, UPDATE, DELETE',
  // Triggers fill it, as the owner.
  change_log: 'SELECT, UPDATE (position), DELETE',
  client_token: 'SELECT, INSERT, UPDATE, DELETE',
  conflict: 'SELECT, INSERT, UPDATE, DELETE',
  daily_figure: 'SELECT, INSERT',
  delegation: 'SELECT, INSERT, UPDATE, DELETE',
  delivery: 'SELECT, INSERT, UPDATE, DELETE',
  do_not_ask: 'SELECT, INSERT, UPDATE, DELETE',
  erasure: 'SELECT, INSERT',
  export_part: 'SELECT, INSERT',
  export_plan: 'SELECT, INSERT, UPDATE',
  export_plan_run: 'SELECT, INSERT, UPDATE, DELETE',
  export_row: 'SELECT',
  export_run: 'SELECT, INSERT, UPDATE, DELETE',
  failover: 'SELECT, INSERT, UPDATE (acknowledged_at)',
  form_draft: 'SELECT, INSERT, DELETE',
  foreign_answer: 'SELECT, INSERT, UPDATE',
  grant: 'SELECT, INSERT, UPDATE, DELETE',
  grant_check: 'SELECT, INSERT, DELETE',
  import: 'SELECT, INSERT, UPDATE, DELETE',
  import_row: 'SELECT, INSERT, UPDATE, DELETE',
  // Keys are rotated; which registry this is stays.
  installation:
    'SELECT, INSERT, UPDATE (sealed_canary, sealed_lookup_key, worker_seen_at, mail_stopped_at, ledger_mark, ledger_next_mark, location, timeline)',
  invitation: 'SELECT, INSERT, UPDATE, DELETE',
  invitation_link: 'SELECT, INSERT, UPDATE, DELETE',
  leaver_approval: 'SELECT, INSERT, UPDATE, DELETE',
  // Triggers fill it, as the owner; the portal adds to it only what a new ledger has to begin with.
  ledger_entry: 'SELECT, INSERT, DELETE',
  mail: 'SELECT, INSERT, UPDATE, DELETE',
  mail_suppression: 'SELECT, INSERT, UPDATE, DELETE',
  mail_template: 'SELECT, INSERT, DELETE',
  mail_text: 'SELECT, INSERT, UPDATE, DELETE',
  mailing: 'SELECT, INSERT, UPDATE, DELETE',
  mailing_recipient: 'SELECT, INSERT, DELETE',
  note: 'SELECT, INSERT, UPDATE, DELETE',
  objection: 'SELECT, INSERT, DELETE',
  orcid_call: 'SELECT, INSERT, DELETE',
  orcid_rate_limit: 'SELECT, INSERT, UPDATE',
  person: 'SELECT, INSERT, UPDATE, DELETE',
  people_row: 'SELECT',
  proxy_hops: 'SELECT, INSERT, UPDATE',
  rate_limit: 'SELECT, INSERT, UPDATE, DELETE',
  replica: 'SELECT, INSERT, UPDATE, DELETE',
  researcher: 'SELECT, INSERT, UPDATE, DELETE',
  restore: 'SELECT, INSERT, UPDATE',
  revocation: 'SELECT, INSERT, UPDATE, DELETE',
  saved_view: 'SELECT, INSERT, DELETE',
  sealed_key: 'SELECT, INSERT, UPDATE',
  session: 'SELECT, INSERT, UPDATE, DELETE',
  // A change adds a row.
  setting: 'SELECT, INSERT',
  shown_system: 'SELECT, INSERT',
  shown_text: 'SELECT, INSERT, DELETE',
  staff_invitation: 'SELECT, INSERT, UPDATE',
  staff_member: 'SELECT, INSERT, UPDATE',
  suspicion: 'SELECT, INSERT, UPDATE, DELETE',
  system: 'SELECT, INSERT, UPDATE',
  system_notice: 'SELECT, INSERT, UPDATE',
  system_stop: 'SELECT, INSERT, UPDATE, DELETE',
  // What a system may do is never changed: a change adds a row.
  system_term: 'SELECT, INSERT',
  system_use: 'SELECT, INSERT, UPDATE, DELETE',
  trial: 'SELECT, INSERT, UPDATE, DELETE',
  trial_step: 'SELECT, INSERT, UPDATE, DELETE',
  webhook: 'SELECT, INSERT, UPDATE, DELETE',
  webhook_person: 'SELECT, INSERT, UPDATE, DELETE',
  writing_confirmation: 'SELECT, INSERT, UPDATE',
}

/** What the job queue's code, which runs as the portal's role, does with the queue's tables. */
const queueRights: Record<string, string> = {
  _private_jobs: 'SELECT, INSERT, UPDATE, DELETE',
  _private_job_queues: 'SELECT, INSERT, UPDATE, DELETE',
  _private_tasks: 'SELECT, INSERT',
  _private_known_crontabs: 'SELECT, INSERT, UPDATE',
  migrations: 'SELECT',
  jobs: 'SELECT',
}

/**
 * Gives `role` exactly these rights, and takes from it what it had besides: in one transaction, so that a portal at work
 * sees no gap. `client` is connected as the role that owns the schema. Gives a sentence for each thing that keeps the
 * two roles from being a wall, such as a role that is a superuser; none when it stands.
 *
 * @throws Error when there is no such role
 */
export async function grantPortalRights(client: ClientBase, role: string): Promise<string[]> {
  const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role])
  if (!rowCount) {
    throw new Error(
      `The role ${role} of DATABASE_URL is not there: CREATE ROLE ${escapeIdentifier(role)} LOGIN PASSWORD '…'`,
    )
  }
  await client.query('BEGIN')
  try {
    for (const statement of [...(await takeAll(client, role)), ...(await giveOwn(client, role)), ...giveQueue(role)]) {
      await client.query(statement)
    }
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  }
  return findHoles(client, role)
}

async function takeAll(client: ClientBase, role: string): Promise<string[]> {
  const to = escapeIdentifier(role)
  const { rows } = await client.query<{ name: string }>('SELECT current_database() AS name')
  const database = escapeIdentifier(rows[0]?.name ?? '')
  return [
    // PostgreSQL gives these to everybody, the first one before version 15.
    `REVOKE CREATE ON SCHEMA public FROM PUBLIC, ${to}`,
    `REVOKE TEMPORARY, CREATE ON DATABASE ${database} FROM PUBLIC, ${to}`,
    ...['public', 'graphile_worker'].flatMap((schema) => [
      `REVOKE ALL ON SCHEMA ${schema} FROM ${to}`,
      `REVOKE ALL ON ALL TABLES IN SCHEMA ${schema} FROM ${to}`,
      `REVOKE ALL ON ALL SEQUENCES IN SCHEMA ${schema} FROM ${to}`,
      `GRANT USAGE ON SCHEMA ${schema} TO ${to}`,
    ]),
    `GRANT CONNECT ON DATABASE ${database} TO ${to}`,
  ]
}

async function giveOwn(client: ClientBase, role: string): Promise<string[]> {
  const to = escapeIdentifier(role)
  const tables = Object.entries(portalRights).map(
    ([table, rights]) => `GRANT ${rights} ON public.${escapeIdentifier(table)} TO ${to}`,
  )
  const { rows } = await client.query<{ sequence: string }>(
    `SELECT DISTINCT pg_get_serial_sequence(format('%I.%I', table_schema, table_name), column_name) AS sequence
       FROM information_schema.columns
      WHERE table_schema = 'public' AND column_default LIKE 'nextval(%' AND table_name = ANY ($1)`,
    [Object.keys(portalRights)],
  )
  return [...tables, ...rows.map(({ sequence }) => `GRANT USAGE ON SEQUENCE ${sequence} TO ${to}`)]
}

/**
 * The queue protects its tables by row-level security without a policy, so that to everybody but their owner they are
 * empty. A policy for this one role, named like it, opens them without `BYPASSRLS`, which only a superuser may give.
 */
function giveQueue(role: string): string[] {
  const to = escapeIdentifier(role)
  return Object.entries(queueRights).flatMap(([table, rights]) => {
    const name = `graphile_worker.${table}`
    const grant = `GRANT ${rights} ON ${name} TO ${to}`
    if (!table.startsWith('_private_')) return [grant]
    return [
      grant,
      `DROP POLICY IF EXISTS ${to} ON ${name}`,
      `CREATE POLICY ${to} ON ${name} TO ${to} USING (true) WITH CHECK (true)`,
    ]
  })
}

async function findHoles(client: ClientBase, role: string): Promise<string[]> {
  const { rows } = await client.query<Record<string, boolean>>(
    `SELECT r.rolsuper AS "is a superuser",
            r.rolcreaterole AS "may make roles",
            pg_has_role(r.oid, current_user, 'MEMBER') AS "is a member of the role that owns the schema",
            EXISTS (SELECT 1 FROM pg_class c WHERE c.relowner = r.oid
                     AND c.relnamespace IN ('public'::regnamespace, 'graphile_worker'::regnamespace))
              AS "owns tables (REASSIGN OWNED gives them to the other role)",
            has_schema_privilege(r.oid, 'public', 'CREATE') AS "may make tables in the schema public",
            has_database_privilege(r.oid, current_database(), 'CREATE') AS "may make schemas"
       FROM pg_roles r WHERE r.rolname = ${escapeLiteral(role)}`,
  )
  return Object.entries(rows[0] ?? {}).flatMap(([hole, isThere]) => (isThere ? [`${role} ${hole}`] : []))
}
