import '@/app/staff/_components/filters.css'
import { ChevronDown } from 'lucide-react'
import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'

type Props = {
  /** What the button says that opens them on a telephone. */
  label?: string
  /** The columns where there is room. */
  className?: string
  /** Filters that are needed less often. */
  more?: ReactNode
  /** Whether one of those is set, so that they are shown. */
  isMoreOpen?: boolean
  children: ReactNode
}

/** The filters of a list, folded away on a telephone. */
export async function FilterFold({ label, className = '', more, isMoreOpen, children }: Props) {
  const t = await getTranslations('staff.list')
  return (
    <details className="filter-fold group/fold">
      <summary>
        {label ?? t('onlyFilters')}
        <ChevronDown size={16} className="shrink-0 text-ink-soft group-open/fold:rotate-180" />
      </summary>
      <div className={`grid grid-cols-2 items-end gap-3 ${className}`}>
        {children}
        {more ? (
          <details className="filter-more group/more" open={isMoreOpen}>
            <summary>
              {t('moreFilters')}
              <ChevronDown size={16} className="shrink-0 text-ink-soft group-open/more:rotate-180" />
            </summary>
            <div className="grid grid-cols-2 items-end gap-3 md:grid-cols-4">{more}</div>
          </details>
        ) : null}
      </div>
    </details>
  )
}
