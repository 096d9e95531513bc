import 'server-only'
import type { StaffActor, SystemActor } from '@/lib/actor'
import { readTexts } from '@/lib/bulk'
import { Prisma } from '@/lib/db'
import type { Registry } from '@/lib/orcid/id'
import { toCondition } from '@/lib/researchers/condition'
import type { ResearcherFinding, ResearcherState } from '@/lib/researchers/researcher'
import type { ListFilters } from '@/lib/researchers/schema'

/** One researcher, each value as PostgreSQL writes it: times `2026-01-02 03:04:05.678` in UTC, scopes with spaces between. */
export type ResearcherTexts = {
  id: string
  orcid: string
  registry: Registry
  name: string | null
  state: ResearcherState
  finding: ResearcherFinding | null
  scopes: string
  connectedAt: string | null
  expiresAt: string | null
  withdrawnAt: string | null
  lastCheckedAt: string | null
  unansweredSince: string | null
  primaryOrcid: string | null
  department: string | null
  localId: string | null
  /** `t` or `f`. */
  conflict: string
  createdAt: string
}

/**
 * All researchers that the filters let through, in batches, ordered by iD whatever the filters say: an iD never
 * changes, so nobody is met twice or left out because something about them changed on the way. One batch is read ahead;
 * no connection is held between two. Leaving early, or `signal`, ends the query.
 */
export async function* walkResearchers(
  _actor: StaffActor | SystemActor,
  filters: ListFilters,
  batchSize: number,
  signal: AbortSignal,
): AsyncGenerator<ResearcherTexts[]> {
  const left = new AbortController()
  const either = AbortSignal.any([signal, left.signal])
  const read = (after: string) => {
    const batch = readBatch(filters, after, batchSize, either)
    // It is awaited when it is wanted, or never.
    batch.catch(() => undefined)
    return batch
  }
  try {
    for (let next: ReturnType<typeof read> | null = read(''); next; ) {
      const rows: ResearcherTexts[] = await next
      const last = rows.at(-1)
      next = last && rows.length === batchSize ? read(last.orcid) : null
      if (last) yield rows
    }
  } finally {
    left.abort()
  }
}

function readBatch(filters: ListFilters, after: string, limit: number, signal: AbortSignal) {
  const utc = (column: string) => Prisma.raw(`${column} at time zone 'UTC'`)
  return readTexts<ResearcherTexts>(
    Prisma.sql`
      select id, orcid, registry, name, state, finding, array_to_string(live_scopes, ' ') as scopes,
        ${utc('connected_at')} as "connectedAt", ${utc('expires_at')} as "expiresAt",
        ${utc('withdrawn_at')} as "withdrawnAt", ${utc('last_checked_at')} as "lastCheckedAt",
        ${utc('unanswered_since')} as "unansweredSince", primary_orcid as "primaryOrcid",
        department, local_id as "localId", conflict,
        ${utc('created_at')} as "createdAt"
      from researcher where ${toCondition(filters)} and orcid > ${after} order by orcid limit ${limit}`,
    signal,
  )
}
