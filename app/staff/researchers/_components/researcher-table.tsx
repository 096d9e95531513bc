import '@/app/staff/_components/rows.css'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { listHref } from '@/app/staff/_components/list-href'
import { type Mark, PermissionLegend } from '@/app/staff/researchers/_components/permission-marks'
import { ResearcherRow } from '@/app/staff/researchers/_components/researcher-row'
import { env } from '@/lib/config/env'
import type { ShownResearcher } from '@/lib/researchers/queries'
import { columnOf, type ListFilters, type ListSort } from '@/lib/researchers/schema'

type Props = { rows: ShownResearcher[]; filters: ListFilters; marks: readonly Mark[] }

const columns = ['name', 'orcid', 'state', 'permissions', 'connected', 'expires', 'checked'] as const
// People who are known by their iD alone differ in nothing else.
const columnsOfIds = ['name', 'orcid', 'state', 'checked'] as const
// What a click on a column's head sorts by first.
const firstSort: Partial<Record<(typeof columns)[number], ListSort>> = {
  name: 'name',
  orcid: 'orcid',
  connected: '-connected',
  expires: 'expires',
  checked: 'checked',
}

/** A table where there is room for one; each row folds into three lines where there is not. */
export function ResearcherTable({ rows, filters, marks }: Props) {
  const t = useTranslations('staff.list')
  const idsAlone = env().orcid.api === 'public'
  const shown = idsAlone ? columnsOfIds : columns
  return (
    <div className="rows people space-y-3">
      <table>
        <caption className="sr-only">{t('caption', { sort: t(`sorts.${filters.sort}`) })}</caption>
        <thead>
          <tr>
            {shown.map((column) => (
              <Head key={column} column={column} filters={filters} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <ResearcherRow key={row.id} researcher={row} marks={idsAlone ? null : marks} />
          ))}
        </tbody>
      </table>
      {idsAlone ? null : <PermissionLegend marks={marks} />}
    </div>
  )
}

function Head({ column, filters }: { column: (typeof columns)[number]; filters: ListFilters }) {
  const t = useTranslations('staff.list')
  const first = firstSort[column]
  const sorted = column === columnOf(filters.sort)
  const descending = filters.sort.startsWith('-')
  const opposite = (descending ? filters.sort.slice(1) : `-${filters.sort}`) as ListSort
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
