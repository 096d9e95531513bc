import type { ReactNode } from 'react'

type FactsProps = {
  label?: string
  /** Values of a line or more: two columns at most. */
  isWide?: boolean
  children: ReactNode
}

/** Small facts in columns, as many as there is room for, at most four: what is known, and its value. */
export function Facts({ label, isWide, children }: FactsProps) {
  const columns = isWide ? 'sm:grid-cols-2' : 'grid-cols-[repeat(auto-fill,minmax(max(8rem,21%),1fr))]'
  return (
    <dl aria-label={label} className={`grid gap-x-6 gap-y-3 text-sm sm:gap-x-8 ${columns}`}>
      {children}
    </dl>
  )
}

type FactProps = {
  name: string
  /** Has a line of its own on a telephone. */
  isLong?: boolean
  children: ReactNode
}

export function Fact({ name, isLong, children }: FactProps) {
  return (
    <div className={isLong ? 'min-w-0 max-sm:col-span-full' : 'min-w-0'}>
      <dt className="text-ink-soft">{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
