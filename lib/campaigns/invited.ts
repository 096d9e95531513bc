import { z } from 'zod'
import { cursorParameter } from '@/lib/list/pagination'
import { hasFilters, parseParameters, type SearchParams, searchedWords, toHref, toParameters } from '@/lib/list/search'
import { personKinds } from '@/lib/people/person'
import { peopleCursor } from '@/lib/people/schema'

/** How far somebody has come who is asked in a campaign: each is in one. Whoever refused is not connected. */
export const invitedStates = ['allowed', 'allowed_less', 'failed', 'not_connected'] as const
export type InvitedState = (typeof invitedStates)[number]

/** What the list can be narrowed down to. `came_back`: with a permission or an iD, at any time, or connected now. */
export const invitedFilters = ['came_back', ...invitedStates] as const
export type InvitedFilter = (typeof invitedFilters)[number]

/** Of people without a kind. */
export const noKind = '-'

const parameters = {
  q: searchedWords,
  state: z.enum(invitedFilters),
  /** A department and all below it. */
  department: searchedWords,
  kind: z.enum([...personKinds, noKind]),
  cursor: cursorParameter(peopleCursor, 16_000),
}

export type InvitedFilters = { [name in keyof typeof parameters]: z.infer<(typeof parameters)[name]> | null }

export const noInvitedFilters: InvitedFilters = { q: null, state: null, department: null, kind: null, cursor: null }

/** Ignores unknown parameters and values. */
export const parseInvitedFilters = (params: SearchParams): InvitedFilters => parseParameters(params, parameters).values

/** The filters in an address that were ignored, because their value is none or there are several. */
export const listIgnoredFilters = (params: SearchParams) =>
  parseParameters(params, parameters).notices.filter((name) => name !== 'cursor')

/** The filters without a place in the list, as `parseInvitedFilters` reads them. */
export const toInvitedParameters = (filters: Partial<InvitedFilters>) => toParameters({ ...filters, cursor: null })

/** The address of the list of invited people with these filters. */
export const invitedHref = (campaignId: string, filters: Partial<InvitedFilters>) =>
  toHref(`/staff/campaigns/${campaignId}/people`, toParameters(filters))

/** Whether anything narrows the list down. */
export const isNarrowed = (filters: InvitedFilters) => hasFilters(filters)
