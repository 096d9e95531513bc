import { getFormatter, getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import type { FilteredList } from '@/app/staff/_components/filter-chips'
import { ListMenu } from '@/app/staff/_components/list-menu'
import { NoMatch } from '@/app/staff/_components/no-match'
import { Pages } from '@/app/staff/_components/pages'
import { BulkForm } from '@/app/staff/people/_components/bulk-form'
import { PeopleTable } from '@/app/staff/people/_components/people-table'
import type { StaffActor } from '@/lib/actor'
import { countedMax } from '@/lib/list/count'
import { hasFilters } from '@/lib/list/search'
import { findPeopleCount } from '@/lib/people/listing'
import type { PeoplePage } from '@/lib/people/queries'
import { type PeopleFilters, peopleSortOf } from '@/lib/people/schema'
import { toSelectionParameters } from '@/lib/people/selection'
import { may } from '@/lib/staff/abilities'

type Props = {
  actor: StaffActor
  list: FilteredList<PeopleFilters>
  /** Null if the query reached its time limit. */
  page: PeoplePage | null
  scopes: readonly string[]
}

/** How many match, their rows and the ways on; or why there are none. */
export async function PeopleResult({ actor, list, page, scopes }: Props) {
  const t = await getTranslations('staff.people')
  const { filters } = list
  if (!page) return <TooBroad list={list} />
  const say = (found: number) => t(found > countedMax ? 'countMany' : 'count', { count: Math.min(found, countedMax) })
  const maySelect = may(actor, 'changeMany')
  const caption = t('caption', { sort: t(`sorts.${peopleSortOf(filters)}`) })
  const table = <PeopleTable rows={page.rows} caption={caption} maySelect={maySelect} />
  const countLooser = async (looser: PeopleFilters) => {
    const found = await findPeopleCount(actor, looser, scopes)
    return found ? say(found) : null
  }
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <p className="font-medium tabular-nums">{say(page.count)}</p>
        {!maySelect && may(actor, 'exportPeople') ? <Files filters={filters} /> : null}
      </div>
      {page.rows.length === 0 ? (
        <NoMatch {...list} count={countLooser}>
          {t(hasFilters({ ...filters, sort: null }) ? 'noMatch' : 'empty')}
        </NoMatch>
      ) : (
        <>
          {maySelect ? (
            <BulkForm actor={actor} filters={filters}>
              {table}
            </BulkForm>
          ) : (
            table
          )}
          <Pager list={list} page={page} />
        </>
      )}
    </>
  )
}

/** For those who cannot tick people: all that match. */
async function Files({ filters }: { filters: PeopleFilters }) {
  const t = await getTranslations('staff.list.menu')
  const chosen = toSelectionParameters({ filters }).toString()
  const files = (['csv', 'xlsx'] as const).map((format) => ({
    href: `/staff/people/export?format=${format}&${chosen}`,
    words: t('all', { format: format === 'csv' ? 'CSV' : 'Excel' }),
  }))
  return <ListMenu label={t('export')} files={files} />
}

async function Pager({ list: { filters, href }, page }: { list: Props['list']; page: PeoplePage }) {
  const t = await getTranslations('staff.list')
  const people = await getTranslations('staff.people')
  const format = await getFormatter()
  const { rows, from, count, next, previous } = page
  const last = from + rows.length
  const total = count > countedMax ? people('many', { count: countedMax }) : format.number(Math.max(count, last))
  return (
    <Pages
      previous={previous && { href: href({ ...filters, cursor: previous }), words: t('previous') }}
      next={next && { href: href({ ...filters, cursor: next }), words: t('next') }}
    >
      <p className="note tabular-nums">{t('position', { first: from + 1, last, count: total })}</p>
    </Pages>
  )
}

/** Leads to the list without what most likely made it slow: the search, or else the last of the filters. */
async function TooBroad({ list: { filters, chips, href } }: { list: Props['list'] }) {
  const t = await getTranslations('staff.list')
  const people = await getTranslations('staff.people')
  const active = chips.filter(({ words }) => words)
  const slow = filters.q ? active[0] : active.at(-1)
  return (
    <div role="alert">
      <Notice tone="warn">
        <p>{people('tooBroad')}</p>
        <p>
          <a href={href({ ...filters, ...slow?.without, cursor: null })} className="inline-flex min-h-8 items-center">
            {slow?.words ? t('without', { filter: slow.words }) : t('again')}
          </a>
        </p>
      </Notice>
    </div>
  )
}
