import type { ReactNode } from 'react'
import { When } from '@/app/_components/when'

/** One thing that happened, on a line of such things: what, and when. */
export function EventLine({ at, children }: { at: Date; children: ReactNode }) {
  return (
    <li className="relative py-1.5 ps-5">
      <span aria-hidden="true" className="absolute -inset-s-[4.5px] top-[0.9rem] size-2 rounded-full bg-line-strong" />
      <span className="grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-4">
        <span>{children}</span>
        <span className="note whitespace-nowrap">
          <When at={at} />
        </span>
      </span>
    </li>
  )
}
