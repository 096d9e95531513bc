import '@/app/staff/_components/charts/charts.css'
import { ArrowLeft } from 'lucide-react'
import type { Metadata } from 'next'
import { getFormatter, getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { EmptyState } from '@/app/_components/empty-state'
import { Patterns } from '@/app/staff/_components/charts/patterns'
import { DepartmentTable } from '@/app/staff/_components/department-table'
import { Pages } from '@/app/staff/_components/pages'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { listDepartmentPage } from '@/lib/researchers/overview'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.departments'))('title'), robots: { index: false } }
}

const search = z.object({ from: z.coerce.number().int().min(0).max(1_000_000).catch(0) })

/** Every department, with the numbers of the overview: what has no room there is reached from here. */
export default availablePage(async function DepartmentsPage({ searchParams }: { searchParams: Promise<unknown> }) {
  const actor = await requireStaff('seeOverview')
  const { from } = search.parse(await searchParams)
  const [t, list, format] = await Promise.all([getTranslations('staff'), getTranslations('staff.list'), getFormatter()])
  const { rows, count, previous, next } = await listDepartmentPage(actor, from)
  const way = (to: number | null, words: string) =>
    to === null ? null : { href: `/staff/departments?from=${to}`, words }
  return (
    <div className="max-w-[56rem] space-y-5">
      <Patterns />
      <a href="/staff" className="no-print inline-flex min-h-8 items-center gap-1.5 text-sm">
        <ArrowLeft size={16} className="rtl:rotate-180" />
        {t('overview.title')}
      </a>
      <h1>{t('departments.title')}</h1>
      <p className="max-w-[65ch]! text-ink-soft">{t('departments.lead')}</p>
      {rows.length === 0 ? (
        <EmptyState action={{ href: '/staff/departments', label: t('departments.first') }}>
          {t('departments.empty')}
        </EmptyState>
      ) : (
        <>
          <div className="card">
            <DepartmentTable departments={rows} />
          </div>
          <Pages previous={way(previous, list('previous'))} next={way(next, list('next'))}>
            <p className="note tabular-nums">
              {list('position', { first: from + 1, last: from + rows.length, count: format.number(count) })}
            </p>
          </Pages>
        </>
      )}
    </div>
  )
})
