import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { FilterChips } from '@/app/staff/_components/filter-chips'
import { NoMatch } from '@/app/staff/_components/no-match'
import { PagesByTime } from '@/app/staff/_components/pages'
import { describeAttemptFilters } from '@/app/staff/attempts/_components/attempt-filter-words'
import { AttemptForm } from '@/app/staff/attempts/_components/attempt-form'
import { AttemptTable } from '@/app/staff/attempts/_components/attempt-table'
import type { StaffActor } from '@/lib/actor'
import { countAttempts, listAttempts } from '@/lib/attempts/history'
import { findAttemptByReference } from '@/lib/attempts/lookup'
import { type AttemptFilters, attemptsHref, noAttemptFilters, parseAttemptFilters } from '@/lib/attempts/schema'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { daysAgo } from '@/lib/config/day'
import { readReference } from '@/lib/crypto/secrets'
import { countedMax } from '@/lib/list/count'
import { hasFilters, type SearchParams } from '@/lib/list/search'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.attempts'))('title'), robots: { index: false } }
}

/** A reference that somebody quotes, what failed last, and all connection attempts, to which the overview leads. */
export default availablePage(async function AttemptsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const actor = await requireStaff('seeSupport')
  const t = await getTranslations('staff.attempts')
  const { filters, notices } = parseAttemptFilters(await searchParams)
  const { q } = filters
  const attempt = q ? await findAttemptByReference(actor, q) : null
  if (attempt) redirect(`/staff/attempts/${attempt.reference}`)
  const [page, count] = await Promise.all([listAttempts(actor, filters), countAttempts(actor, filters)])
  // It may be the reference of an error, and where nothing has it, that is explained.
  if (q && page.rows.length === 0 && readReference(q)) {
    redirect(`/staff/attempts/look-up?${new URLSearchParams({ reference: q })}`)
  }
  const list = { filters, none: noAttemptFilters, chips: await describeAttemptFilters(filters), href: attemptsHref }
  const say = (found: number) => t(found > countedMax ? 'countMany' : 'count', { count: Math.min(found, countedMax) })
  const countLooser = async (looser: AttemptFilters) => {
    const found = await countAttempts(actor, looser)
    return found > 0 ? say(found) : null
  }
  return (
    <div className="space-y-5">
      <div className="space-y-2">
        <h1>{t('title')}</h1>
        <p className="text-lg">{t('answer')}</p>
      </div>
      {notices.length > 0 ? (
        <Notice tone="warn">
          <p>{t('ignored', { names: notices.map((name) => t(`parameters.${name}`)).join('; ') })}</p>
        </Notice>
      ) : null}
      <AttemptForm filters={filters} />
      {hasFilters(filters) || filters.cursor ? null : <RecentFailures actor={actor} />}
      <div>
        <h2>{t('all')}</h2>
        <p className="note">{t('lead')}</p>
      </div>
      <FilterChips {...list} />
      <p className="font-medium tabular-nums">{say(count)}</p>
      {page.rows.length === 0 ? (
        <NoMatch {...list} count={countLooser}>
          {t(hasFilters(filters) ? 'noMatch' : 'empty')}
        </NoMatch>
      ) : (
        <>
          <AttemptTable rows={page.rows} label={t('caption')} />
          <PagesByTime page={page} href={(cursor) => attemptsHref({ ...filters, cursor })} />
        </>
      )}
    </div>
  )
})

const failuresShown = 5
const recentDays = 30

/** What somebody on the telephone most likely asks about. */
async function RecentFailures({ actor }: { actor: StaffActor }) {
  const t = await getTranslations('staff.attempts')
  const failed = { ...noAttemptFilters, outcome: 'failed', from: daysAgo(recentDays, new Date()) } as const
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
