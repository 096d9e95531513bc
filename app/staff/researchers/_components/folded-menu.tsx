import { ChevronDown } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { field } from '@/app/staff/_components/fields'
import type { FilterWords } from '@/app/staff/_components/filter-words'
import type { FilterName } from '@/lib/researchers/schema'

type FoldedProps = {
  label: string
  any: string
  names: FilterName[]
  chosen: FilterWords[]
  /** Of the last one in a row: it opens towards the middle of the page. */
  isLast?: boolean
  children: ReactNode
}

/** Several fields behind one button that says what is chosen in them. Only one such menu is open at a time. */
export function FoldedMenu({ label, any, names, chosen, isLast, children }: FoldedProps) {
  const t = useTranslations('staff.list')
  const [only, ...others] = chosen.filter(({ name }) => names.includes(name)).map(({ words }) => words)
  const value = others.length > 0 ? t('several', { count: others.length + 1 }) : (only ?? any)
  return (
    <div className="min-w-0 space-y-1">
      <span className="note block" aria-hidden="true">
        {label}
      </span>
      <details name="filter-menu" className="group xl:relative">
        <summary
          title={value}
          className={`${field} flex items-center justify-between gap-2 [&::-webkit-details-marker]:hidden`}
        >
          <span className="sr-only">{label}: </span>
          <span className="truncate">{value}</span>
          <ChevronDown size={16} className="shrink-0 text-ink-soft group-open:rotate-180" />
        </summary>
        <fieldset
          className={`card absolute inset-x-0 z-20 mt-1 max-w-md space-y-3 p-4! xl:w-96 ${isLast ? 'xl:start-auto' : 'xl:end-auto'}`}
        >
          <legend className="sr-only">{label}</legend>
          {children}
        </fieldset>
      </details>
    </div>
  )
}
