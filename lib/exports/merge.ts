import 'server-only'
import { writeXlsxStream } from 'hucre/xlsx'
import type { StaffActor } from '@/lib/actor'
import { listMergeRows, type MergeRow, mergeColumns, selectMerged } from '@/lib/campaigns/merge'
import type { Campaign } from '@/lib/campaigns/queries'
import type { Export, NoFile } from '@/lib/exports/commands'
import { cutParts } from '@/lib/exports/parts'
import { beginRun, deleteRun, endRun, type Progress, setExpected, watchRun } from '@/lib/exports/runs'
import { escapeText, sheetRowsMax } from '@/lib/exports/xlsx'

type Asked = { format: 'csv' | 'xlsx'; subjects: Record<string, string>; requestId: string }

const action = 'campaign.links_exported'

/**
 * A file for a mail merge: each person with their personal link. Who is in it is recorded before any of it is sent.
 * `subjects`: by language.
 */
export async function exportMerge(
  actor: StaffActor,
  campaign: Campaign,
  { format, subjects, requestId }: Asked,
): Promise<Export | NoFile> {
  const id = await beginRun(actor, { action, format, filter: '', searched: false })
  if (!id) return 'busy'
  const description = { format, filter: { campaignId: campaign.id }, columns: [...mergeColumns] }
  try {
    const cut = await cutParts(id, action, { roster: selectMerged(campaign) }, sheetRowsMax)
    if (!cut) {
      await deleteRun(id)
      return 'too_many_rows'
    }
    await setExpected(id, cut.rows)
  } catch (error) {
    await endRun(actor, { id, action, state: 'failed', rows: 0, requestId, ...description })
    throw error
  }
  const stop = new AbortController()
  const parts = write(stop)
  await parts.next()
  return { id, parts, stop }

  async function* write(stop: AbortController): AsyncGenerator<Uint8Array, void, undefined> {
    const progress: Progress = { rows: 0, movedAt: Date.now() }
    const endWatch = watchRun(id ?? '', progress, stop)
    let state: 'done' | 'cancelled' | 'failed' = 'cancelled'
    try {
      yield new Uint8Array()
      const rows = track(listMergeRows(campaign, id ?? '', subjects), progress)
      for await (const piece of format === 'csv' ? writeCsv(rows) : writeXlsx(rows)) {
        yield piece
        progress.movedAt = Date.now()
        stop.signal.throwIfAborted()
      }
      state = 'done'
    } catch (error) {
      if (!stop.signal.aborted) state = 'failed'
      throw error
    } finally {
      endWatch()
      await endRun(actor, { id: id ?? '', action, state, rows: progress.rows, requestId, ...description })
    }
  }
}

async function* track(rows: AsyncIterable<MergeRow>, progress: Progress): AsyncGenerator<MergeRow> {
  for await (const row of rows) {
    progress.rows += 1
    yield row
  }
}

/** As `formula_safe` in the database: a spreadsheet must not take a name for a formula. */
const formulaStart = /^'*[\t\n\r+\-=@＋－＝＠]/
const toCsvCell = (text: string) => `"${(formulaStart.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`

async function* writeCsv(rows: AsyncIterable<MergeRow>): AsyncGenerator<Uint8Array> {
  // Excel reads UTF-8 only with a byte order mark.
  yield Buffer.from(`\uFEFF${mergeColumns.join(',')}\r\n`)
  for await (const row of rows) {
    yield Buffer.from(`${mergeColumns.map((name) => toCsvCell(row[name])).join(',')}\r\n`)
  }
}

function writeXlsx(rows: AsyncIterable<MergeRow>): AsyncIterable<Uint8Array> {
  return writeXlsxStream(toCells(rows), {
    name: 'ORCID',
    columns: mergeColumns.map((header) => ({ header, width: header === 'link' ? 70 : 32 })),
    freezePane: { rows: 1 },
  })
}

async function* toCells(rows: AsyncIterable<MergeRow>): AsyncGenerator<string[]> {
  for await (const row of rows) yield mergeColumns.map((name) => escapeText(row[name]))
}
