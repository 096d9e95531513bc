import { ChevronDown } from 'lucide-react'
import type { ReactNode } from 'react'

type Props = { id: string; title: ReactNode; children: ReactNode }

/** A section of a page that opens in place. Its heading is what is pressed. */
export function Fold({ id, title, children }: Props) {
  return (
    <section aria-labelledby={`${id}-title`}>
      <details className="group">
        <summary className="flex min-h-12 list-none items-center gap-2 py-2 [&::-webkit-details-marker]:hidden">
          <ChevronDown
            size={20}
            className="-rotate-90 shrink-0 text-ink-soft transition-transform duration-100 group-open:rotate-0 rtl:rotate-90"
          />
          <h2 id={`${id}-title`} className="text-base [overflow-wrap:anywhere]">
            {title}
          </h2>
        </summary>
        {/* A link to what is inside opens it. */}
        <div id={id} className="scroll-mt-16 space-y-3 pt-1 pb-5 sm:ps-7">
          {children}
        </div>
      </details>
    </section>
  )
}
