import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import type { Page } from '@/lib/list/pagination'

type PageLink = { href: string; words: string } | null
type Props = {
  previous: PageLink
  next: PageLink
  /** Where this page is, where that is known. */
  children?: ReactNode
}

/** The ways to the pages of a list before and after this one. */
export function Pages({ previous, next, children }: Props) {
  const t = useTranslations('staff.list')
  if (!previous && !next && !children) return null
  return (
    <nav aria-label={t('pages')} className="flex flex-wrap items-center justify-between gap-3">
      {children}
      <div className="no-print ms-auto flex gap-2">
        {previous ? (
          <a href={previous.href} rel="prev" className="btn btn-quiet">
            <ChevronLeft size={20} className="rtl:rotate-180" />
            {previous.words}
          </a>
        ) : null}
        {next ? (
          <a href={next.href} rel="next" className="btn btn-quiet">
            {next.words}
            <ChevronRight size={20} className="rtl:rotate-180" />
          </a>
        ) : null}
      </div>
    </nav>
  )
}

type ByTime<Cursor> = { page: Page<unknown, Cursor>; href: (cursor: Cursor) => string }

/** The same for a list with the newest first. */
export function PagesByTime<Cursor>({ page: { previous, next }, href }: ByTime<Cursor>) {
  const t = useTranslations('staff.list')
  return (
    <Pages
      previous={previous && { href: href(previous), words: t('newer') }}
      next={next && { href: href(next), words: t('older') }}
    />
  )
}
