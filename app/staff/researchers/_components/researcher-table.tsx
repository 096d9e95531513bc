import '@/app/staff/_components/rows.css'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { listHref } from '@/app/staff/_components/list-href'
import type { Lines } from '@/app/staff/researchers/_components/describe-lines'
import { type Mark, PermissionLegend } from '@/app/staff/researchers/_components/permission-marks'
import { ResearcherRows } from '@/app/staff/researchers/_components/researcher-rows'
import { env } from '@/lib/config/env'
import { columnOf, type ListFilters, type ListSort, sortColumnsOf, sortOf } from '@/lib/researchers/schema'

type Props = { rows: Lines; filters: ListFilters; marks: readonly Mark[] }

const columns = ['name', 'orcid', 'state', 'permissions', 'connected', 'expires', 'checked'] as const
// Whoever withdrew has the day of that where others have the one on which they connected.
const columnsOfWithdrawn = ['name', 'orcid', 'state', 'permissions', 'withdrew', 'expires', 'checked'] as const
// People who are known by their iD alone differ in nothing else.
const columnsOfIds = ['name', 'orcid', 'state', 'checked'] as const

type Column = (typeof columns | typeof columnsOfWithdrawn)[number]

// What a click on a column's head sorts by first.
const firstSorts = ['name', 'orcid', '-connected', '-withdrew', 'expires', 'checked'] as const

/** A table where there is room for one; each row folds into three lines where there is not. */
export function ResearcherTable({ rows, filters, marks }: Props) {
  const t = useTranslations('staff.list')
  const idsAlone = env().orcid.api === 'public'
  const areWithdrawn = sortColumnsOf(filters).includes('withdrew')
  const shown = idsAlone ? columnsOfIds : areWithdrawn ? columnsOfWithdrawn : columns
  return (
    <div className="rows people space-y-3">
      <table>
        <caption className="sr-only">{t('caption', { sort: t(`sorts.${sortOf(filters)}`) })}</caption>
        <thead>
          <tr>
            {shown.map((column) => (
              <Head key={column} column={column} filters={filters} />
            ))}
          </tr>
        </thead>
        <tbody>
          <ResearcherRows {...rows} marks={idsAlone ? null : marks} />
        </tbody>
      </table>
      {idsAlone ? null : <PermissionLegend marks={marks} />}
    </div>
  )
}

function Head({ column, filters }: { column: Column; filters: ListFilters }) {
  const t = useTranslations('staff.list')
  const isOffered = sortColumnsOf(filters).some((offered) => offered === column)
  const first = isOffered && firstSorts.find((sort) => columnOf(sort) === column)
  const sort = sortOf(filters)
  const sorted = column === columnOf(sort)
  const descending = sort.startsWith('-')
  const opposite = (descending ? sort.slice(1) : `-${sort}`) as ListSort
  const Arrow = descending ? ArrowDown : ArrowUp
  return (
    <th scope="col" data-place={column} aria-sort={sorted ? (descending ? 'descending' : 'ascending') : undefined}>
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
