import 'server-only'
import { type ApiActor, type StaffActor, type SystemActor, system } from '@/lib/actor'
import { selectAffiliations } from '@/lib/affiliations/listing'
import type { AffiliationFilters } from '@/lib/affiliations/schema'
import { findEvents } from '@/lib/audit/history'
import type { AuditFilters } from '@/lib/audit/schema'
import { type InvitedFilters, toInvitedParameters } from '@/lib/campaigns/invited'
import { selectInvited, selectInvitedRows } from '@/lib/campaigns/people'
import type { Campaign } from '@/lib/campaigns/queries'
import { Prisma } from '@/lib/db'
import {
  affiliationColumns,
  type Column,
  chooseColumns,
  historyColumns,
  invitedColumns,
  peopleColumns,
  systemColumns,
  workColumns,
} from '@/lib/exports/column'
import { toLiterals } from '@/lib/exports/copy'
import { parseDnTemplate } from '@/lib/exports/dn'
import { type ExportFormat, type Format, type FormatOptions, hasColumns, makeFormat } from '@/lib/exports/format'
import { countRows, type Part } from '@/lib/exports/lines'
import { cutParts, type RowQueries, readParts } from '@/lib/exports/parts'
import {
  beginRun,
  deleteRun,
  endRun,
  type FileDescription,
  type NewRun,
  type Progress,
  setExpected,
  watchRun,
} from '@/lib/exports/runs'
import type { FileOptions } from '@/lib/exports/schema'
import { readAffiliationWords, readFileWords, readInvitedWords } from '@/lib/exports/words'
import { sheetRowsMax } from '@/lib/exports/xlsx'
import { toParameters } from '@/lib/list/search'
import { isLimited } from '@/lib/list/visible'
import { noPeopleFilters } from '@/lib/people/schema'
import { type Selection, toSelectionCondition } from '@/lib/people/selection'
import { toCondition } from '@/lib/researchers/condition'
import { type ListFilters, toSearchParams } from '@/lib/researchers/schema'
import { covered } from '@/lib/systems/coverage'

/** Reading `parts` writes the file. `stop` cancels it, even while nobody reads. */
export type Export = { id: string; parts: AsyncGenerator<Uint8Array, void, undefined>; stop: AbortController }

export type NoFile = 'busy' | 'too_many_rows'

type RequestInfo = { locale: string; requestId?: string }

/**
 * Exports matching researchers, with at most two parts in memory. Records who is in the file before it returns, and
 * audits the end with the number of rows. The export ends when the reader stops.
 */
export async function exportResearchers(
  actor: StaffActor | SystemActor,
  filters: ListFilters,
  { format, columns, ...options }: FileOptions,
  { locale, requestId }: RequestInfo,
): Promise<Export | NoFile> {
  // The append-only audit log must not keep search terms, which may be names or numbers of people.
  const { q, localId, cursor, sort, ...kept } = filters
  const searched = q !== '' || localId !== null
  const filter = toSearchParams({ ...filters, q: '', localId: null, cursor: null, sort: null }).toString()
  const formatOptions = { ...options, words: readFileWords(locale) }
  const source = { view: 'export_row', ids: 'researcher_ids' } as const
  const made = makeFormat(format, source, openTo(actor, chooseColumns(columns)), formatOptions)
  const names = hasColumns(format) ? made.columns.map(({ name }) => name) : []
  return open(actor, {
    run: { action: 'list.exported', format, filter, searched },
    fileInfo: { format, filter: { ...kept, searched }, columns: names },
    found: { people: Prisma.sql`select researcher_id as id from person where ${toCondition(actor, filters)}` },
    rowsMax: format === 'xlsx' ? sheetRowsMax : undefined,
    format: made,
    requestId,
  })
}

/** As `exportResearchers`, for people of the roster, ticked or matching. `scopes`: those that the institution asks for. */
export async function exportPeople(
  actor: StaffActor,
  { selection, scopes, format }: { selection: Selection; scopes: readonly string[]; format: 'csv' | 'xlsx' },
  { locale, requestId }: RequestInfo,
): Promise<Export | NoFile> {
  const isTicked = 'ids' in selection
  const { q, cursor: _cursor, sort: _sort, ...kept } = isTicked ? noPeopleFilters : selection.filters
  const filter = toParameters(kept).toString()
  const source = { view: 'people_row', ids: 'person_ids' } as const
  const made = makeFormat(format, source, openTo(actor, peopleColumns), { ...plain, words: readFileWords(locale) })
  return open(actor, {
    run: { action: 'people.exported', format, filter, searched: isTicked || q !== null },
    fileInfo: { format, filter: { ...kept, ticked: isTicked, searched: q !== null }, columns: [] },
    found: {
      roster: Prisma.sql`select id, researcher_id from person where ${toSelectionCondition(actor, { selection, scopes })}`,
    },
    rowsMax: format === 'xlsx' ? sheetRowsMax : undefined,
    format: made,
    requestId,
  })
}

/** As `exportResearchers`, for those who are asked in a campaign and match, with how far each has come. */
export async function exportInvited(
  actor: StaffActor,
  campaign: Pick<Campaign, 'id' | 'kind' | 'scopes'>,
  { filters, format }: { filters: InvitedFilters; format: 'csv' | 'xlsx' },
  { locale, requestId }: RequestInfo,
): Promise<Export | NoFile> {
  const { q, cursor: _cursor, ...kept } = filters
  const filter = new URLSearchParams([['campaign', campaign.id], ...toInvitedParameters({ ...filters, q: null })])
  const source = { query: toLiterals(selectInvitedRows(campaign)), ids: 'person_ids' } as const
  return open(actor, {
    run: { action: 'people.exported', format, filter: filter.toString(), searched: q !== null },
    fileInfo: { format, filter: { ...kept, campaignId: campaign.id, searched: q !== null }, columns: [] },
    found: { roster: selectInvited(actor, campaign, filters) },
    rowsMax: format === 'xlsx' ? sheetRowsMax : undefined,
    format: makeFormat(format, source, openTo(actor, invitedColumns), { ...plain, words: readInvitedWords(locale) }),
    requestId,
  })
}

/** As `exportResearchers`, for matching entries, which may come back edited: works if the filter wants them, else affiliations. */
export function exportAffiliations(
  actor: StaffActor,
  filters: AffiliationFilters,
  format: 'csv' | 'xlsx' | 'json',
  { locale, requestId }: RequestInfo,
): Promise<Export | NoFile> {
  const { q, cursor: _cursor, ...kept } = filters
  const isOfWorks = filters.kind === 'work'
  const source = { view: isOfWorks ? 'work_row' : 'affiliation_row', ids: 'affiliation_ids' } as const
  const columns = isOfWorks ? workColumns : affiliationColumns
  const items = selectAffiliations(filters)
  return open(actor, {
    run: { action: 'affiliations.exported', format, filter: toParameters(kept).toString(), searched: q !== null },
    fileInfo: { format, filter: { ...kept, searched: q !== null }, columns: [] },
    found: { items: isOfWorks ? items : Prisma.sql`${items} and kind <> 'work'` },
    rowsMax: format === 'xlsx' ? sheetRowsMax : undefined,
    format: makeFormat(format, source, columns, { ...plain, words: readAffiliationWords(locale) }),
    requestId,
  })
}

type SystemFile = { planId: string; format: ExportFormat; dn: string | null }

/** As `exportResearchers`, for those whom a system may see. Asks again of each while it reads, so that a stop holds at once. */
export function exportForSystem(actor: ApiActor, { planId, format, dn }: SystemFile): Promise<Export | NoFile> {
  const seen = Prisma.sql`person.listed and person.researcher_id is not null and ${covered(actor, 'people:read')}`
  const query = toLiterals(Prisma.sql`select r.* from people_row r join person on person.id = r.id where ${seen}`)
  const options = { ...plain, dn: dn ? parseDnTemplate(dn) : null }
  return open(system, {
    run: { action: 'system.file_made', format, filter: '', searched: false },
    fileInfo: { format, filter: { planId, systemId: actor.systemId }, columns: [] },
    found: { roster: Prisma.sql`select id, researcher_id from person where ${seen}` },
    rowsMax: format === 'xlsx' ? sheetRowsMax : undefined,
    format: makeFormat(format, { query, ids: 'person_ids' }, systemColumns, options),
    requestId: undefined,
  })
}

/** Limited people get no addresses, and nothing that depends on somebody else. */
const openTo = (actor: StaffActor | SystemActor, columns: Column[]) =>
  isLimited(actor) ? columns.filter(({ name }) => name !== 'email' && name !== 'conflict') : columns

const plain: FormatOptions = { separator: ',', bom: true, dn: null, words: {} }

/** As `exportResearchers`, for matching events, oldest first. */
export function exportAudit(
  actor: StaffActor,
  filters: AuditFilters,
  format: 'csv' | 'json',
  requestId?: string,
): Promise<Export | NoFile> {
  const { q, actor: by, subject, cursor, ...kept } = filters
  const searched = q !== '' || by !== '' || subject !== ''
  const source = { view: 'audit_row', ids: 'event_ids' } as const
  return open(actor, {
    run: { action: 'audit.exported', format, filter: '', searched },
    fileInfo: {
      format,
      filter: { ...kept, searched: q !== '', actorSearched: by !== '', subjectSearched: subject !== '' },
      columns: [],
    },
    found: findEvents(actor, filters),
    format: makeFormat(format, source, historyColumns, plain),
    requestId,
  })
}

type NewFile = {
  run: NewRun
  fileInfo: FileDescription
  found: RowQueries
  rowsMax?: number | undefined
  format: Format
  requestId: string | undefined
}

async function open(actor: StaffActor | SystemActor, file: NewFile): Promise<Export | NoFile> {
  const { action } = file.run
  const id = await beginRun(actor, file.run)
  if (!id) return 'busy'
  try {
    const cut = await cutParts(id, action, file.found, file.rowsMax)
    if (!cut) {
      await deleteRun(id)
      return 'too_many_rows'
    }
    await setExpected(id, cut.rows)
    const stop = new AbortController()
    const parts = write(actor, { ...file, id, parts: cut.parts }, stop)
    // A generator must start for its `finally` to run; its first part is empty.
    await parts.next()
    return { id, parts, stop }
  } catch (error) {
    await endRun(actor, { id, action, state: 'failed', rows: 0, requestId: file.requestId, ...file.fileInfo })
    throw error
  }
}

type CutFile = NewFile & { id: string; parts: readonly bigint[] }

async function* write(
  actor: StaffActor | SystemActor,
  { id, run: { action }, fileInfo, format, parts, requestId }: CutFile,
  stop: AbortController,
): AsyncGenerator<Uint8Array, void, undefined> {
  const progress: Progress = { rows: 0, movedAt: Date.now() }
  const endWatch = watchRun(id, progress, stop)
  let state: 'done' | 'cancelled' | 'failed' = 'cancelled'
  try {
    yield new Uint8Array()
    const read = trackRows(readParts(parts.map(format.toStatement), stop.signal), progress)
    for await (const piece of format.write(read)) {
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
    await endRun(actor, { id, action, state, rows: progress.rows, requestId, ...fileInfo })
  }
}

async function* trackRows(parts: AsyncIterable<Part>, progress: Progress): AsyncGenerator<Part> {
  for await (const part of parts) {
    progress.rows += countRows(part)
    yield part
  }
}
