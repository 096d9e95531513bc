import { z } from 'zod'
import { cursorParameter, encodeCursor } from '@/lib/list/pagination'
import { readAll, type SearchParams } from '@/lib/list/search'
import { findScope, parseScopes } from '@/lib/orcid/scopes'

/** `expiring`: within two years. `conflict`: in addition to another state. */
export const listStates = [
  'connected',
  'identity-only',
  'withdrawn',
  'withdrawn-here',
  'withdrawn-at-orcid',
  'expiring',
  'expired',
  'deprecated',
  'deactivated',
  'locked',
  'conflict',
] as const
/** `due`: a check is due, in addition to another finding. */
export const listFindings = [
  'good',
  'unchecked',
  'unanswered',
  'being-checked',
  'locked',
  'wrong-record',
  'insufficient',
  'withdrawn-at-orcid',
  'deprecated',
  'deactivated',
  'due',
] as const
export const listSorts = [
  '-connected',
  'connected',
  'name',
  '-name',
  'expires',
  '-expires',
  'checked',
  '-checked',
  '-withdrew',
  'withdrew',
  '-confirmed',
  'confirmed',
  'orcid',
  '-orcid',
] as const
/** Columns beside the name. */
export const listColumns = [
  'orcid',
  'state',
  'permissions',
  'connected',
  'confirmed',
  'withdrew',
  'expires',
  'checked',
  'department',
  'local-id',
] as const
/** The filter value for people without a department. */
export const noDepartment = '-'

export type ListState = (typeof listStates)[number]
export type ListFinding = (typeof listFindings)[number]
export type ListSort = (typeof listSorts)[number]
export type ListColumn = (typeof listColumns)[number]
export type SortColumn = 'name' | 'connected' | 'confirmed' | 'expires' | 'checked' | 'withdrew' | 'orcid'

/** `''`, null and an empty list do not filter. Days are calendar days in UTC. */
export type ListFilters = {
  q: string
  state: ListState | null
  finding: ListFinding | null
  scopes: string[]
  /** Connected without at least one of these scopes. */
  lacks: string[]
  /** Connected, in months until the end of the permissions. */
  expiringWithin: number | null
  /** Day of the first connection. */
  connectedFrom: string | null
  connectedTo: string | null
  /** Withdrawn on this day or later and still withdrawn. */
  withdrawnSince: string | null
  /** Day of the last check, for live permissions that have had one. */
  checkedFrom: string | null
  checkedBefore: string | null
  department: string | null
  localId: string | null
  /** Null for the default order of the filters. */
  sort: ListSort | null
  /** In the order of `listColumns`. Empty for the usual ones. */
  columns: ListColumn[]
  cursor: Cursor | null
}

export const noFilters: ListFilters = {
  q: '',
  state: null,
  finding: null,
  scopes: [],
  lacks: [],
  expiringWithin: null,
  connectedFrom: null,
  connectedTo: null,
  withdrawnSince: null,
  checkedFrom: null,
  checkedBefore: null,
  department: null,
  localId: null,
  sort: null,
  columns: [],
  cursor: null,
}

/** The column of an order, without its direction. */
export const columnOf = (sort: ListSort) => sort.replace('-', '') as SortColumn

const defaultColumns: SortColumn[] = ['name', 'connected', 'confirmed', 'expires', 'checked', 'orcid']
const columnsOfWithdrawn: SortColumn[] = ['withdrew', 'name', 'confirmed', 'orcid']
const columnsOfEnded: SortColumn[] = ['name', 'connected', 'confirmed', 'orcid']
const columnsByState: Partial<Record<ListState, SortColumn[]>> = {
  'identity-only': ['name', 'checked', 'orcid'],
  withdrawn: columnsOfWithdrawn,
  'withdrawn-here': columnsOfWithdrawn,
  'withdrawn-at-orcid': columnsOfWithdrawn,
  expired: columnsOfEnded,
  deprecated: columnsOfEnded,
  deactivated: columnsOfEnded,
}
const columnsByFinding: Partial<Record<ListFinding, SortColumn[]>> = {
  'withdrawn-at-orcid': columnsOfWithdrawn,
  deprecated: columnsOfEnded,
  deactivated: columnsOfEnded,
}

/** Columns that are useful for people who match the filters. */
export function sortColumnsOf({ state, finding, withdrawnSince }: ListFilters): SortColumn[] {
  if (withdrawnSince) return columnsOfWithdrawn
  return (state && columnsByState[state]) ?? (finding && columnsByFinding[finding]) ?? defaultColumns
}

/** The chosen columns, or the usual ones. */
export function columnsOf(filters: ListFilters): ListColumn[] {
  if (filters.columns.length > 0) return filters.columns
  const day = sortColumnsOf(filters).includes('withdrew') ? 'withdrew' : 'connected'
  return ['orcid', 'state', 'permissions', day, 'checked']
}

/** The requested order if its column is useful, else the default. */
export function sortOf(filters: ListFilters): ListSort {
  const columns = sortColumnsOf(filters)
  if (filters.sort && columns.includes(columnOf(filters.sort))) return filters.sort
  if (columns.includes('withdrew')) return '-withdrew'
  return columns.includes('connected') ? '-connected' : 'name'
}

// PostgreSQL refuses NUL; other control characters and lone surrogates are never useful.
const words = z.string().regex(/^[^\p{Cc}\p{Cs}]*$/u)
const day = z.iso.date().refine((text) => text >= '1900-01-01')

const time = z.iso
  .datetime({ precision: 3 })
  .refine((text) => text >= '1900')
  .nullable()

const keys: Record<SortColumn, z.ZodType<string | null>> = {
  name: z
    .string()
    .max(4_000)
    .regex(/^[^\0]*$/)
    .nullable(),
  connected: time,
  confirmed: time,
  expires: time,
  checked: time,
  withdrew: time,
  orcid: z.string().regex(/^\d{4}-\d{4}-\d{4}-\d{3}[\dX]$/),
}

const cursor = z
  .strictObject({
    sort: z.enum(listSorts),
    /** Direction from the row of `key` and `id`, which is not on the page. */
    go: z.enum(['next', 'previous']),
    /** The row's sort key; times in ISO 8601. */
    key: z.string().nullable(),
    id: z.guid(),
    /** Rows before the page when the cursor was made, for display. */
    from: z.int().min(0).max(1_000_000_000),
  })
  .refine(({ sort, key }) => keys[columnOf(sort)].safeParse(key).success)

export type Cursor = z.infer<typeof cursor>

const scope = z.string().refine((name) => findScope(name) !== null)

const parameters = {
  q: words.max(200),
  state: z.enum(listStates),
  finding: z.enum(listFindings),
  scope,
  // One value with several scopes, for one checkbox.
  lacks: z.string().max(2_000).transform(parseScopes).pipe(z.array(scope)),
  'expiring-within': z
    .string()
    .regex(/^[1-9]\d{0,2}$/)
    .transform(Number),
  'connected-from': day,
  'connected-to': day,
  'withdrawn-since': day,
  'checked-from': day,
  'checked-before': day,
  department: words.max(200),
  'local-id': words.max(200),
  sort: z.enum(listSorts),
  show: z.enum(listColumns),
  cursor: cursorParameter(cursor, 16_000),
}

export type FilterName = keyof typeof parameters

/** Ignores invalid values and names them in `notices`, so that a truncated link still shows a list. */
export function parseListFilters(searchParams: SearchParams): { filters: ListFilters; notices: FilterName[] } {
  const notices = new Set<FilterName>()
  const all = <Name extends FilterName>(name: Name) => {
    const parsed = readAll(searchParams, name).map((value) => parameters[name].safeParse(value))
    if (parsed.some(({ success }) => !success)) notices.add(name)
    return parsed.flatMap(({ data }) => (data === undefined ? [] : [data as z.infer<(typeof parameters)[Name]>]))
  }
  const one = <Name extends FilterName>(name: Name) => {
    const [first, ...others] = all(name)
    if (others.length > 0) notices.add(name)
    return first ?? null
  }
  const requested = one('cursor')
  const shown = all('show')
  const filters: ListFilters = {
    q: one('q') ?? '',
    state: one('state'),
    finding: one('finding'),
    scopes: [...new Set(all('scope'))].sort(),
    lacks: one('lacks') ?? [],
    expiringWithin: one('expiring-within'),
    connectedFrom: one('connected-from'),
    connectedTo: one('connected-to'),
    withdrawnSince: one('withdrawn-since'),
    checkedFrom: one('checked-from'),
    checkedBefore: one('checked-before'),
    department: one('department'),
    localId: one('local-id'),
    sort: one('sort'),
    columns: listColumns.filter((column) => shown.includes(column)),
    cursor: null,
  }
  // A cursor for another order does not apply.
  const isCursorValid = requested?.sort === sortOf(filters)
  if (requested && !isCursorValid) notices.add('cursor')
  else filters.cursor = requested
  return { filters, notices: [...notices] }
}

/** The inverse of `parseListFilters`, without defaults. */
export function toSearchParams(filters: ListFilters): URLSearchParams {
  const params = new URLSearchParams()
  const add = (name: FilterName, value: string | null) => value && params.append(name, value)
  add('q', filters.q)
  add('state', filters.state)
  add('finding', filters.finding)
  for (const scope of filters.scopes) add('scope', scope)
  add('lacks', filters.lacks.join(' '))
  add('expiring-within', filters.expiringWithin === null ? null : String(filters.expiringWithin))
  add('connected-from', filters.connectedFrom)
  add('connected-to', filters.connectedTo)
  add('withdrawn-since', filters.withdrawnSince)
  add('checked-from', filters.checkedFrom)
  add('checked-before', filters.checkedBefore)
  add('department', filters.department)
  add('local-id', filters.localId)
  add('sort', filters.sort)
  for (const column of filters.columns) add('show', column)
  add('cursor', filters.cursor && encodeCursor(filters.cursor))
  return params
}

/** Whether any filter is set; order, columns and cursor do not count. */
export function isFiltered({ cursor: _cursor, sort: _order, columns: _shown, ...filters }: ListFilters): boolean {
  return Object.values(filters).some(
    (value) => value !== null && value !== '' && !(Array.isArray(value) && value.length === 0),
  )
}
