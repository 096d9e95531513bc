import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { listHref } from '@/app/staff/_components/list-href'
import { describeCount } from '@/app/staff/researchers/_components/describe-count'
import { explainContradiction } from '@/app/staff/researchers/_components/filter-words'
import { NobodyHere } from '@/app/staff/researchers/_components/nobody-here'
import { Pager } from '@/app/staff/researchers/_components/pager'
import { describeMarks } from '@/app/staff/researchers/_components/permission-marks'
import { ResearcherTable } from '@/app/staff/researchers/_components/researcher-table'
import type { Listing } from '@/lib/researchers/listing'
import type { ListFilters } from '@/lib/researchers/schema'

type Props = { finding: Promise<Listing>; filters: ListFilters; scopes: readonly string[] }

/**
 * How many match, the rows and the way on; or why there are none. Nothing in it waits any more once this has: React would
 * send what waits in pieces, which nobody puts together where no script runs.
 */
export async function People({ finding, filters, scopes }: Props) {
  const t = await getTranslations('staff.list')
  const found = await finding
  if (found.kind === 'too_broad') return <Failed words={t('tooBroad')} again={t('again')} filters={filters} />
  if (found.kind === 'away') return <Failed words={t('away')} again={t('again')} filters={filters} />
  if (found.kind === 'contradiction') {
    return <NobodyHere filters={filters} why={await explainContradiction(filters, found.between)} />
  }
  const { page, count } = found
  const marks = await describeMarks(scopes)
  // Rows may have been added since the first page: then the position counts without them.
  const total = await describeCount({ ...count, count: Math.max(count.count, page.from + page.rows.length) })
  return (
    <div className="people-later space-y-3">
      <p className="font-medium tabular-nums">{total.people}</p>
      {page.rows.length === 0 ? (
        <NobodyHere filters={filters} />
      ) : (
        <>
          <ResearcherTable rows={page.rows} filters={filters} marks={marks} />
          <Pager filters={filters} page={page} total={total.number} />
        </>
      )}
    </div>
  )
}

type FailedProps = { words: string; again: string; filters: ListFilters }

function Failed({ words, again, filters }: FailedProps) {
  return (
    <div role="alert" className="people-later">
      <Notice tone="warn">
        <p>{words}</p>
        <p>
          <a href={listHref(filters)} className="inline-flex min-h-8 items-center">
            {again}
          </a>
        </p>
      </Notice>
    </div>
  )
}
