import { z } from 'zod'
import { findScope, parseScopes } from '@/lib/orcid/scopes'
import { decodeCursor, encodeCursor, readAll, type SearchParams } from '@/lib/search'

export const listStates = ['connected', 'identity-only', 'withdrawn', 'expiring', 'expired'] as const
/** How somebody stands with ORCID, as the list asks for it. */
export const listFindings = [
  'good',
  'unchecked',
  'unanswered',
  'locked',
  'wrong-record',
  'insufficient',
  'withdrawn-at-orcid',
  'deprecated',
  'deactivated',
] as const
export const listSorts = ['-connected', 'connected', 'name', '-name', 'expires', '-expires', 'orcid', '-orcid'] as const
export const defaultSort = '-connected'

export type ListState = (typeof listStates)[number]
export type ListFinding = (typeof listFindings)[number]
export type ListSort = (typeof listSorts)[number]
export type SortColumn = 'name' | 'connected' | 'expires' | 'orcid'

/** The staff list as asked for. `''`, null and an empty list do not filter; `…Since` are calendar days in UTC. */
export type ListFilters = {
  q: string
  state: ListState | null
  finding: ListFinding | null
  scopes: string[]
  /** Those who are connected and do not permit all of these. */
  lacks: string[]
  connectedSince: string | null
  withdrawnSince: string | null
  sort: ListSort
  cursor: Cursor | null
}

export type FilterName =
  | 'q'
  | 'state'
  | 'finding'
  | 'scope'
  | 'lacks'
  | 'connected-since'
  | 'withdrawn-since'
  | 'sort'
  | 'cursor'

export const noFilters: ListFilters = {
  q: '',
  state: null,
  finding: null,
  scopes: [],
  lacks: [],
  connectedSince: null,
  withdrawnSince: null,
  sort: defaultSort,
  cursor: null,
}

export const columnOf = (sort: ListSort) => sort.replace('-', '') as SortColumn

// PostgreSQL refuses NUL, and nobody searches for other control characters or for halves of a character.
const words = z.string().regex(/^[^\p{Cc}\p{Cs}]*$/u)
const day = z.iso.date().refine((text) => text >= '1900-01-01')

const keys: Record<SortColumn, z.ZodType<string | null>> = {
  name: z
    .string()
    .max(4_000)
    .regex(/^[^\0]*$/)
    .nullable(),
  connected: z.iso
    .datetime({ precision: 3 })
    .refine((text) => text >= '1900')
    .nullable(),
  expires: z.iso
    .datetime({ precision: 3 })
    .refine((text) => text >= '1900')
    .nullable(),
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
  'connected-since': day,
  'withdrawn-since': day,
  sort: z.enum(listSorts),
  cursor: z.string().max(16_000).transform(decodeCursor).pipe(cursor),
}

/**
 * Reads the list's filters from a URL. What is not one of ours counts as absent, and its name is in `notices`: a link
 * that somebody cut in half still leads to a list.
 */
export function parseListFilters(searchParams: SearchParams): { filters: ListFilters; notices: FilterName[] } {
  const notices = new Set<FilterName>()
  const all = <Name extends FilterName>(name: Name) => {
    const values = readAll(searchParams, name)
    const parsed = values.map((value) => parameters[name].safeParse(value))
    if (parsed.some(({ success }) => !success)) notices.add(name)
    return parsed.flatMap(({ data }) => (data === undefined ? [] : [data as z.infer<(typeof parameters)[Name]>]))
  }
  const one = <Name extends FilterName>(name: Name) => {
    const [first, ...others] = all(name)
    if (others.length > 0) notices.add(name)
    return first ?? null
  }
  const sort = one('sort') ?? defaultSort
  const found = one('cursor')
  if (found && found.sort !== sort) notices.add('cursor')
  const filters: ListFilters = {
    q: one('q') ?? '',
    state: one('state'),
    finding: one('finding'),
    scopes: [...new Set(all('scope'))].sort(),
    lacks: one('lacks') ?? [],
    connectedSince: one('connected-since'),
    withdrawnSince: one('withdrawn-since'),
    sort,
    cursor: found?.sort === sort ? found : null,
  }
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
  add('connected-since', filters.connectedSince)
  add('withdrawn-since', filters.withdrawnSince)
  add('sort', filters.sort === defaultSort ? null : filters.sort)
  add('cursor', filters.cursor && encodeCursor(filters.cursor))
  return params
}

/** Whether anything narrows the list down. */
export function isFiltered({ cursor: _place, sort: _order, ...filters }: ListFilters): boolean {
  return Object.values(filters).some((value) => value !== null && value.length > 0)
}
