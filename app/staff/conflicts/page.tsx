import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Answer } from '@/app/_components/answer'
import { Notice } from '@/app/_components/notice'
import { BackTo } from '@/app/staff/_components/back-link'
import { FilterChips } from '@/app/staff/_components/filter-chips'
import { listHref } from '@/app/staff/_components/list-href'
import { NoMatch } from '@/app/staff/_components/no-match'
import { Pages } from '@/app/staff/_components/pages'
import { ConfirmForm } from '@/app/staff/conflicts/_components/confirm-form'
import { describeConflictFilters } from '@/app/staff/conflicts/_components/conflict-filter-words'
import { ConflictForm } from '@/app/staff/conflicts/_components/conflict-form'
import { ConflictTable } from '@/app/staff/conflicts/_components/conflict-table'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { countedMax } from '@/lib/list/count'
import { hasFilters, readOne, type SearchParams } from '@/lib/list/search'
import { countConflicts, countOpenConflicts, listConflicts } from '@/lib/people/conflict-queries'
import {
  type ConflictFilters,
  conflictsHref,
  noConflictFilters,
  parseConflictFilters,
} from '@/lib/people/conflict-schema'
import { noFilters } from '@/lib/researchers/schema'
import { may } from '@/lib/staff/abilities'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.conflicts'))('title'), robots: { index: false } }
}

/** Whose iD is it: what staff have to decide, what is only proposed, and what was decided. */
export default availablePage(async function ConflictsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const actor = await requireStaff('seeConflicts')
  const t = await getTranslations('staff.conflicts')
  const params = await searchParams
  const filters = parseConflictFilters(params)
  const [page, { conflicts, proposals, atOrcid }] = await Promise.all([
    listConflicts(actor, filters),
    countOpenConflicts(actor),
  ])
  const chips = await describeConflictFilters(filters)
  const list = { filters, none: noConflictFilters, chips, href: conflictsHref }
  const say = (found: number) => t(found > countedMax ? 'countMany' : 'count', { count: Math.min(found, countedMax) })
  const countLooser = async (looser: ConflictFilters) => {
    const found = await countConflicts(actor, looser)
    return found > 0 ? say(found) : null
  }
  const isDecided = filters.show === 'decided'
  const { next, previous } = page
  return (
    <div className="space-y-5">
      <div className="space-y-3">
        <BackTo page="overview" />
        <h1>{t('title')}</h1>
        <Answer tone={conflicts + proposals > 0 ? 'needs' : atOrcid > 0 ? 'plain' : 'good'}>
          {t('answer', { conflicts, proposals })} <span className="block text-base text-ink-soft">{t('lead')}</span>
        </Answer>
      </div>
      <Result params={params} />
      {atOrcid > 0 ? (
        <Notice tone="warn">
          <p>
            {t('atOrcid', { count: atOrcid })}{' '}
            <a href={listHref({ ...noFilters, state: 'conflict' })}>{t('atOrcidList')}</a>
          </p>
        </Notice>
      ) : null}
      <ConflictForm filters={filters} />
      <FilterChips {...list} />
      <p className="font-medium tabular-nums">{say(page.count)}</p>
      {page.rows.length === 0 ? (
        <NoMatch {...list} count={countLooser}>
          {t(hasFilters(filters) ? 'noMatch' : 'empty')}
        </NoMatch>
      ) : (
        <ConfirmForm rows={page.rows} mayConfirm={may(actor, 'decideIdentity') && !isDecided}>
          <ConflictTable rows={page.rows} mayConfirm={may(actor, 'decideIdentity') && !isDecided} />
        </ConfirmForm>
      )}
      <Pages
        previous={previous && { href: conflictsHref({ ...filters, cursor: previous }), words: t('previous') }}
        next={next && { href: conflictsHref({ ...filters, cursor: next }), words: t('next') }}
      />
    </div>
  )
})

const readCount = (params: SearchParams, name: string) => Math.min(Number(readOne(params, name)) || 0, 1_000)

/** What came of confirming several proposals, or why a decision led nowhere. */
async function Result({ params }: { params: SearchParams }) {
  const t = await getTranslations('staff.conflicts')
  const [confirmed, refused] = [readCount(params, 'confirmed'), readCount(params, 'refused')]
  const result = readOne(params, 'result')
  return (
    <>
      {confirmed > 0 ? <Notice tone="good">{t('confirmed', { count: confirmed })}</Notice> : null}
      {refused > 0 ? <Notice tone="warn">{t('refused', { count: refused })}</Notice> : null}
      {result === 'gone' ? <Notice tone="warn">{t('faults.erased')}</Notice> : null}
      {result === 'reason' ? <Notice tone="warn">{t('faults.reason')}</Notice> : null}
      {result === 'none' ? <Notice tone="warn">{t('faults.none')}</Notice> : null}
    </>
  )
}
