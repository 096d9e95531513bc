import 'server-only'
import type { StaffActor, SystemActor } from '@/lib/actor'
import { readEvents, stretchEvents } from '@/lib/audit/history'
import type { AuditFilters } from '@/lib/audit/schema'
import { readAhead, type Source } from '@/lib/exports/ahead'
import { chooseColumns } from '@/lib/exports/column'
import { historyColumns } from '@/lib/exports/history'
import { type ExportFormat, type Layout, makeTable, type TableFormat } from '@/lib/exports/layout'
import { makeLdif } from '@/lib/exports/ldif'
import {
  beginRun,
  endRun,
  type FileTaken,
  type NewRun,
  type Progress,
  recordPart,
  toIdRange,
  watchRun,
} from '@/lib/exports/runs'
import type { FileOptions } from '@/lib/exports/schema'
import { countResearchers } from '@/lib/researchers/counts'
import { readResearchers, stretchResearchers } from '@/lib/researchers/part'
import { type ListFilters, toSearchParams } from '@/lib/researchers/schema'

// More than there can be: how far a file is needs the whole number.
const everybody = 1_000_000_000

/**
 * So many rows at a time: between two parts others have their turn, of the process, of the connections, of the database.
 * A line of LDIF is a third of the others.
 */
const partSizes: Record<ExportFormat, number> = { csv: 500, json: 500, jsonl: 500, ldif: 1_500 }

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
  const { count } = await countResearchers(actor, filters, everybody)
  const { format, columns, dn } = options
  const run: NewRun = {
    action: 'list.exported',
    format,
    filter: toSearchParams({ ...filters, q: '', localId: null, cursor: null, sort: null }).toString(),
    searched,
    rowsExpected: count,
  }
  const chosen = chooseColumns(columns)
  const layout = format === 'ldif' && dn ? makeLdif(dn) : makeTable(toTable(format), chosen, options)
  return open(actor, run, {
    what: { format, filter: { ...kept, searched }, columns: format === 'ldif' ? [] : chosen.map(({ name }) => name) },
    requestId,
    layout,
    source: {
      stretch: (signal) => stretchResearchers(actor, filters, partSizes[format], signal),
      read: (stretch, signal) => readResearchers(actor, filters, layout, stretch, signal),
    },
    isByOrcid: true,
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
  const layout = makeTable(format, historyColumns)
  return open(actor, run, {
    what: { format, filter: { ...kept, actorSearched: by !== '', subjectSearched: subject !== '' }, columns: [] },
    requestId,
    layout,
    source: {
      stretch: (signal) => stretchEvents(actor, filters, partSizes[format], signal),
      read: (stretch, signal) => readEvents(actor, filters, layout, stretch, signal),
    },
    isByOrcid: false,
  })
}

type Content = {
  what: FileTaken
  requestId: string | undefined
  layout: Layout
  source: Source
  /** Whether the rows are in the order of iDs, which are their keys then. */
  isByOrcid: boolean
}

async function open(actor: StaffActor | SystemActor, run: NewRun, content: Content): Promise<Export | null> {
  const id = await beginRun(actor, run)
  if (!id) return null
  const stop = new AbortController()
  const parts = write(actor, id, run, stop, content)
  // Of a generator that was never begun no end is written down: its first part is empty.
  await parts.next()
  return { id, parts, stop }
}

async function* write(
  actor: StaffActor | SystemActor,
  id: string,
  { action }: NewRun,
  stop: AbortController,
  { what, requestId, layout, source, isByOrcid }: Content,
): AsyncGenerator<string, void, undefined> {
  const progress: Progress = { rows: 0, movedAt: Date.now() }
  const endWatch = watchRun(id, progress, stop)
  const leftOut = new Map<string, number>()
  let state: 'done' | 'cancelled' | 'failed' = 'cancelled'
  try {
    yield ''
    yield layout.head
    for await (const part of readAhead(source, stop.signal)) {
      const between = isByOrcid ? toIdRange(part.stretch) : null
      await recordPart({ exportId: id, action, people: part.people, between }, stop.signal)
      for (const reason of part.reasons?.split('\n') ?? []) leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1)
      const isFirst = progress.rows === 0
      progress.rows += part.rows
      // By itself: joined to it, all of the text would be copied.
      if (!isFirst && part.rows > 0 && layout.between) yield layout.between
      yield part.text
      progress.movedAt = Date.now()
      stop.signal.throwIfAborted()
    }
    yield layout.tail(leftOut)
    state = 'done'
  } catch (error) {
    if (!stop.signal.aborted) state = 'failed'
    throw error
  } finally {
    endWatch()
    await endRun(actor, { id, action, state, rows: progress.rows, requestId, ...what })
  }
}
