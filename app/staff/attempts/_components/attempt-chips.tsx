import { getFormatter, getTranslations } from 'next-intl/server'
import { FilterChips } from '@/app/staff/_components/filter-chips'
import { getOutcomeWords } from '@/app/staff/attempts/_components/outcome-words'
import { type AttemptFilters, attemptsHref } from '@/lib/attempts/schema'

/** What narrows the list down now, each with a way to take it out. */
export async function AttemptChips({ filters }: { filters: AttemptFilters }) {
  const t = await getTranslations('staff')
  const format = await getFormatter()
  const toWords = await getOutcomeWords()
  const day = (text: string) => format.dateTime(new Date(`${text}T00:00:00Z`), { dateStyle: 'long', timeZone: 'UTC' })
  const { outcome, purpose, from, to } = filters
  const found: [keyof AttemptFilters, string | null][] = [
    ['outcome', outcome && toWords(outcome)],
    ['purpose', purpose && t(`person.purposes.${purpose}`)],
    ['from', from && t('attempts.chips.from', { day: day(from) })],
    ['to', to && t('attempts.chips.to', { day: day(to) })],
  ]
  const chips = found.flatMap(([name, words]) =>
    words ? [{ words, without: attemptsHref({ ...filters, [name]: null, cursor: null }) }] : [],
  )
  return <FilterChips chips={chips} clear="/staff/attempts" />
}
