import './attempts.css'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { EmptyState } from '@/app/_components/empty-state'
import { Notice } from '@/app/_components/notice'
import { AttemptChips } from '@/app/staff/attempts/_components/attempt-chips'
import { AttemptForm } from '@/app/staff/attempts/_components/attempt-form'
import { AttemptTable } from '@/app/staff/attempts/_components/attempt-table'
import { ReferenceForm } from '@/app/staff/attempts/_components/reference-form'
import { type AttemptPage, countAttempts, listAttempts } from '@/lib/attempts/history'
import { type AttemptFilters, attemptsHref, isAttemptFiltered, parseAttemptFilters } from '@/lib/attempts/schema'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import type { SearchParams } from '@/lib/search'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.attempts'))('title'), robots: { index: false } }
}

/** The trips to ORCID, whoever made them: what the numbers of the overview lead to. */
export default availablePage(async function AttemptsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const actor = await requireStaff('viewer')
  const t = await getTranslations('staff.attempts')
  const { filters, notices } = parseAttemptFilters(await searchParams)
  const [page, count] = await Promise.all([listAttempts(actor, filters), countAttempts(actor, filters)])
  const filtered = isAttemptFiltered(filters)
  return (
    <div className="space-y-5">
      <h1>{t('title')}</h1>
      <p className="max-w-[65ch]! text-ink-soft">{t('lead')}</p>
      {notices.length > 0 ? (
        <Notice tone="warn">
          <p>{t('ignored', { names: notices.map((name) => t(`parameters.${name}`)).join('; ') })}</p>
        </Notice>
      ) : null}
      <ReferenceForm />
      <AttemptForm filters={filters} />
      {filtered ? <AttemptChips filters={filters} /> : null}
      {page.rows.length === 0 ? (
        <EmptyState
          action={
            filtered ? (
              <a href="/staff/attempts" className="btn btn-quiet">
                {t('clear')}
              </a>
            ) : undefined
          }
        >
          {t(filtered ? 'noMatch' : 'empty')}
        </EmptyState>
      ) : (
        <>
          {count === null ? null : <p className="font-semibold tabular-nums">{t('count', { count })}</p>}
          <AttemptTable rows={page.rows} />
          <Pager filters={filters} page={page} />
        </>
      )}
    </div>
  )
})

async function Pager({ filters, page: { newer, older } }: { filters: AttemptFilters; page: AttemptPage }) {
  const t = await getTranslations('staff.list')
  if (!newer && !older) return null
  return (
    <nav aria-label={t('pages')} className="no-print flex flex-wrap justify-end gap-2">
      {newer ? (
        <a href={attemptsHref({ ...filters, cursor: newer })} rel="prev" className="btn btn-quiet">
          <ChevronLeft size={20} className="rtl:rotate-180" />
          {t('newer')}
        </a>
      ) : null}
      {older ? (
        <a href={attemptsHref({ ...filters, cursor: older })} rel="next" className="btn btn-quiet">
          {t('older')}
          <ChevronRight size={20} className="rtl:rotate-180" />
        </a>
      ) : null}
    </nav>
  )
}
