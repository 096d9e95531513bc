import 'server-only'
import type { StaffActor } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { inTransaction } from '@/lib/db'
import { type ExportFormat, encoders, toExportRow } from '@/lib/exports/export'
import { walkResearchers } from '@/lib/researchers/queries'
import type { ListFilters } from '@/lib/researchers/schema'

const batchSize = 1_000

/**
 * The researchers that the filters let through as a file, ordered by iD, piece by piece: at any time one batch is in
 * memory. Whoever stops reading stops the queries. Either way one event says what was taken and how much of it.
 */
export async function* exportResearchers(
  actor: StaffActor,
  filters: ListFilters,
  format: ExportFormat,
  requestId?: string,
): AsyncGenerator<string, void, undefined> {
  const encoder = encoders[format]
  let rows = 0
  let complete = false
  try {
    yield encoder.head
    for await (const batch of walkResearchers(actor, filters, batchSize)) {
      const text = encoder.rows(batch.map(toExportRow), rows === 0)
      rows += batch.length
      yield text
    }
    yield encoder.tail
    complete = true
  } finally {
    await recordExport(actor, { format, filters, rows, complete, requestId })
  }
}

type Exported = { format: ExportFormat; filters: ListFilters; rows: number; complete: boolean; requestId?: string }

function recordExport(actor: StaffActor, { format, filters, rows, complete, requestId }: Exported): Promise<void> {
  const { q, cursor, sort, ...kept } = filters
  // What was searched for may be somebody's name, which an append-only record could never forget.
  const detail = { format, filter: { ...kept, searched: q !== '' }, rows, complete }
  return inTransaction((tx) => recordEvent(tx, actor, { action: 'list.exported', requestId, detail }))
}
