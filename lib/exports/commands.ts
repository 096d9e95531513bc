import 'server-only'
import { randomUUID } from 'node:crypto'
import type { StaffActor } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { walkAudit } from '@/lib/audit/history'
import type { AuditFilters } from '@/lib/audit/schema'
import { db, inTransaction, type Prisma } from '@/lib/db'
import { type Encoder, type ExportFormat, encoders, toExportRow } from '@/lib/exports/export'
import { historyEncoders, toHistoryRow } from '@/lib/exports/history'
import { walkResearchers } from '@/lib/researchers/queries'
import type { ListFilters } from '@/lib/researchers/schema'

const batchSize = 1_000

/**
 * The researchers that the filters let through as a file, ordered by iD, piece by piece: at any time one batch is in
 * memory. Whoever stops reading stops the queries. Either way one event says what was taken and how much of it, and
 * whose rows left is written down before they do.
 */
export function exportResearchers(actor: StaffActor, filters: ListFilters, format: ExportFormat, requestId?: string) {
  const { q, cursor, sort, ...kept } = filters
  return writeFile(actor, {
    action: 'list.exported',
    format,
    // What was searched for may be somebody's name, which an append-only record could never forget.
    filter: { ...kept, searched: q !== '' },
    requestId,
    batches: walkResearchers(actor, filters, batchSize),
    encoder: encoders[format],
    toRow: toExportRow,
    personOf: ({ id }) => id,
  })
}

/** The events that the filters let through as a file, oldest first; as `exportResearchers` in every other way. */
export function exportAudit(actor: StaffActor, filters: AuditFilters, format: ExportFormat, requestId?: string) {
  const { actor: by, subject, cursor, ...kept } = filters
  return writeFile(actor, {
    action: 'audit.exported',
    format,
    filter: { ...kept, actorSearched: by !== '', subjectSearched: subject !== '' },
    requestId,
    batches: walkAudit(actor, filters, batchSize),
    encoder: historyEncoders[format],
    toRow: toHistoryRow,
    personOf: ({ researcherId }) => researcherId,
  })
}

type File<Found, Row> = {
  action: 'list.exported' | 'audit.exported'
  format: ExportFormat
  filter: Prisma.InputJsonObject
  requestId?: string
  batches: AsyncGenerator<Found[]>
  encoder: Encoder<Row>
  toRow: (found: Found) => Row
  personOf: (found: Found) => string | null
}

async function* writeFile<Found, Row>(
  actor: StaffActor,
  { action, format, filter, requestId, batches, encoder, toRow, personOf }: File<Found, Row>,
): AsyncGenerator<string, void, undefined> {
  const exportId = randomUUID()
  let rows = 0
  let complete = false
  try {
    yield encoder.head
    for await (const batch of batches) {
      const people = new Set(batch.map(personOf).filter((id) => id !== null))
      if (people.size > 0) await db().exportPart.create({ data: { exportId, action, researcherIds: [...people] } })
      const text = encoder.rows(batch.map(toRow), rows === 0)
      rows += batch.length
      yield text
    }
    yield encoder.tail
    complete = true
  } finally {
    const detail = { exportId, format, filter, rows, complete }
    await inTransaction((tx) => recordEvent(tx, actor, { action, requestId, detail }))
  }
}
