import { z } from 'zod'
import { auditActions } from '@/lib/audit/event'
import { cursorParameter, encodeCursor, idCursor } from '@/lib/pagination'
import { readAll, type SearchParams } from '@/lib/search'

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
  const notices = new Set<AuditFilterName>()
  const one = <Name extends AuditFilterName>(name: Name) => {
    const [text, ...others] = readAll(searchParams, name)
    const parsed = text === undefined ? undefined : parameters[name].safeParse(text)
    if (others.length > 0 || parsed?.success === false) notices.add(name)
    return parsed?.success ? (parsed.data as z.infer<(typeof parameters)[Name]>) : null
  }
  const filters: AuditFilters = {
    actor: one('actor') ?? '',
    by: one('by'),
    subject: one('subject') ?? '',
    action: one('action'),
    from: one('from'),
    to: one('to'),
    cursor: one('cursor'),
  }
  return { filters, notices: [...notices] }
}

/** The filters as the URL has them. The inverse of `parseAuditFilters`. */
export function toAuditParams({ cursor, ...filters }: AuditFilters): URLSearchParams {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(filters)) if (value) params.append(name, value)
  if (cursor) params.append('cursor', encodeCursor(cursor))
  return params
}

/** Whether anything narrows the history down. */
export const isAuditFiltered = (filters: AuditFilters) => toAuditParams({ ...filters, cursor: null }).size > 0
