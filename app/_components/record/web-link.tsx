import type { ReactNode } from 'react'

/** An address out of somebody's record: a link where it is one of the web, and otherwise as it is written. */
export function WebLink({ url, children }: { url: string | null; children: ReactNode }) {
  if (!url) return <bdi translate="no">{children}</bdi>
  return (
    <a
      href={url}
      rel="nofollow noreferrer"
      translate="no"
      className="inline-flex min-h-6 items-center [overflow-wrap:anywhere]"
    >
      {children}
    </a>
  )
}
