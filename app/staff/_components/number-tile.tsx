import { getFormatter } from 'next-intl/server'
import type { ReactNode } from 'react'

/** A number that leads to its rows, with what it counts. */
export async function NumberTile({ href, count, plus, children }: TileProps) {
  const format = await getFormatter()
  return (
    <li className="card card-small relative hover:border-line-strong">
      <a href={href} className="text-ink! no-underline! after:absolute after:inset-0 after:rounded-card">
        <span className="block font-semibold text-2xl tabular-nums">
          {plus ? '+' : ''}
          {format.number(count)}
        </span>
        <span className="block text-sm">{children}</span>
      </a>
    </li>
  )
}

type TileProps = { href: string; count: number; plus?: boolean; children: ReactNode }
