import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { listHref } from '@/app/staff/_components/list-href'
import { describeCount } from '@/app/staff/researchers/_components/describe-count'
import { NobodyHere } from '@/app/staff/researchers/_components/nobody-here'
import { Pager } from '@/app/staff/researchers/_components/pager'
import { ResearcherTable } from '@/app/staff/researchers/_components/researcher-table'
import type { Listing } from '@/lib/researchers/listing'
import { type ListFilters, noFilters } from '@/lib/researchers/schema'

type Props = { filters: ListFilters; scopes: readonly string[] }

/** The rows when they come after the page around them. */
export async function PeopleLater({ finding, ...props }: Props & { finding: Promise<Listing> }) {
  return (
    <div className="people-later">
      <People found={await finding} {...props} />
    </div>
  )
}

/** How many match, the rows and the way on; or why there are none. */
export async function People({ found, filters, scopes }: Props & { found: Listing }) {
  const t = await getTranslations('staff.list')
  if (found.kind === 'too_broad') return <Failed words={t('tooBroad')} filters={filters} isFiltered />
  if (found.kind === 'away') return <Failed words={t('away')} filters={filters} />
  if (found.kind === 'contradiction') return <NobodyHere filters={filters} between={found.between} />
  const { page, count } = found
  return (
    <div className="space-y-3">
      <p className="font-medium tabular-nums">{(await describeCount(count)).people}</p>
      {page.rows.length === 0 ? (
        <NobodyHere filters={filters} />
      ) : (
        <>
          <ResearcherTable rows={page.rows} filters={filters} scopes={scopes} />
          <Pager filters={filters} page={page} count={count} />
        </>
      )}
    </div>
  )
}

type FailedProps = { words: string; filters: ListFilters; isFiltered?: boolean }

async function Failed({ words, filters, isFiltered }: FailedProps) {
  const t = await getTranslations('staff.list')
  return (
    <div role="alert">
      <Notice tone="warn">
        <p>{words}</p>
        <p className="mt-2 flex flex-wrap gap-x-5">
          <a href={listHref(filters)} className="inline-flex min-h-8 items-center">
            {t('again')}
          </a>
          {isFiltered ? (
            <a href={listHref({ ...noFilters, sort: filters.sort })} className="inline-flex min-h-8 items-center">
              {t('clear')}
            </a>
          ) : null}
        </p>
      </Notice>
    </div>
  )
}
