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

// In the order in which `toTexts` takes them apart. In JSON, which free text is made into, there is neither a tab nor a
// line break, and everything else here is a word or a time.
const utc = (column: string) => `coalesce((${column} at time zone 'UTC')::text, '')`
const word = (column: string) => `coalesce(${column}::text, '')`
const free = (column: string) => `coalesce(to_json(${column})::text, '')`
const line = Prisma.raw(`concat_ws(E'\\t', id, orcid, registry, state, conflict, array_to_string(live_scopes, ' '),
  ${utc('created_at')}, ${utc('connected_at')}, ${utc('expires_at')}, ${utc('withdrawn_at')}, ${utc('last_checked_at')},
  ${utc('unanswered_since')}, ${word('finding')}, ${word('primary_orcid')},
  ${free('name')}, ${free('department')}, ${free('local_id')})`)

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
  const leave = () => left.abort(signal.reason)
  signal.addEventListener('abort', leave, { once: true })
  if (signal.aborted) leave()
  const read = (after: string) => {
    const batch = readBatch(filters, after, batchSize, left.signal)
    // It is awaited when it is wanted, or never.
    batch.catch(() => undefined)
    return batch
  }
  try {
    for (let next: Promise<Batch> | null = read(''); next; ) {
      const { count, last, text }: Batch = await next
      next = count === batchSize ? read(last) : null
      if (count > 0) yield text.split('\n').map(toTexts)
    }
  } finally {
    signal.removeEventListener('abort', leave)
    left.abort()
  }
}

type Batch = { count: number; last: string; text: string }

/**
 * A batch as one text, a line for each: a row of the database client's for each person, and a text for each of their
 * values, would cost more than writing the file.
 */
async function readBatch(filters: ListFilters, after: string, limit: number, signal: AbortSignal): Promise<Batch> {
  const [batch] = await readTexts<{ count: string; last: string | null; text: string | null }>(
    Prisma.sql`
      select count(*), max(orcid) as last, string_agg(line, E'\n') as text from (
        select orcid, ${line} as line
        from researcher where ${toCondition(filters)} and orcid > ${after} order by orcid limit ${limit}) as batch`,
    signal,
  )
  return { count: Number(batch?.count), last: batch?.last ?? '', text: batch?.text ?? '' }
}

function toTexts(line: string): ResearcherTexts {
  const values = line.split('\t')
  const at = (place: number) => values[place] ?? ''
  const orNull = (place: number) => values[place] || null
  return {
    id: at(0),
    orcid: at(1),
    registry: at(2) as Registry,
    state: at(3) as ResearcherState,
    conflict: at(4),
    scopes: at(5),
    createdAt: at(6),
    connectedAt: orNull(7),
    expiresAt: orNull(8),
    withdrawnAt: orNull(9),
    lastCheckedAt: orNull(10),
    unansweredSince: orNull(11),
    finding: orNull(12) as ResearcherFinding | null,
    primaryOrcid: orNull(13),
    name: fromJson(at(14)),
    department: fromJson(at(15)),
    localId: fromJson(at(16)),
  }
}

function fromJson(text: string): string | null {
  if (text === '') return null
  return text.includes('\\') ? JSON.parse(text) : text.slice(1, -1)
}
