import { ArrowLeft } from 'lucide-react'
import type { ReactNode } from 'react'

export function BackLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a href={href} className="no-print inline-flex min-h-8 items-center gap-2">
      <ArrowLeft size={16} className="rtl:rotate-180" />
      {children}
    </a>
  )
}
