import { ChevronDown } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import type { FilterWords } from '@/app/staff/researchers/_components/filter-words'
import type { FilterName } from '@/lib/researchers/schema'

/** How every field and menu of the staff pages looks. */
export const field = 'min-h-11 w-full min-w-0 rounded-lg border border-line-strong bg-surface px-3'

export type MenuOption = { value: string | number; words: string }
type SelectProps = {
  name: string
  label: string
  /** What it says when nothing is chosen; without it something always is. */
  any?: string
  options?: MenuOption[]
  /** More options, in groups. */
  children?: ReactNode
  value: string | number | null
}

/** One of several, as the browser offers it. */
export function SelectMenu({ name, label, any, options = [], children, value }: SelectProps) {
  return (
    <label className="block min-w-0 space-y-1">
      <span className="note block">{label}</span>
      <span className="relative block">
        <select name={name} defaultValue={value ?? ''} className={`${field} appearance-none truncate pe-9`}>
          {any ? <option value="">{any}</option> : null}
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.words}
            </option>
          ))}
          {children}
        </select>
        <ChevronDown size={16} className="-translate-y-1/2 pointer-events-none absolute end-3 top-1/2 text-ink-soft" />
      </span>
    </label>
  )
}

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
