import '@/app/staff/_components/charts/charts.css'
import type { Metadata } from 'next'
import { getFormatter, getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { Answer } from '@/app/_components/answer'
import { EmptyState } from '@/app/_components/empty-state'
import { When } from '@/app/_components/when'
import { FilterForm } from '@/app/staff/_components/filter-form'
import { ListMenu } from '@/app/staff/_components/list-menu'
import { Pages } from '@/app/staff/_components/pages'
import { SearchField } from '@/app/staff/_components/search-field'
import { getShareWords } from '@/app/staff/_components/share-words'
import { summaryHref, unitHref } from '@/app/staff/_components/unit-href'
import { UnitTable } from '@/app/staff/_components/unit-table'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { env } from '@/lib/config/env'
import { searchedWords, toHref, toParameters } from '@/lib/list/search'
import { seesDepartment } from '@/lib/list/visible'
import { countCoverage, sumCoverage } from '@/lib/people/coverage'
import { listUnits, sortUnits, toTree, type UnitSort, unitSorts } from '@/lib/people/units'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.departments'))('title'), robots: { index: false } }
}

const rowsPerPage = 100
const search = z.object({
  q: searchedWords.trim().catch(''),
  sort: z.enum(unitSorts).catch('share'),
  from: z.coerce.number().int().min(0).max(1_000_000).catch(0),
})

/** Every department with all below it: how many of its people are connected. */
export default availablePage(async function DepartmentsPage({ searchParams }: { searchParams: Promise<unknown> }) {
  const actor = await requireStaff('seeOverview')
  const { q, sort: wanted, from } = search.parse(await searchParams)
  const { comparesDepartments } = env()
  const sort: UnitSort = comparesDepartments ? wanted : 'name'
  const t = await getTranslations('staff.departments')
  const { value: rows, at } = await countCoverage(actor)
  const tree = toTree(
    rows.filter(({ onRoster }) => onRoster),
    (path) => seesDepartment(actor, path),
  )
  const all = [...listUnits(tree), ...(tree.direct.people > 0 && !q ? [{ path: null, ...tree.direct }] : [])]
  const everybody = sumCoverage(rows)
  const toWords = await getShareWords()
  const found = all.filter(({ path }) => !q || fold(path ?? '').includes(fold(q)))
  const page = sortUnits(found, sort).slice(from, from + rowsPerPage)
  return (
    <div className="max-w-[60rem] space-y-5">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <h1>{t('title')}</h1>
        <ListMenu
          label={t('menu')}
          files={[{ href: summaryHref(null, true), words: t('file') }]}
          more={{ href: summaryHref(null), words: t('summary') }}
        />
      </div>
      <Answer tone="plain">
        {everybody.people > 0 ? t('answer', { share: toWords(everybody), people: everybody.people }) : null}{' '}
        <span className="block text-base text-ink-soft">{t(comparesDepartments ? 'lead' : 'notCompared')}</span>
      </Answer>
      <FilterForm action="/staff/departments" className="space-y-3">
        {sort === 'share' ? null : <input type="hidden" name="sort" value={sort} />}
        <SearchField label={t('search')} q={q} />
      </FilterForm>
      {page.length === 0 ? (
        <EmptyState action={q || from > 0 ? { href: '/staff/departments', label: t('everything') } : null}>
          {t(q ? 'noMatch' : from > 0 ? 'noPage' : 'empty')}
        </EmptyState>
      ) : (
        <>
          <p className="note">
            {t.rich('figuresOf', { count: found.length, when: () => <When key="at" at={at} show="time" /> })}
          </p>
          <div className="card">
            {comparesDepartments ? (
              <UnitTable
                caption={t('title')}
                units={page}
                sort={sort}
                sortHref={(by) => href({ q, sort: by, from: 0 })}
              />
            ) : (
              <Names paths={page.flatMap(({ path }) => path ?? [])} />
            )}
          </div>
          <Pager found={found.length} shown={page.length} from={from} hrefOf={(to) => href({ q, sort, from: to })} />
        </>
      )}
    </div>
  )
})

const fold = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

const href = ({ q, sort, from }: { q: string; sort: UnitSort; from: number }) =>
  toHref(
    '/staff/departments',
    toParameters({ q, sort: sort === 'share' ? null : sort, from: from ? String(from) : null }),
  )

function Names({ paths }: { paths: string[] }) {
  return (
    <ul className="columns-1 gap-8 sm:columns-2">
      {paths.map((path) => (
        <li key={path}>
          <a href={unitHref(path)} className="inline-flex min-h-8 items-center">
            <bdi translate="no">{path}</bdi>
          </a>
        </li>
      ))}
    </ul>
  )
}

type PagerProps = { found: number; shown: number; from: number; hrefOf: (from: number) => string }

async function Pager({ found, shown, from, hrefOf }: PagerProps) {
  const list = await getTranslations('staff.list')
  const format = await getFormatter()
  if (found <= rowsPerPage && from === 0) return null
  const way = (to: number, words: string) => ({ href: hrefOf(to), words })
  return (
    <Pages
      previous={from > 0 ? way(Math.max(0, from - rowsPerPage), list('previous')) : null}
      next={from + shown < found ? way(from + rowsPerPage, list('next')) : null}
    >
      <p className="note tabular-nums">
        {list('position', { first: from + 1, last: from + shown, count: format.number(found) })}
      </p>
    </Pages>
  )
}
