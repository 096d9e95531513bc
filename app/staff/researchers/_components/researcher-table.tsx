import '@/app/staff/_components/rows.css'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { listHref } from '@/app/staff/_components/list-href'
import type { Lines } from '@/app/staff/researchers/_components/describe-lines'
import { type Mark, PermissionLegend } from '@/app/staff/researchers/_components/permission-marks'
import { ResearcherRows } from '@/app/staff/researchers/_components/researcher-rows'
import { env } from '@/lib/config/env'
import {
  columnOf,
  columnsOf,
  type ListColumn,
  type ListFilters,
  type ListSort,
  sortColumnsOf,
  sortOf,
} from '@/lib/researchers/schema'

type Props = { rows: Lines; columns: readonly ListColumn[]; filters: ListFilters; marks: readonly Mark[] }

// What a click on a column's head sorts by first.
const firstSorts = ['name', 'orcid', '-connected', '-confirmed', '-withdrew', 'expires', 'checked'] as const

// Where people are known by their iD alone, nobody permits more.
const ofPermissions: readonly ListColumn[] = ['permissions', 'connected', 'confirmed', 'withdrew', 'expires']

/** Whether the list can show a column with these credentials. */
export const isAvailable = (column: ListColumn) => env().orcid.api === 'member' || !ofPermissions.includes(column)

/** The shown columns beside the name. */
export const availableColumns = (filters: ListFilters) => columnsOf(filters).filter(isAvailable)

/** A table where there is room for one; each row folds into three lines where there is not. */
export function ResearcherTable({ rows, columns, filters, marks }: Props) {
  const t = useTranslations('staff.list')
  return (
    <div className={`rows people space-y-3 ${filters.columns.length > 0 ? 'chosen' : ''}`}>
      <table>
        <caption className="sr-only">{t('caption', { sort: t(`sorts.${sortOf(filters)}`) })}</caption>
        <thead>
          <tr>
            {(['name', ...columns] as const).map((column) => (
              <Head key={column} column={column} filters={filters} marks={marks} />
            ))}
          </tr>
        </thead>
        <tbody>
          <ResearcherRows {...rows} columns={columns} marks={marks} />
        </tbody>
      </table>
      {columns.includes('permissions') ? <PermissionLegend marks={marks} /> : null}
    </div>
  )
}

type HeadProps = { column: 'name' | ListColumn; filters: ListFilters; marks: readonly Mark[] }

function Head({ column, filters, marks }: HeadProps) {
  const t = useTranslations('staff.list')
  const isOffered = sortColumnsOf(filters).some((offered) => offered === column)
  const first = isOffered && firstSorts.find((sort) => columnOf(sort) === column)
  const sort = sortOf(filters)
  const sorted = column === columnOf(sort)
  const descending = sort.startsWith('-')
  const opposite = (descending ? sort.slice(1) : `-${sort}`) as ListSort
  const Arrow = descending ? ArrowDown : ArrowUp
  return (
    <th
      scope="col"
      data-place={column}
      title={column === 'permissions' ? marks.map(({ letter, title }) => `${letter}: ${title}`).join('\n') : undefined}
      aria-sort={sorted ? (descending ? 'descending' : 'ascending') : undefined}
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
