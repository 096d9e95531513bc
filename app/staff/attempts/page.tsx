import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { EmptyState } from '@/app/_components/empty-state'
import { Notice } from '@/app/_components/notice'
import { PagesByTime } from '@/app/staff/_components/pages'
import { AttemptChips } from '@/app/staff/attempts/_components/attempt-chips'
import { AttemptForm } from '@/app/staff/attempts/_components/attempt-form'
import { AttemptTable } from '@/app/staff/attempts/_components/attempt-table'
import { ReferenceForm } from '@/app/staff/attempts/_components/reference-form'
import { countAttempts, listAttempts } from '@/lib/attempts/history'
import { attemptsHref, parseAttemptFilters } from '@/lib/attempts/schema'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { hasFilters, type SearchParams } from '@/lib/list/search'
import { countedMax } from '@/lib/researchers/counts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.attempts'))('title'), robots: { index: false } }
}

/** The connection attempts, whoever made them: what the numbers of the overview lead to. */
export default availablePage(async function AttemptsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const actor = await requireStaff('viewer')
  const t = await getTranslations('staff.attempts')
  const words = await getTranslations('staff.list')
  const { filters, notices } = parseAttemptFilters(await searchParams)
  const [page, count] = await Promise.all([listAttempts(actor, filters), countAttempts(actor, filters)])
  const filtered = hasFilters(filters)
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
      <AttemptChips filters={filters} />
      {page.rows.length === 0 ? (
        <EmptyState action={filtered ? { href: '/staff/attempts', label: words('clear') } : null}>
          {t(filtered ? 'noMatch' : 'empty')}
        </EmptyState>
      ) : (
        <>
          <p className="font-semibold tabular-nums">
            {t(count > countedMax ? 'countMany' : 'count', { count: Math.min(count, countedMax) })}
          </p>
          <AttemptTable rows={page.rows} />
          <PagesByTime page={page} href={(cursor) => attemptsHref({ ...filters, cursor })} />
        </>
      )}
    </div>
  )
})
