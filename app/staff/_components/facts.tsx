import type { ReactNode } from 'react'

/** Small facts in columns, as many as there is room for, at most four: what is known, and its value. */
export function Facts({ label, children }: { label?: string; children: ReactNode }) {
  return (
    <dl
      aria-label={label}
      className="grid grid-cols-[repeat(auto-fill,minmax(max(8rem,21%),1fr))] gap-x-6 gap-y-3 text-sm sm:gap-x-8"
    >
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
