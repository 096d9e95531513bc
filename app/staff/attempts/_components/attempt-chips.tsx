import { getTranslations } from 'next-intl/server'
import { getDayWords } from '@/app/staff/_components/day-words'
import { FilterChips } from '@/app/staff/_components/filter-chips'
import { getOutcomeWords } from '@/app/staff/attempts/_components/outcome-words'
import { type AttemptFilters, attemptsHref, noAttemptFilters } from '@/lib/attempts/schema'

/** What narrows the list down now, each with a way to take it out. */
export async function AttemptChips({ filters }: { filters: AttemptFilters }) {
  const t = await getTranslations('staff')
  const toWords = await getOutcomeWords()
  const dayWords = await getDayWords()
  const { outcome, purpose, from, to } = filters
  const chips = [
    { words: outcome && toWords(outcome), without: { outcome: null } },
    { words: purpose && t(`person.purposes.${purpose}`), without: { purpose: null } },
    { words: from && t('attempts.chips.from', { day: dayWords(from) }), without: { from: null } },
    { words: to && t('attempts.chips.to', { day: dayWords(to) }), without: { to: null } },
  ]
  return <FilterChips filters={filters} none={noAttemptFilters} chips={chips} href={attemptsHref} />
}
