import { ChevronDown } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import type { FilterWords } from '@/app/staff/researchers/_components/filter-words'
import { type FilterName, type ListFilters, noDepartment } from '@/lib/researchers/schema'

export const field = 'min-h-11 w-full rounded-lg border border-line-strong bg-surface px-3'

export type MenuOption = { value: string | number; words: string }
type SelectProps = {
  name: FilterName
  label: string
  /** What it says when nothing is chosen; without it something always is. */
  any?: string
  options: MenuOption[]
  value: string | number | null
}

/** One of several, as the browser offers it. */
export function SelectMenu({ name, label, any, options, value }: SelectProps) {
  return (
    <label className="block min-w-0 space-y-1">
      <span className="note block">{label}</span>
      <select name={name} defaultValue={value ?? ''} className={`${field} truncate`}>
        {any ? <option value="">{any}</option> : null}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.words}
          </option>
        ))}
      </select>
    </label>
  )
}

type FoldedProps = { label: string; any: string; names: FilterName[]; chosen: FilterWords[]; children: ReactNode }

/** Several fields behind one button that says what is chosen in them. Only one such menu is open at a time. */
export function FoldedMenu({ label, any, names, chosen, children }: FoldedProps) {
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
        <fieldset className="card absolute inset-x-0 z-20 mt-1 max-w-md space-y-3 p-4! xl:end-auto xl:w-96">
          <legend className="sr-only">{label}</legend>
          {children}
        </fieldset>
      </details>
    </div>
  )
}

type PlaceProps = { filters: ListFilters; chosen: FilterWords[] }

/** What the institution knows of somebody. */
export function PlaceMenu({ filters: { department, localId }, chosen }: PlaceProps) {
  const t = useTranslations('staff.list')
  return (
    <FoldedMenu label={t('place')} any={t('anyPlace')} names={['department', 'local-id']} chosen={chosen}>
      <label className="block space-y-1">
        <span className="note block">{t('department')}</span>
        <input name="department" defaultValue={department ?? ''} maxLength={200} autoComplete="off" className={field} />
        <span className="note block">{t('departmentHint', { none: noDepartment })}</span>
      </label>
      <label className="block space-y-1">
        <span className="note block">{t('localId')}</span>
        <input name="local-id" defaultValue={localId ?? ''} maxLength={200} autoComplete="off" className={field} />
      </label>
    </FoldedMenu>
  )
}
