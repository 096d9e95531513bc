import { ArrowLeft } from 'lucide-react'
import type { ReactNode } from 'react'

/** Stands above the heading of a page and leads to where it belongs. */
export function BackLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a href={href} className="no-print mb-2 flex min-h-8 w-fit items-center gap-1.5 text-sm">
      <ArrowLeft size={16} className="shrink-0 rtl:rotate-180" />
      {children}
    </a>
  )
}
