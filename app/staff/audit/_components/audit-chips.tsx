import { getFormatter, getTranslations } from 'next-intl/server'
import { FilterChips } from '@/app/staff/_components/filter-chips'
import { actionKey, auditHref } from '@/app/staff/audit/_components/audit-href'
import { type AuditFilters, isAuditFiltered, noAuditFilters } from '@/lib/audit/schema'

/** What narrows the history down now, each with a way to take it out. */
export async function AuditChips({ filters }: { filters: AuditFilters }) {
  if (!isAuditFiltered(filters)) return null
  const t = await getTranslations('staff.audit')
  const format = await getFormatter()
  const day = (text: string) => format.dateTime(new Date(`${text}T00:00:00Z`), { dateStyle: 'long', timeZone: 'UTC' })
  const { subject, actor, by, action, from, to } = filters
  const found: [keyof AuditFilters, string | null][] = [
    ['subject', subject && t('chips.subject', { words: subject })],
    ['actor', actor && t('chips.actor', { words: actor })],
    ['by', by && t('chips.by', { kind: t(`kinds.${by}`) })],
    ['action', action && t(`actions.${actionKey(action)}`)],
    ['from', from && t('chips.from', { day: day(from) })],
    ['to', to && t('chips.to', { day: day(to) })],
  ]
  const chips = found.flatMap(([name, words]) => {
    const without = { ...filters, [name]: noAuditFilters[name], cursor: null }
    return words ? [{ words, without: auditHref(without) }] : []
  })
  return <FilterChips chips={chips} clear="/staff/audit" />
}
