import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { EmptyState } from '@/app/_components/empty-state'
import { Notice } from '@/app/_components/notice'
import { PagesByTime } from '@/app/staff/_components/pages'
import { AttemptChips } from '@/app/staff/attempts/_components/attempt-chips'
import { AttemptForm } from '@/app/staff/attempts/_components/attempt-form'
import { AttemptTable } from '@/app/staff/attempts/_components/attempt-table'
import { ReferenceForm } from '@/app/staff/attempts/_components/reference-form'
import type { StaffActor } from '@/lib/actor'
import { countAttempts, listAttempts } from '@/lib/attempts/history'
import { attemptsHref, noAttemptFilters, parseAttemptFilters } from '@/lib/attempts/schema'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { hasFilters, type SearchParams } from '@/lib/list/search'
import { countedMax } from '@/lib/researchers/counts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.attempts'))('title'), robots: { index: false } }
}

/** A reference that somebody quotes, what failed last, and all connection attempts, to which the overview leads. */
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
      {notices.length > 0 ? (
        <Notice tone="warn">
          <p>{t('ignored', { names: notices.map((name) => t(`parameters.${name}`)).join('; ') })}</p>
        </Notice>
      ) : null}
      <ReferenceForm />
      {filtered || filters.cursor ? null : <RecentFailures actor={actor} />}
      <div>
        <h2>{t('all')}</h2>
        <p className="note">{t('lead')}</p>
      </div>
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
          <AttemptTable rows={page.rows} label={t('caption')} />
          <PagesByTime page={page} href={(cursor) => attemptsHref({ ...filters, cursor })} />
        </>
      )}
    </div>
  )
})

const failuresShown = 5

/** What somebody on the telephone most likely asks about. */
async function RecentFailures({ actor }: { actor: StaffActor }) {
  const t = await getTranslations('staff.attempts')
  const failed = { ...noAttemptFilters, outcome: 'failed' } as const
  const { rows } = await listAttempts(actor, failed)
  return (
    <section aria-labelledby="failures" className="space-y-2">
      <h2 id="failures">{t('recent')}</h2>
      {rows.length === 0 ? (
        <p className="text-ink-soft">{t('noFailures')}</p>
      ) : (
        <>
          <AttemptTable rows={rows.slice(0, failuresShown)} label={t('recent')} />
          {rows.length > failuresShown ? (
            <a href={attemptsHref(failed)} className="inline-flex min-h-8 items-center">
              {t('recentAll')}
            </a>
          ) : null}
        </>
      )}
    </section>
  )
}
