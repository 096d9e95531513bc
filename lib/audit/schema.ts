import { z } from 'zod'
import { auditActions } from '@/lib/audit/event'
import { cursorParameter, idCursor } from '@/lib/list/pagination'
import { parseParameters, type SearchParams, searchedWords, toHref, toParameters } from '@/lib/list/search'

export const auditActors = ['staff', 'researcher', 'api', 'system'] as const

const day = z.iso.date().refine((text) => text >= '1900-01-01')

const parameters = {
  q: searchedWords,
  actor: searchedWords,
  by: z.enum(auditActors),
  subject: searchedWords,
  action: z.enum(auditActions),
  from: day,
  to: day,
  cursor: cursorParameter(idCursor),
}

type AuditFilterName = keyof typeof parameters

/**
 * `q` is an iD or part of a name, of the actor or of whom an event is about; `actor` and `subject` are one of the two.
 * `from` and `to` are UTC days, both included. `''` and null do not
 * filter.
 */
export type AuditFilters = {
  [name in 'q' | 'actor' | 'subject']: string
} & {
  [name in Exclude<AuditFilterName, 'q' | 'actor' | 'subject'>]: z.infer<(typeof parameters)[name]> | null
}

export const noAuditFilters: AuditFilters = {
  q: '',
  actor: '',
  by: null,
  subject: '',
  action: null,
  from: null,
  to: null,
  cursor: null,
}

/** Reads the filters from a URL. An invalid one counts as absent, and `notices` has its name. */
export function parseAuditFilters(searchParams: SearchParams): { filters: AuditFilters; notices: AuditFilterName[] } {
  const { values, notices } = parseParameters(searchParams, parameters)
  const { q, actor, subject } = values
  return { filters: { ...values, q: q ?? '', actor: actor ?? '', subject: subject ?? '' }, notices }
}

/** The inverse of `parseAuditFilters`. */
export const auditHref = (filters: AuditFilters) => toHref('/staff/audit', toParameters(filters))
