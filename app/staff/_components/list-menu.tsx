import { ChevronDown, Download } from 'lucide-react'
import type { ReactNode } from 'react'

type Props = {
  label: string
  /** Files of what the page lists. */
  files: { href: string; words: string }[]
  /** Where there are more ways to have it as a file. */
  more?: { href: string; words: string } | undefined
  children?: ReactNode
}

/** What can be done with a list: files of it, and what else is in `children`. */
export function ListMenu({ label, files, more, children }: Props) {
  return (
    <details name="filter-menu" className="group no-print relative">
      <summary className="btn btn-quiet text-sm [&::-webkit-details-marker]:hidden">
        {label}
        <ChevronDown size={16} className="shrink-0 text-ink-soft group-open:rotate-180" />
      </summary>
      <div className="card card-small absolute end-0 z-20 mt-1 w-80 max-w-[calc(100vw-2rem)] space-y-3">
        {files.length > 0 ? (
          <ul>
            {files.map(({ href, words }) => (
              <li key={href}>
                <a href={href} className="flex min-h-9 items-center gap-2">
                  <Download size={20} className="shrink-0" />
                  {words}
                </a>
              </li>
            ))}
            {more ? (
              <li>
                <a href={more.href} className="flex min-h-9 items-center">
                  {more.words}
                </a>
              </li>
            ) : null}
          </ul>
        ) : null}
        {children}
      </div>
    </details>
  )
}
