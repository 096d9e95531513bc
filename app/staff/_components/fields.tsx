import { ChevronDown } from 'lucide-react'
import type { ReactNode } from 'react'

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
      <span className="note block [overflow-wrap:anywhere]">{label}</span>
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

/** A calendar day. */
export function DateField({ name, label, value }: { name: string; label: string; value: string | null }) {
  return (
    <label className="block min-w-0 space-y-1">
      <span className="note block">{label}</span>
      <input type="date" name={name} min="1900-01-01" max="2999-12-31" defaultValue={value ?? ''} className={field} />
    </label>
  )
}
