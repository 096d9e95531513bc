import { type AuditFilters, toAuditParams } from '@/lib/audit/schema'

/** Where the history stands with these filters. */
export function auditHref(filters: AuditFilters): string {
  const query = toAuditParams(filters).toString()
  return query ? `/staff/audit?${query}` : '/staff/audit'
}

/** Message keys are nested at dots: `grant.saved` is `grant-saved`. */
export const actionKey = (action: string) => action.replaceAll('.', '-')
