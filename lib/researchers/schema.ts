import { z } from 'zod'
import { cursorParameter, encodeCursor } from '@/lib/list/pagination'
import { readAll, type SearchParams } from '@/lib/list/search'
import { findScope, parseScopes } from '@/lib/orcid/scopes'

/** Where somebody stands, as the list asks for it: `expiring` is within two years, `conflict` beside any other. */
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
/** How somebody stands with ORCID, as the list asks for it; `due` is for whoever is to be checked now, beside any other. */
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
  'orcid',
  '-orcid',
] as const
/** Asks for those of whom no department is known. */
export const noDepartment = '-'

export type ListState = (typeof listStates)[number]
export type ListFinding = (typeof listFindings)[number]
export type ListSort = (typeof listSorts)[number]
export type SortColumn = 'name' | 'connected' | 'expires' | 'checked' | 'withdrew' | 'orcid'

/** The staff list as asked for. `''`, null and an empty list do not filter; days are calendar days in UTC. */
export type ListFilters = {
  q: string
  state: ListState | null
  finding: ListFinding | null
  scopes: string[]
  /** Those who are connected and do not permit all of these. */
  lacks: string[]
  /** Those who are connected and whose permissions end within so many months from now. */
  expiringWithin: number | null
  /** The first and the last day on which somebody has connected for the first time. */
  connectedFrom: string | null
  connectedTo: string | null
  /** Those who have withdrawn, on this day or later, and have not come back. */
  withdrawnSince: string | null
  /** Those who are still checked, and were last on this day or later, or before one; never is neither. */
  checkedFrom: string | null
  checkedBefore: string | null
  department: string | null
  localId: string | null
  /** Null for the usual order, which depends on the filters. */
  sort: ListSort | null
  cursor: Cursor | null
}

export type FilterName =
  | 'q'
  | 'state'
  | 'finding'
  | 'scope'
  | 'lacks'
  | 'expiring-within'
  | 'connected-from'
  | 'connected-to'
  | 'withdrawn-since'
  | 'checked-from'
  | 'checked-before'
  | 'department'
  | 'local-id'
  | 'sort'
  | 'cursor'

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
  cursor: null,
}

export const columnOf = (sort: ListSort) => sort.replace('-', '') as SortColumn

const ofEverybody: SortColumn[] = ['name', 'connected', 'expires', 'checked', 'orcid']
const ofWithdrawn: SortColumn[] = ['withdrew', 'name', 'orcid']
const ofEnded: SortColumn[] = ['name', 'connected', 'orcid']
const ofStates: Partial<Record<ListState, SortColumn[]>> = {
  'identity-only': ['name', 'checked', 'orcid'],
  withdrawn: ofWithdrawn,
  'withdrawn-here': ofWithdrawn,
  'withdrawn-at-orcid': ofWithdrawn,
  expired: ofEnded,
  deprecated: ofEnded,
  deactivated: ofEnded,
}
const ofFindings: Partial<Record<ListFinding, SortColumn[]>> = {
  'withdrawn-at-orcid': ofWithdrawn,
  deprecated: ofEnded,
  deactivated: ofEnded,
}

/** What it means something to sort those by whom the filters let through. */
export function sortColumnsOf({ state, finding, withdrawnSince }: ListFilters): SortColumn[] {
  if (withdrawnSince) return ofWithdrawn
  return (state && ofStates[state]) ?? (finding && ofFindings[finding]) ?? ofEverybody
}

/** The order that counts: the one that was asked for, where it means something. */
export function sortOf(filters: ListFilters): ListSort {
  const columns = sortColumnsOf(filters)
  if (filters.sort && columns.includes(columnOf(filters.sort))) return filters.sort
  if (columns.includes('withdrew')) return '-withdrew'
  return columns.includes('connected') ? '-connected' : 'name'
}

// PostgreSQL refuses NUL, and nobody searches for other control characters or for halves of a character.
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
  expires: time,
  checked: time,
  withdrew: time,
  orcid: z.string().regex(/^\d{4}-\d{4}-\d{4}-\d{3}[\dX]$/),
}

const cursor = z
  .strictObject({
    sort: z.enum(listSorts),
    /** Which way to walk from the row that `key` and `id` name. That row is not on the page. */
    go: z.enum(['next', 'previous']),
    /** What the row is sorted by; times in ISO 8601, null where the row has none. */
    key: z.string().nullable(),
    id: z.guid(),
    /** How many rows came before the page when the cursor was made, to say where one is. */
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
  // Several in one value, so that one box of a form can ask for all of them.
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
  cursor: cursorParameter(cursor, 16_000),
}

/** What some parameters were called before; links that people kept still lead to the same rows. */
const formerNames: Partial<Record<FilterName, string>> = { 'connected-from': 'connected-since' }

/**
 * Reads the list's filters from a URL. What is not one of ours counts as absent, and its name is in `notices`: a link
 * that somebody cut in half still leads to a list.
 */
export function parseListFilters(searchParams: SearchParams): { filters: ListFilters; notices: FilterName[] } {
  const notices = new Set<FilterName>()
  const all = <Name extends FilterName>(name: Name) => {
    const former = formerNames[name]
    const values = [...readAll(searchParams, name), ...(former ? readAll(searchParams, former) : [])]
    const parsed = values.map((value) => parameters[name].safeParse(value))
    if (parsed.some(({ success }) => !success)) notices.add(name)
    return parsed.flatMap(({ data }) => (data === undefined ? [] : [data as z.infer<(typeof parameters)[Name]>]))
  }
  const one = <Name extends FilterName>(name: Name) => {
    const [first, ...others] = all(name)
    if (others.length > 0) notices.add(name)
    return first ?? null
  }
  const found = one('cursor')
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
    cursor: null,
  }
  // With an order that means nothing for these filters a link leads to the usual one.
  const isPlace = found?.sort === sortOf(filters)
  if (found && !isPlace) notices.add('cursor')
  else filters.cursor = found
  return { filters, notices: [...notices] }
}

/** The filters as the list's URL has them, without what is the default anyway. The inverse of `parseListFilters`. */
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
  add('cursor', filters.cursor && encodeCursor(filters.cursor))
  return params
}

/** Whether anything narrows the list down. */
export function isFiltered({ cursor: _cursor, sort: _order, ...filters }: ListFilters): boolean {
  return Object.values(filters).some(
    (value) => value !== null && value !== '' && !(Array.isArray(value) && value.length === 0),
  )
}
