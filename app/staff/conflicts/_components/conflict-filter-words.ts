import { getTranslations } from 'next-intl/server'
import type { ConflictFilters } from '@/lib/people/conflict-schema'

/** The filters in words, null where they do not filter, each with what they are without it. */
export async function describeConflictFilters({ q, kind, evidence, show }: ConflictFilters) {
  const t = await getTranslations('staff.conflicts')
  const list = await getTranslations('staff.list')
  return [
    { words: q && list('chips.q', { q }), without: { q: null } },
    { words: kind && t(`kinds.${kind}`), without: { kind: null } },
    { words: evidence && t(`evidence.${evidence}`), without: { evidence: null } },
    { words: show && t('decided'), without: { show: null } },
  ]
}
