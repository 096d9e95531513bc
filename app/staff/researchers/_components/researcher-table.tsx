import { ArrowDown, ArrowUp } from 'lucide-react'
import { getTranslations } from 'next-intl/server'
import { listHref } from '@/app/staff/_components/list-href'
import { PermissionLegend } from '@/app/staff/researchers/_components/permission-marks'
import { ResearcherRow } from '@/app/staff/researchers/_components/researcher-row'
import type { ShownResearcher } from '@/lib/researchers/queries'
import { columnOf, type ListFilters, type ListSort } from '@/lib/researchers/schema'

type Props = { rows: ShownResearcher[]; filters: ListFilters; scopes: readonly string[] }

const columns = ['name', 'orcid', 'state', 'permissions', 'connected', 'expires', 'checked'] as const
// What a click on a column's head sorts by first.
const firstSort: Partial<Record<(typeof columns)[number], ListSort>> = {
  name: 'name',
  orcid: 'orcid',
  connected: '-connected',
  expires: 'expires',
}

/** A table where there is room for one; each row folds into three lines where there is not. */
export async function ResearcherTable({ rows, filters, scopes }: Props) {
  const t = await getTranslations('staff.list')
  return (
    <div className="@container space-y-3">
      <table className="block w-full text-sm tabular-nums @min-[56rem]:table">
        <caption className="sr-only">{t('caption', { sort: t(`sorts.${filters.sort}`) })}</caption>
        <thead className="sr-only @min-[56rem]:not-sr-only @min-[56rem]:table-header-group">
          <tr>
            {columns.map((column) => (
              <Head key={column} column={column} filters={filters} />
            ))}
          </tr>
        </thead>
        <tbody className="block border-line border-t @min-[56rem]:table-row-group @min-[56rem]:border-t-0">
          {rows.map((row) => (
            <ResearcherRow key={row.id} researcher={row} asked={scopes} />
          ))}
        </tbody>
      </table>
      <PermissionLegend asked={scopes} />
    </div>
  )
}

async function Head({ column, filters }: { column: (typeof columns)[number]; filters: ListFilters }) {
  const t = await getTranslations('staff.list')
  const first = firstSort[column]
  const sorted = column === columnOf(filters.sort)
  const descending = filters.sort.startsWith('-')
  const opposite = (descending ? filters.sort.slice(1) : `-${filters.sort}`) as ListSort
  const Arrow = descending ? ArrowDown : ArrowUp
  return (
    <th
      scope="col"
      aria-sort={sorted ? (descending ? 'descending' : 'ascending') : undefined}
      className="sticky top-0 z-10 h-11 whitespace-nowrap border-line-strong border-b bg-ground px-2 text-start font-medium text-ink-soft first:ps-0"
    >
      {first ? (
        <a
          href={listHref({ ...filters, sort: sorted ? opposite : first, cursor: null })}
          className="inline-flex min-h-8 items-center gap-1 text-ink-soft! no-underline! hover:underline!"
        >
          {t(`columns.${column}`)}
          {sorted ? <Arrow size={14} className="text-ink" /> : null}
        </a>
      ) : (
        t(`columns.${column}`)
      )}
    </th>
  )
}
