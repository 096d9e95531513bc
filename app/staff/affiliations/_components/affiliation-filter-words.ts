import { getTranslations } from 'next-intl/server'
import type { AffiliationFilters } from '@/lib/affiliations/schema'

/** The filters in words, null where they do not filter, each with what they are without it. */
export async function describeAffiliationFilters({ q, state, kind }: AffiliationFilters) {
  const t = await getTranslations('affiliation')
  const list = await getTranslations('staff.list')
  return [
    { words: q && list('chips.q', { q }), without: { q: null } },
    { words: state && t(`states.${state}`), without: { state: null } },
    { words: kind && t(`kinds.${kind}`), without: { kind: null } },
  ]
}
