import { z } from 'zod'
import { cursorParameter } from '@/lib/list/pagination'
import { parseParameters, type SearchParams, searchedWords, toHref, toParameters } from '@/lib/list/search'
import { findScope } from '@/lib/orcid/scopes'
import { personKinds, personStates } from '@/lib/people/person'

/** `missing`: whoever is not connected now, for any reason. `needs-permission`: connected without a permission that the institution asks for. `expiring`: within two years. */
export const connectionFilters = [
  'connected',
  'identity-only',
  'not-connected',
  'withdrew',
  'expiring',
  'expired',
  'missing',
  'needs-permission',
  'being-checked',
] as const
export type ConnectionFilter = (typeof connectionFilters)[number]

export const rosterFilters = ['current', 'none'] as const

export const peopleSorts = ['name', '-name', '-added', 'added'] as const
export type PeopleSort = (typeof peopleSorts)[number]

export const peopleCursor = z.strictObject({
  sort: z.enum(peopleSorts),
  /** Direction from the row of `key` and `id`, which is not on the page. */
  go: z.enum(['next', 'previous']),
  /** A name, or a time in ISO 8601. Null for a person without a name. */
  key: z
    .string()
    .max(4_000)
    .regex(/^[^\0]*$/)
    .nullable(),
  id: z.guid(),
  /** Rows before the page when the cursor was made, for display. */
  from: z.int().min(0).max(1_000_000_000),
})
export type PeopleCursor = z.infer<typeof peopleCursor>

const parameters = {
  q: searchedWords,
  connection: z.enum(connectionFilters),
  kind: z.enum(personKinds),
  /** A department and all below it. */
  department: searchedWords,
  /** `missing`: not in the last complete roster. */
  state: z.enum([...personStates, 'missing']),
  conflict: z.literal('yes'),
  /** `current`: on the roster, and neither paused nor gone: whom coverage counts. `none`: connected, and on no roster. */
  roster: z.enum(rosterFilters),
  /** Connected without this scope. */
  lacks: z.string().refine((name) => findScope(name) !== null),
  sort: z.enum(peopleSorts),
  cursor: cursorParameter(peopleCursor, 16_000),
}

export type PeopleFilters = { [name in keyof typeof parameters]: z.infer<(typeof parameters)[name]> | null }

export const noPeopleFilters: PeopleFilters = {
  q: null,
  connection: null,
  kind: null,
  department: null,
  state: null,
  conflict: null,
  roster: null,
  lacks: null,
  sort: null,
  cursor: null,
}

export const peopleSortOf = ({ sort }: PeopleFilters): PeopleSort => sort ?? 'name'

/** Ignores unknown parameters and values, and a cursor of another order. */
export function parsePeopleFilters(searchParams: SearchParams): PeopleFilters {
  const { values } = parseParameters(searchParams, parameters)
  const isUsable = values.cursor?.sort === peopleSortOf(values) && isKeyValid(values.cursor)
  return isUsable ? values : { ...values, cursor: null }
}

/** The filters in an address that were ignored, because their value is none or there are several. */
export const listIgnored = (searchParams: SearchParams) =>
  parseParameters(searchParams, parameters).notices.filter((name) => name !== 'cursor' && name !== 'sort')

const isKeyValid = ({ sort, key }: PeopleCursor) =>
  sort.endsWith('name') || z.iso.datetime({ precision: 3 }).safeParse(key).success

/** The address of the list of people with these filters. */
export const peopleHref = (filters: PeopleFilters) => toHref('/staff/people', toParameters(filters))
