import { getTranslations } from 'next-intl/server'
import { getDayWords } from '@/app/staff/_components/day-words'
import { getOutcomeWords } from '@/app/staff/attempts/_components/outcome-words'
import type { AttemptFilters } from '@/lib/attempts/schema'

/** The filters in words, null where they do not filter, each with what they are without it. */
export async function describeAttemptFilters(filters: AttemptFilters) {
  const t = await getTranslations('staff')
  const toWords = await getOutcomeWords()
  const dayWords = await getDayWords()
  const { q, outcome, purpose, from, to } = filters
  return [
    { words: q && t('list.chips.q', { q }), without: { q: null } },
    { words: outcome && toWords(outcome), without: { outcome: null } },
    { words: purpose && t(`person.purposes.${purpose}`), without: { purpose: null } },
    { words: from && t('attempts.chips.from', { day: dayWords(from) }), without: { from: null } },
    { words: to && t('attempts.chips.to', { day: dayWords(to) }), without: { to: null } },
  ]
}
