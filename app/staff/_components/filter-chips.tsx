import { X } from 'lucide-react'
import { getTranslations } from 'next-intl/server'

export type FilteredList<Filters> = {
  filters: Filters
  /** The filters when nothing narrows the list down. */
  none: Filters
  /** What narrows the list down in words, null where it does not, and what the filters are without it. */
  chips: { words: string | null; without: Partial<Filters> }[]
  href: (filters: Filters) => string
}

/** What narrows a list down now, each with a way to take it out, and one to take out all of it. */
export async function FilterChips<Filters>({ filters, none, chips, href }: FilteredList<Filters>) {
  const active = chips.flatMap(({ words, without }) => (words ? [{ words, without }] : []))
  if (active.length === 0) return null
  const t = await getTranslations('staff.list')
  return (
    <div className="no-print flex flex-wrap items-center gap-2">
      <ul aria-label={t('active')} className="flex flex-wrap gap-2">
        {active.map(({ words, without }) => (
          <li key={words}>
            <a
              href={href({ ...filters, ...without, cursor: null })}
              aria-label={t('remove', { filter: words })}
              className="flex min-h-8 items-center gap-1.5 rounded-full border border-line-strong bg-surface ps-3 pe-2 text-ink! text-sm no-underline! hover:bg-sunken"
            >
              <span className="[overflow-wrap:anywhere]">{words}</span>
              <X size={16} className="shrink-0 text-ink-soft" />
            </a>
          </li>
        ))}
      </ul>
      <a href={href(none)} className="inline-flex min-h-8 items-center px-1 text-sm">
        {t('clear')}
      </a>
    </div>
  )
}
