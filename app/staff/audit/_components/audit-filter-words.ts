import { getTranslations } from 'next-intl/server'
import { actionKey } from '@/app/staff/_components/action-key'
import { getDayWords } from '@/app/staff/_components/day-words'
import type { AuditFilters } from '@/lib/audit/schema'

/** The filters in words, null or empty where they do not filter, each with what they are without it. */
export async function describeAuditFilters(filters: AuditFilters) {
  const t = await getTranslations('staff.audit')
  const dayWords = await getDayWords()
  const { q, subject, actor, by, action, from, to } = filters
  return [
    { words: q && t('chips.q', { words: q }), without: { q: '' } },
    { words: subject && t('chips.subject', { words: subject }), without: { subject: '' } },
    { words: actor && t('chips.actor', { words: actor }), without: { actor: '' } },
    { words: by && t('chips.by', { kind: t(`kinds.${by}`) }), without: { by: null } },
    { words: action && t(`actions.${actionKey(action)}`), without: { action: null } },
    { words: from && t('chips.from', { day: dayWords(from) }), without: { from: null } },
    { words: to && t('chips.to', { day: dayWords(to) }), without: { to: null } },
  ]
}
