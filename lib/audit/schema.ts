import { z } from 'zod'
import { auditActions } from '@/lib/audit/event'
import { cursorParameter, idCursor } from '@/lib/list/pagination'
import { parseParameters, type SearchParams, toHref, toParameters } from '@/lib/list/search'

export const auditActors = ['staff', 'researcher', 'system'] as const

// PostgreSQL refuses NUL, and nobody searches for other control characters or for halves of a character.
const words = z
  .string()
  .max(200)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u)
const day = z.iso.date().refine((text) => text >= '1900-01-01')

const parameters = {
  actor: words,
  by: z.enum(auditActors),
  subject: words,
  action: z.enum(auditActions),
  from: day,
  to: day,
  cursor: cursorParameter(idCursor),
}

type AuditFilterName = keyof typeof parameters

/**
 * The history as asked for. `actor` and `subject` are an iD or part of a name, of who acted and whom it is about;
 * `from` and `to` are calendar days in UTC, both included. `''` and null do not filter.
 */
export type AuditFilters = {
  [name in 'actor' | 'subject']: string
} & {
  [name in Exclude<AuditFilterName, 'actor' | 'subject'>]: z.infer<(typeof parameters)[name]> | null
}

export const noAuditFilters: AuditFilters = {
  actor: '',
  by: null,
  subject: '',
  action: null,
  from: null,
  to: null,
  cursor: null,
}

/** Reads the filters from a URL. What is not one of ours counts as absent, and its name is in `notices`. */
export function parseAuditFilters(searchParams: SearchParams): { filters: AuditFilters; notices: AuditFilterName[] } {
  const { values, notices } = parseParameters(searchParams, parameters)
  return { filters: { ...values, actor: values.actor ?? '', subject: values.subject ?? '' }, notices }
}

/** Where the history stands with these filters. The inverse of `parseAuditFilters`. */
export const auditHref = (filters: AuditFilters) => toHref('/staff/audit', toParameters(filters))
