import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { describeFilters } from '@/app/staff/_components/filter-words'
import { listHref } from '@/app/staff/_components/list-href'
import { describeCount } from '@/app/staff/researchers/_components/describe-count'
import { describeLines } from '@/app/staff/researchers/_components/describe-lines'
import { EmptyList, findWaysOut } from '@/app/staff/researchers/_components/empty-list'
import { Pager } from '@/app/staff/researchers/_components/pager'
import { PeopleMenu } from '@/app/staff/researchers/_components/people-menu'
import { describeMarks } from '@/app/staff/researchers/_components/permission-marks'
import { availableColumns, ResearcherTable } from '@/app/staff/researchers/_components/researcher-table'
import type { StaffActor } from '@/lib/actor'
import type { Listing } from '@/lib/researchers/listing'
import type { ListFilters } from '@/lib/researchers/schema'

type Props = {
  actor: StaffActor
  finding: Promise<Listing>
  filters: ListFilters
  scopes: readonly string[]
}

/**
 * How many match, the rows and the way on; or why there are none. Nothing in it waits any more once this has: React would
 * send what waits in pieces, which nobody puts together where no script runs.
 */
export async function People({ actor, finding, filters, scopes }: Props) {
  const t = await getTranslations('staff.list')
  const found = await finding
  if (found.kind === 'too_broad') return <TooBroad filters={filters} />
  if (found.kind === 'away') return <Failed words={t('away')} href={listHref(filters)} way={t('again')} />
  const { page } = found
  const ways = page.rows.length === 0 ? await findWaysOut(actor, filters) : null
  const marks = await describeMarks(scopes)
  const columns = availableColumns(filters)
  const named = filters.columns.length > 0 ? columns.filter((column) => column !== 'connected') : []
  const rows = await describeLines(page.rows, columns, marks, named)
  // Rows may have been added since the first page: then the position counts without them.
  const { count, exact } = page.count
  const total = await describeCount({ exact, count: exact ? Math.max(count, page.from + page.rows.length) : count })
  const menu = await PeopleMenu({ filters, columns, actor })
  return (
    <div className="people-later space-y-3">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <p className="font-medium tabular-nums">{total.people}</p>
        {menu}
      </div>
      {ways ? (
        <EmptyList filters={filters} ways={ways} />
      ) : (
        <>
          <ResearcherTable rows={rows} columns={columns} filters={filters} marks={marks} />
          <Pager filters={filters} page={page} total={total.number} />
        </>
      )}
    </div>
  )
}

/** Leads to the list without what most likely made it slow: the search, or else the last of the filters. */
async function TooBroad({ filters }: { filters: ListFilters }) {
  const t = await getTranslations('staff.list')
  const chips = await describeFilters(filters)
  const slow = chips.find(({ name }) => name === 'q') ?? chips.at(-1)
  const href = listHref({ ...filters, ...slow?.without, cursor: null })
  return <Failed words={t('tooBroad')} href={href} way={slow ? t('without', { filter: slow.words }) : t('again')} />
}

type FailedProps = { words: string; href: string; way: string }

function Failed({ words, href, way }: FailedProps) {
  return (
    <div role="alert" className="people-later">
      <Notice tone="warn">
        <p>{words}</p>
        <p>
          <a href={href} className="inline-flex min-h-8 items-center">
            {way}
          </a>
        </p>
      </Notice>
    </div>
  )
}
