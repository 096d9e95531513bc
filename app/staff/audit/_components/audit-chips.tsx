import { getTranslations } from 'next-intl/server'
import { actionKey } from '@/app/staff/_components/action-key'
import { getDayWords } from '@/app/staff/_components/day-words'
import { FilterChips } from '@/app/staff/_components/filter-chips'
import { type AuditFilters, auditHref, noAuditFilters } from '@/lib/audit/schema'

/** What narrows the history down now, each with a way to take it out. */
export async function AuditChips({ filters }: { filters: AuditFilters }) {
  const t = await getTranslations('staff.audit')
  const dayWords = await getDayWords()
  const { subject, actor, by, action, from, to } = filters
  const chips = [
    { words: subject && t('chips.subject', { words: subject }), without: { subject: '' } },
    { words: actor && t('chips.actor', { words: actor }), without: { actor: '' } },
    { words: by && t('chips.by', { kind: t(`kinds.${by}`) }), without: { by: null } },
    { words: action && t(`actions.${actionKey(action)}`), without: { action: null } },
    { words: from && t('chips.from', { day: dayWords(from) }), without: { from: null } },
    { words: to && t('chips.to', { day: dayWords(to) }), without: { to: null } },
  ]
  return <FilterChips filters={filters} none={noAuditFilters} chips={chips} href={auditHref} />
}
