import type { ReactNode } from 'react'

type Props = {
  children: ReactNode
  /** `isMain`: it is the one thing to do on the page. */
  action?: { href: string; label: string; isMain?: boolean } | null
}

/** Stands where a list would be: one sentence why there is none, one thing to do. */
export function EmptyState({ children, action }: Props) {
  return (
    <div className="card text-center">
      <p className="mx-auto max-w-[52ch] text-ink-soft">{children}</p>
      {action ? (
        <div className="no-print mt-4 flex justify-center">
          <a href={action.href} className={action.isMain ? 'btn btn-primary' : 'btn btn-quiet'}>
            {action.label}
          </a>
        </div>
      ) : null}
    </div>
  )
}
