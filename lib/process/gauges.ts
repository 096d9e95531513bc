import 'server-only'
import { Gauge, Registry } from 'prom-client'
import { z } from 'zod'
import { db, Prisma, queryRows } from '@/lib/db'
import { findReadinessFault } from '@/lib/installation/queries'
import { listSealedKeys, type SealedKey } from '@/lib/installation/replicas'
import { log } from '@/lib/log'
import { startMetrics } from '@/lib/metrics'
import { isPaused } from '@/lib/researchers/condition'
import { isFailing } from '@/lib/webhooks/queries'

const stateRow = z.object({
  revocations: z.number(),
  revocationOldestS: z.number(),
  recoveries: z.number(),
  recoveryOldestS: z.number(),
  jobs: z.number(),
  jobOldestS: z.number(),
  workerSeenS: z.number().nullable(),
  restoresHeld: z.number(),
  failoversOpen: z.number(),
  filesFailed: z.number(),
  webhooksFailing: z.number(),
  ledgerOldestS: z.number(),
  backupS: z.number().nullable(),
  affiliations: z.number(),
  affiliationOldestS: z.number(),
  refused: z.number(),
})

/** Metrics of this process and, if it answers, of the database. */
export async function formatMetrics(): Promise<string> {
  const gauges = new Registry()
  const isUp = await readGauges(gauges).then(
    () => true,
    (error) => {
      log().warn({ err: error }, 'failed to read metrics from the database')
      return false
    },
  )
  addGauge(gauges, 'database_up', 'Whether the database answered just now.', Number(isUp))
  const isWritable = (await findReadinessFault())?.reason.startsWith('database_') !== true
  addGauge(
    gauges,
    'database_writable',
    'Whether the database admits the portal and can be written.',
    Number(isWritable),
  )
  return Registry.merge([gauges, startMetrics().registry]).metrics()
}

function addGauge(registry: Registry, name: string, help: string, value: number): void {
  new Gauge({ name: `concord_${name}`, help, registers: [registry] }).set(value)
}

function addGauges(registry: Registry, name: string, help: string, label: string, values: [string, number][]): void {
  const gauge = new Gauge({ name: `concord_${name}`, help, labelNames: [label], registers: [registry] })
  for (const [text, value] of values) gauge.set({ [label]: text }, value)
}

async function readGauges(registry: Registry): Promise<void> {
  const [state, keys, grants, mails] = await Promise.all([
    readState(),
    listSealedKeys(),
    grantsByFinding(),
    mailsByState(),
  ])
  const gauge = (name: string, help: string, value: number) => addGauge(registry, name, help, value)
  gauge('revocations_waiting', 'Tokens that ORCID must still disable.', state.revocations)
  gauge('revocation_oldest_seconds', 'How long the oldest of them has waited.', state.revocationOldestS)
  gauge('recoveries_waiting', 'Exchanges with an unknown outcome.', state.recoveries)
  gauge('recovery_oldest_seconds', 'How long ago the oldest of them began.', state.recoveryOldestS)
  gauge('jobs_waiting', 'Jobs that are due and not done.', state.jobs)
  gauge('job_oldest_seconds', 'How long the oldest of them has been due.', state.jobOldestS)
  gauge('restores_held', 'Whether the database was restored and waits to be released.', state.restoresHeld)
  gauge('failovers_open', 'Failovers of the database that no administrator has acknowledged.', state.failoversOpen)
  gauge('files_failed', 'Files on a timetable whose last run failed.', state.filesFailed)
  gauge('webhooks_failing', 'Systems that do not get their events.', state.webhooksFailing)
  gauge('ledger_oldest_seconds', 'How long the oldest entry has waited to be in the ledger.', state.ledgerOldestS)
  gauge('affiliations_waiting', 'Items that are still to be written to ORCID records.', state.affiliations)
  gauge('affiliation_oldest_seconds', 'How long ago the oldest of them was decided.', state.affiliationOldestS)
  gauge('affiliations_refused', 'Items that ORCID has refused.', state.refused)
  if (state.workerSeenS !== null)
    gauge('worker_seen_seconds', 'How long ago a worker last did a job of the timetable.', state.workerSeenS)
  if (state.backupS !== null) gauge('backup_age_seconds', 'How long ago a backup was last made.', state.backupS)
  gauge(
    'unchecked_oldest_seconds',
    'How long ago ORCID last answered about the live grant that has waited longest.',
    grants.oldestS,
  )
  const mailHelp = 'Mails of the last 24 hours by what became of them; failing: those that are tried again, at any age.'
  addGauges(registry, 'mails', mailHelp, 'state', mails)
  addGauges(registry, 'grants', 'Grants by what ORCID said about them last.', 'finding', grants.byFinding)
  const rowsByKey = (some: SealedKey[]) => some.map(({ keyId, rows }): [string, number] => [keyId, rows])
  addGauges(registry, 'sealed_rows', 'Rows by the key that opens them.', 'key', rowsByKey(keys))
  addGauges(
    registry,
    'sealed_rows_without_key',
    'Rows sealed with a key that no running process has, by key.',
    'key',
    rowsByKey(keys.filter(({ rows, isHeld }) => rows > 0 && !isHeld)),
  )
}

async function readState(): Promise<z.infer<typeof stateRow>> {
  const [state] = await queryRows(
    db(),
    stateRow,
    Prisma.sql`
    select revocation.*, recovery.*, job.*, affiliation.*,
      (select count(*)::int from restore where released_at is null) as "restoresHeld",
      (select count(*)::int from export_plan p where ended_at is null and ends_on >= current_date and 'failed' = (
        select state from export_plan_run where plan_id = p.id and state in ('done', 'failed')
        order by due_at desc limit 1)) as "filesFailed",
      (select count(*)::int from webhook where ${isFailing}) as "webhooksFailing",
      (select count(*)::int from failover where acknowledged_at is null) as "failoversOpen",
      (select coalesce(extract(epoch from now() - min(at)), 0)::float from ledger_entry) as "ledgerOldestS",
      (select extract(epoch from now() - worker_seen_at)::float from installation) as "workerSeenS",
      (select extract(epoch from now() - backed_up_at)::float from installation) as "backupS"
    from
      (select count(*)::int as revocations,
         coalesce(extract(epoch from now() - min(requested_at)), 0)::float as "revocationOldestS"
       from revocation where confirmed_at is null) as revocation,
      (select count(*)::int as recoveries,
         coalesce(extract(epoch from now() - min(claimed_at)), 0)::float as "recoveryOldestS"
       from authorization_attempt where state in ('exchanging', 'recovering')) as recovery,
      (select count(*)::int as jobs, coalesce(extract(epoch from now() - min(run_at)), 0)::float as "jobOldestS"
       from graphile_worker.jobs where run_at <= now() and attempts < max_attempts) as job,
      (select count(*) filter (where state <> 'refused')::int as affiliations, count(*) filter (where state = 'refused')::int as refused,
         coalesce(extract(epoch from now() - min(changed_at) filter (where state <> 'refused')), 0)::float as "affiliationOldestS"
       from affiliation where state in ('pending', 'updating', 'waiting_for_orcid', 'deleting', 'refused')) as affiliation`,
  )
  if (!state) throw new Error('The state query has no row')
  return state
}

const cacheMs = 5 * 60_000

/** Monitors poll more often than these table scans change. */
function cached<T>(read: () => Promise<T>): () => Promise<T> {
  let entry: { value: Promise<T>; at: number } | null = null
  return () => {
    if (!entry || Date.now() - entry.at > cacheMs) {
      entry = { value: read(), at: Date.now() }
      entry.value.catch(() => {
        entry = null
      })
    }
    return entry.value
  }
}

const grantsByFinding = cached(countGrants)

async function countGrants(): Promise<{ byFinding: [string, number][]; oldestS: number }> {
  const rows = await queryRows(
    db(),
    z.object({ finding: z.string(), count: z.number(), oldestS: z.number().nullable() }),
    Prisma.sql`
    select case when state <> 'live' then state::text when unanswered_since is not null then 'unanswered'
        else coalesce(finding::text, 'unchecked') end as finding,
      count(*)::int as count,
      extract(epoch from now() - min(coalesce(last_checked_at, granted_at)) filter (where state = 'live' and not ${isPaused}))::float
        as "oldestS"
    from "grant"
    where (state = 'live' and sealed_access_token is not null)
      or state in ('withdrawn_at_orcid', 'record_deprecated', 'record_deactivated')
    group by 1 order by 1`,
  )
  return {
    byFinding: rows.map(({ finding, count }) => [finding, count]),
    oldestS: Math.max(0, ...rows.map(({ oldestS }) => oldestS ?? 0)),
  }
}

const mailsByState = cached(countMails)

/** Each mail in one state. What was left out is in none: it could be somebody's wish. */
async function countMails(): Promise<[string, number][]> {
  const [counts] = await queryRows(
    db(),
    z.record(z.string(), z.number()),
    Prisma.sql`
    select count(*) filter (where state = 'waiting')::int as failing,
      count(*) filter (where state = 'sent' and bounced_at is null)::int as sent,
      count(*) filter (where state in ('sending', 'perhaps_sent') and bounced_at is null)::int as perhaps_sent,
      count(*) filter (where state = 'refused')::int as refused,
      count(*) filter (where bounced_at is not null)::int as bounced
    from mail
    where state = 'waiting' and tries > 0
      or state in ('sending', 'sent', 'perhaps_sent', 'refused') and sending_at > now() - interval '24 hours'`,
  )
  return Object.entries(counts ?? {})
}
