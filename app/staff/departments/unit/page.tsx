import '@/app/staff/_components/charts/charts.css'
import { ChevronRight } from 'lucide-react'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { When } from '@/app/_components/when'
import { Patterns } from '@/app/staff/_components/charts/patterns'
import { CoverageChart } from '@/app/staff/_components/coverage-chart'
import { ListMenu } from '@/app/staff/_components/list-menu'
import { summaryHref, unitHref } from '@/app/staff/_components/unit-href'
import { UnitTable } from '@/app/staff/_components/unit-table'
import { MissingList } from '@/app/staff/departments/unit/_components/missing-list'
import { UnitAnswer } from '@/app/staff/departments/unit/_components/unit-answer'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { env } from '@/lib/config/env'
import { pathSeparator } from '@/lib/list/department'
import { searchedWords, toParameters } from '@/lib/list/search'
import { seesDepartment } from '@/lib/list/visible'
import { countCoverage, countUnitStates, dimensionOf, ourPeople, toKinds } from '@/lib/people/coverage'
import { listCoverage } from '@/lib/people/coverage-trend'
import { withParents } from '@/lib/people/person'
import { findUnit, sortUnits, toTree, type UnitSort, unitSorts } from '@/lib/people/units'
import { may } from '@/lib/staff/abilities'
import { listAskable } from '@/lib/texts/asked'

const search = z.object({
  department: searchedWords.trim().catch(''),
  sort: z.enum(unitSorts).catch('share'),
})

type Props = { searchParams: Promise<unknown> }

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const { department } = search.parse(await searchParams)
  const t = await getTranslations('staff.departments')
  return { title: department || t('title'), robots: { index: false } }
}

/** A department with all below it: its coverage, how that developed, who is missing, and its files. */
export default availablePage(async function UnitPage({ searchParams }: Props) {
  const actor = await requireStaff('seeOverview')
  const { department, sort: wanted } = search.parse(await searchParams)
  const t = await getTranslations('staff.departments')
  const { value: rows, at } = await countCoverage(actor)
  const unit = findUnit(
    toTree(
      rows.filter(({ onRoster }) => onRoster),
      (path) => seesDepartment(actor, path),
    ),
    department,
  )
  if (!unit) notFound()
  const now = new Date()
  const [{ value: states }, scopes, points] = await Promise.all([
    countUnitStates(actor, department),
    listAskable(),
    listCoverage(actor, { dimension: dimensionOf({ department }), share: unit, per: 'month' }, now),
  ])
  const { comparesDepartments } = env()
  const sort: UnitSort = comparesDepartments ? wanted : 'name'
  const inside = rows.filter((row) => row.department !== null && withParents([row.department]).includes(department))
  const parents = withParents([department]).filter((path) => path !== department && seesDepartment(actor, path))
  return (
    <div className="max-w-[60rem] space-y-8">
      <Patterns />
      <div className="space-y-3">
        <nav aria-label={t('above')} className="no-print">
          <ol className="flex flex-wrap items-center gap-x-1 text-sm">
            <li>
              <a href="/staff/departments" className="inline-flex min-h-8 items-center">
                {t('title')}
              </a>
            </li>
            {parents.map((path) => (
              <li key={path} className="flex items-center gap-x-1">
                <ChevronRight size={16} className="shrink-0 text-ink-soft rtl:rotate-180" />
                <a href={unitHref(path)} className="inline-flex min-h-8 items-center">
                  <bdi translate="no">{path}</bdi>
                </a>
              </li>
            ))}
          </ol>
        </nav>
        <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2">
          <h1 className="min-w-0">
            <bdi translate="no">{department}</bdi>
          </h1>
          <ListMenu
            label={t('menu')}
            files={
              may(actor, 'exportPeople')
                ? listFiles(department, (format) => [t('people', { format }), t('missingPeople', { format })])
                : []
            }
            more={{ href: summaryHref(department), words: t('summary') }}
          />
        </div>
        <p className="note">{t.rich('figuresAt', { when: () => <When key="at" at={at} show="time" /> })}</p>
      </div>
      <UnitAnswer department={department} share={unit} kinds={toKinds(inside)} />
      <MissingList department={department} states={states} scopes={scopes} />
      <CoverageChart points={points} per="month" />
      {unit.units.length > 0 && comparesDepartments ? (
        <section aria-labelledby="below" className="space-y-3">
          <h2 id="below">{t('below')}</h2>
          <div className="card">
            <UnitTable
              caption={t('below')}
              units={sortUnits(unit.units, sort)}
              sort={sort}
              sortHref={(by) => `${unitHref(department)}&sort=${by}#below`}
              below={`${department}${pathSeparator}`}
            />
          </div>
        </section>
      ) : null}
    </div>
  )
})

/** The people of the department, and those of them who are missing, as files. */
function listFiles(department: string, say: (format: string) => [people: string, missing: string]) {
  const href = (format: 'csv' | 'xlsx', filters: Parameters<typeof ourPeople>[0]) => {
    const params = toParameters(ourPeople({ department, ...filters }))
    params.set('all', 'yes')
    params.set('format', format)
    return `/staff/people/export?${params}`
  }
  return (['csv', 'xlsx'] as const).flatMap((format) => {
    const [people, missing] = say(format.toUpperCase())
    return [
      { href: href(format, {}), words: people },
      { href: href(format, { connection: 'missing' }), words: missing },
    ]
  })
}
