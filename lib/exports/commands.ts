import 'server-only'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import type { StaffActor, SystemActor } from '@/lib/actor'
import { type AuditRow, walkAudit } from '@/lib/audit/history'
import type { AuditFilters } from '@/lib/audit/schema'
import { chooseColumns } from '@/lib/exports/column'
import { type Encoder, makeEncoder, type TableFormat } from '@/lib/exports/encoder'
import { historyColumns } from '@/lib/exports/history'
import { makeLdif } from '@/lib/exports/ldif'
import {
  beginRun,
  endRun,
  type FileTaken,
  type IdRange,
  type NewRun,
  type Progress,
  recordPart,
  toIdRange,
  watchRun,
} from '@/lib/exports/runs'
import type { FileOptions } from '@/lib/exports/schema'
import { countResearchers } from '@/lib/researchers/counts'
import { type ListFilters, toSearchParams } from '@/lib/researchers/schema'
import { type ResearcherTexts, walkResearchers } from '@/lib/researchers/walk'

/** Between two batches others have their turn: of the process, of the connections, of the database. */
const batchSize = 1_000

/** How many files this process is at. */
let underWay = 0

/** A file that is written while `parts` are read. `stop` breaks it off, also while nobody reads. */
export type Export = { id: string; parts: AsyncGenerator<string, void, undefined>; stop: AbortController }

/**
 * The researchers that the filters let through as a file, ordered by iD, piece by piece: at any time two batches are in
 * memory. Whoever stops reading stops the queries. Either way one event says what was taken and how much of it, and
 * whose rows left is written down before they do. Null where as many files as may be are being written.
 */
export async function exportResearchers(
  actor: StaffActor | SystemActor,
  filters: ListFilters,
  options: FileOptions,
  requestId?: string,
): Promise<Export | null> {
  // What was searched for may be somebody's name or number, which an append-only record could never forget.
  const { q, localId, cursor, sort, ...kept } = filters
  const searched = q !== '' || localId !== null
  const { count } = await countResearchers(actor, filters)
  const { format, columns, dn } = options
  const run: NewRun = {
    action: 'list.exported',
    format,
    filter: toSearchParams({ ...filters, q: '', localId: null, cursor: null, sort: '-connected' }).toString(),
    searched,
    rowsExpected: count,
  }
  const chosen = chooseColumns(columns)
  const stop = new AbortController()
  return open<ResearcherTexts>(actor, run, stop, {
    what: { format, filter: { ...kept, searched }, columns: format === 'ldif' ? [] : chosen.map(({ name }) => name) },
    requestId,
    batches: walkResearchers(actor, filters, batchSize, stop.signal),
    encoder: format === 'ldif' && dn ? makeLdif(dn) : makeEncoder(toTable(format), chosen, options),
    personOf: ({ id }) => id,
    orcidOf: ({ orcid }) => orcid,
  })
}

const toTable = (format: FileOptions['format']): TableFormat => (format === 'ldif' ? 'csv' : format)

/** The events that the filters let through as a file, oldest first; as `exportResearchers` in every other way. */
export function exportAudit(
  actor: StaffActor,
  filters: AuditFilters,
  format: TableFormat,
  requestId?: string,
): Promise<Export | null> {
  const { actor: by, subject, cursor, ...kept } = filters
  const searched = by !== '' || subject !== ''
  const run: NewRun = { action: 'audit.exported', format, filter: '', searched, rowsExpected: null }
  return open<AuditRow>(actor, run, new AbortController(), {
    what: { format, filter: { ...kept, actorSearched: by !== '', subjectSearched: subject !== '' }, columns: [] },
    requestId,
    batches: walkAudit(actor, filters, batchSize),
    encoder: makeEncoder(format, historyColumns),
    personOf: ({ researcherId }) => researcherId,
  })
}

type Content<Found> = {
  what: FileTaken
  requestId: string | undefined
  batches: AsyncGenerator<Found[]>
  encoder: Encoder<Found>
  personOf: (found: Found) => string | null
  /** Where the rows are in the order of iDs. */
  orcidOf?: (found: Found) => string
}

async function open<Found>(
  actor: StaffActor | SystemActor,
  run: NewRun,
  stop: AbortController,
  content: Content<Found>,
): Promise<Export | null> {
  const id = await beginRun(actor, run)
  if (!id) return null
  const parts = write(actor, id, run, stop, content)
  // Of a generator that was never begun no end is written down: its first part is empty.
  await parts.next()
  return { id, parts, stop }
}

async function* write<Found>(
  actor: StaffActor | SystemActor,
  id: string,
  { action }: NewRun,
  stop: AbortController,
  { what, requestId, batches, encoder, personOf, orcidOf }: Content<Found>,
): AsyncGenerator<string, void, undefined> {
  const progress: Progress = { rows: 0, movedAt: Date.now() }
  const endWatch = watchRun(id, progress, stop)
  let state: 'done' | 'cancelled' | 'failed' = 'cancelled'
  let after: string | null = null
  underWay++
  try {
    yield ''
    yield encoder.head
    for await (const batch of batches) {
      stop.signal.throwIfAborted()
      const startedAt = performance.now()
      const rows = batch.filter((row) => encoder.takes(row))
      const people = new Set(rows.map(personOf).filter((person) => person !== null))
      const last = orcidOf && batch.length === batchSize ? orcidOf(batch[batch.length - 1] as Found) : null
      const between: IdRange | null = orcidOf ? toIdRange(after, last) : null
      const recorded = recordPart(id, action, [...people], between)
      const text = encoder.rows(rows, progress.rows === 0)
      await recorded
      after = last
      progress.rows += rows.length
      const tookMs = performance.now() - startedAt
      yield text
      progress.movedAt = Date.now()
      stop.signal.throwIfAborted()
      await giveWay(tookMs, stop.signal)
    }
    yield encoder.tail()
    state = 'done'
  } catch (error) {
    if (!stop.signal.aborted) state = 'failed'
    throw error
  } finally {
    underWay--
    endWatch()
    await endRun(actor, { id, action, state, rows: progress.rows, requestId, ...what })
  }
}

/** One file alone lets whatever has come meanwhile go first; several rest as long as each has worked, so that pages do not wait. */
async function giveWay(tookMs: number, signal: AbortSignal): Promise<void> {
  if (underWay > 1) await sleep(tookMs * (underWay - 1), undefined, { signal })
  else await setImmediate()
}
