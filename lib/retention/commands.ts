import 'server-only'
import { z } from 'zod'
import { system } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { prepareForgetting } from '@/lib/campaigns/forgetting'
import { db, inTransaction, Prisma, queryRows, type Tx } from '@/lib/db'
import { log } from '@/lib/log'
import { countLeaversDue, eraseLeavers } from '@/lib/retention/leavers'
import { type RetentionKind, retentionDays } from '@/lib/retention/retention'

/** `leavers`: people, after `LEAVERS_KEEP_MONTHS`. */
export type RetentionCounts = Record<RetentionKind | 'leavers', number>

type Rule = { table: Prisma.Sql; key: Prisma.Sql; due: (days: number) => Prisma.Sql }

const ago = (days: number) => Prisma.sql`now() - make_interval(days => ${days})`

const rules: Record<RetentionKind, Rule> = {
  // Before the attempts, which stay while a revocation refers to them.
  revocations: {
    table: Prisma.sql`revocation`,
    key: Prisma.sql`id`,
    due: (days) => Prisma.sql`confirmed_at < ${ago(days)} and sealed_token is null`,
  },
  empty_attempts: {
    table: Prisma.sql`authorization_attempt`,
    key: Prisma.sql`id`,
    due: (days) => Prisma.sql`state = 'ended' and ended_at < ${ago(days)} and researcher_id is null
      and not exists (select 1 from revocation r where r.attempt_id = authorization_attempt.id)`,
  },
  sessions: {
    table: Prisma.sql`session`,
    key: Prisma.sql`id`,
    due: (days) => Prisma.sql`expires_at < ${ago(days)}`,
  },
  orcid_calls: {
    table: Prisma.sql`orcid_call`,
    key: Prisma.sql`id`,
    due: (days) => Prisma.sql`at < ${ago(days)}`,
  },
  shown_texts: {
    table: Prisma.sql`shown_text`,
    key: Prisma.sql`hash`,
    due: (days) => Prisma.sql`first_shown_at < ${ago(days)}
      and not exists (select 1 from authorization_attempt a where a.shown_text_hash = shown_text.hash)`,
  },
  checks: {
    table: Prisma.sql`grant_check`,
    key: Prisma.sql`id`,
    due: (days) => Prisma.sql`at < ${ago(days)}`,
  },
  mails: {
    table: Prisma.sql`mail`,
    key: Prisma.sql`id`,
    due: (days) => Prisma.sql`made_at < ${ago(days)} and not exists (
      select from campaign c
      where c.id = coalesce((select g.campaign_id from mailing g where g.id = mail.mailing_id),
          (select i.campaign_id from invitation i where i.id = mail.invitation_id))
        and (c.closed_at is null or c.closed_at >= ${ago(days)}))`,
  },
  system_uses: {
    table: Prisma.sql`system_use`,
    key: Prisma.sql`id`,
    due: (days) => Prisma.sql`used_on < (${ago(days)})::date`,
  },
  delegations: {
    table: Prisma.sql`delegation`,
    key: Prisma.sql`id`,
    due: (days) => Prisma.sql`ended_at < ${ago(days)}`,
  },
  access_tokens: {
    table: Prisma.sql`access_token`,
    key: Prisma.sql`hash`,
    due: (days) => Prisma.sql`expires_at < ${ago(days)}`,
  },
  leaver_approvals: {
    table: Prisma.sql`leaver_approval`,
    key: Prisma.sql`ctid`,
    due: (days) => Prisma.sql`day < (${ago(days)})::date`,
  },
  removed_notes: {
    table: Prisma.sql`note`,
    key: Prisma.sql`id`,
    due: (days) => Prisma.sql`removed_at < ${ago(days)}`,
  },
  trials: {
    table: Prisma.sql`trial`,
    key: Prisma.sql`id`,
    due: (days) => Prisma.sql`started_at < ${ago(days)} and ended_at is not null`,
  },
  affiliation_drafts: {
    table: Prisma.sql`affiliation_draft`,
    key: Prisma.sql`id`,
    due: (days) => Prisma.sql`expires_at < ${ago(days)}`,
  },
  form_drafts: {
    table: Prisma.sql`form_draft`,
    key: Prisma.sql`id`,
    due: (days) => Prisma.sql`expires_at < ${ago(days)}`,
  },
  batches: {
    table: Prisma.sql`batch`,
    key: Prisma.sql`id`,
    due: (days) => Prisma.sql`made_at < ${ago(days)}`,
  },
  invitations: {
    table: Prisma.sql`invitation`,
    key: Prisma.sql`id`,
    due: (days) => Prisma.sql`ended_at < ${ago(days)} and (campaign_id is null
      or exists (select from campaign c where c.id = invitation.campaign_id and c.closed_at < ${ago(days)}))`,
  },
  export_runs: {
    table: Prisma.sql`export_run`,
    key: Prisma.sql`id`,
    due: (days) => Prisma.sql`started_at < ${ago(days)}`,
  },
  export_plan_runs: {
    table: Prisma.sql`export_plan_run`,
    key: Prisma.sql`id`,
    due: (days) => Prisma.sql`due_at < ${ago(days)} and state not in ('waiting', 'running')`,
  },
  changes: {
    table: Prisma.sql`change_log`,
    key: Prisma.sql`id`,
    due: (days) => Prisma.sql`at < ${ago(days)} and position < (select max(position) from change_log)`,
  },
  deliveries: {
    table: Prisma.sql`delivery`,
    key: Prisma.sql`id`,
    due: (days) => Prisma.sql`happened_at < ${ago(days)} and state <> 'waiting'`,
  },
  api_writes: {
    table: Prisma.sql`api_write`,
    key: Prisma.sql`ctid`,
    due: (days) => Prisma.sql`at < ${ago(days)}`,
  },
  failed_jobs: {
    table: Prisma.sql`graphile_worker.jobs`,
    key: Prisma.sql`id`,
    due: (days) => Prisma.sql`attempts >= max_attempts and locked_at is null and updated_at < ${ago(days)}`,
  },
}
const kinds = Object.keys(rules) as RetentionKind[]

const batchSize = 2_000

/**
 * Deletes expired rows in batches, each with an event; with `dryRun` only counts them. Returns the number per kind.
 * Idempotent; concurrent runs are safe.
 *
 * @throws the error of the last kind that failed, after the other kinds
 */
export async function applyRetention({ dryRun = false } = {}): Promise<RetentionCounts> {
  const counts: Partial<RetentionCounts> = {}
  let failure: unknown
  for (const kind of [...kinds, 'leavers'] as const) {
    try {
      counts[kind] = dryRun ? await countDue(kind) : await removeDue(kind)
    } catch (error) {
      log().error({ kind, err: error }, 'failed to apply retention to one kind of rows')
      failure = error
    }
  }
  if (failure) throw failure
  if (!dryRun) log().info({ removed: counts }, 'retention applied')
  return counts as RetentionCounts
}

async function countDue(kind: keyof RetentionCounts): Promise<number> {
  if (kind === 'leavers') return countLeaversDue()
  const { table, due } = rules[kind]
  const [row] = await queryRows(
    db(),
    z.object({ count: z.number() }),
    Prisma.sql`
    select count(*)::int as count from ${table} where ${due(retentionDays[kind])}`,
  )
  return row?.count ?? 0
}

async function removeDue(kind: keyof RetentionCounts): Promise<number> {
  if (kind === 'leavers') return eraseLeavers()
  if (kind === 'invitations') await prepareForgetting(retentionDays[kind])
  let removed = 0
  for (;;) {
    const count = await inTransaction(async (tx) => {
      const count = await removeBatch(tx, kind)
      if (count > 0) await recordEvent(tx, system, { action: 'retention.applied', detail: { kind, removed: count } })
      return count
    })
    removed += count
    if (count < batchSize) return removed
  }
}

async function removeBatch(tx: Tx, kind: RetentionKind): Promise<number> {
  const { table, key, due } = rules[kind]
  // The lock keeps a new attempt from referring to a text that is being deleted.
  if (kind === 'shown_texts') await tx.$executeRaw`lock table shown_text in share row exclusive mode`
  const found = Prisma.sql`select ${key} from ${table} where ${due(retentionDays[kind])} limit ${batchSize}`
  // The queue's supported way: https://worker.graphile.org/docs/admin-functions
  if (kind !== 'failed_jobs') return tx.$executeRaw`delete from ${table} where ${key} in (${found})`
  const completed = await tx.$queryRaw<unknown[]>`
    select id::text from graphile_worker.complete_jobs(array(${found})::bigint[])`
  return completed.length
}
