import '@/app/_components/sheet.css'
import '@/app/staff/_components/charts/charts.css'
import '@/app/staff/summary/summary.css'
import { ArrowLeft, Download } from 'lucide-react'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getFormatter, getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { Notice } from '@/app/_components/notice'
import { When } from '@/app/_components/when'
import { getShareWords } from '@/app/staff/_components/share-words'
import { summaryHref, unitHref } from '@/app/staff/_components/unit-href'
import { ShareRow } from '@/app/staff/summary/_components/share-row'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { env } from '@/lib/config/env'
import { pathSeparator } from '@/lib/list/department'
import { searchedWords } from '@/lib/list/search'
import { dimensionOf } from '@/lib/people/coverage'
import { findCoverageTrend } from '@/lib/people/coverage-trend'
import { withParents } from '@/lib/people/person'
import { getSummary } from '@/lib/people/summary'
import { smallestGroup } from '@/lib/people/units'

const search = z.object({ department: searchedWords.trim().catch('') })
type Props = { searchParams: Promise<unknown> }

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.summary'))('title'), robots: { index: false } }
}

/** As many as fit on the sheet, below one another and in two columns. */
const shownMax = 60

/** Coverage for a dean: on one sheet, without names and without groups in which somebody could be recognised. */
export default availablePage(async function SummaryPage({ searchParams }: Props) {
  const actor = await requireStaff('seeOverview')
  const { department } = search.parse(await searchParams)
  const t = await getTranslations('staff.summary')
  const format = await getFormatter()
  const say = await getShareWords()
  const path = department || null
  const summary = await getSummary(actor, path)
  if (!summary && path) notFound()
  const trend =
    summary &&
    (await findCoverageTrend(actor, { dimension: dimensionOf(path ? { department: path } : null), share: summary.all }))
  const [whole, most] = [summary?.units ?? [], shownMax]
  const units = whole.length <= most ? whole : whole.toSorted((a, b) => b.people - a.people).slice(0, most)
  const shown = new Set(units.map((unit) => unit.path ?? ''))
  const points =
    trend && trend.change !== null
      ? format.number(trend.change * 100, { maximumFractionDigits: 1, signDisplay: 'exceptZero' })
      : null
  return (
    <article className="sheet max-w-[60rem] space-y-6">
      <div className="no-print flex flex-wrap items-center justify-between gap-3">
        <a href={path ? unitHref(path) : '/staff'} className="inline-flex min-h-8 items-center gap-1.5 text-sm">
          <ArrowLeft size={16} className="rtl:rotate-180" />
          {t('back')}
        </a>
        {summary ? (
          <a href={summaryHref(path, true)} download className="btn btn-quiet">
            <Download size={20} />
            {t('file')}
          </a>
        ) : null}
      </div>
      <header className="space-y-1">
        <h1>{t('heading', { institution: env().institution.name })}</h1>
        {path ? (
          <p className="font-medium">
            <bdi translate="no">{path}</bdi>
          </p>
        ) : null}
        {summary ? (
          <p className="note">{t.rich('figuresOf', { when: () => <When key="at" at={summary.at} show="time" /> })}</p>
        ) : null}
      </header>
      {summary ? (
        <>
          <p className="answer font-semibold text-2xl tabular-nums">
            {t('answer', { share: say(summary.all), people: summary.all.people, connected: summary.all.connected })}
          </p>
          {points ? <p>{t('change', { points })}</p> : null}
          {summary.kinds.length > 0 ? (
            <section aria-labelledby="kinds" className="space-y-2">
              <h2 id="kinds">{t('kinds')}</h2>
              <ul className="share-rows">
                {summary.kinds.map(({ kind, ...share }) => (
                  <ShareRow key={kind} name={t(`kind.${kind}`)} share={share} />
                ))}
              </ul>
            </section>
          ) : null}
          {units.length > 0 ? (
            <section aria-labelledby="units" className="space-y-2">
              <h2 id="units">{t('departments')}</h2>
              <ul className="share-rows in-columns">
                {units.map(({ path: name, ...share }) => (
                  <ShareRow key={name} name={<UnitName path={name ?? ''} shown={shown} below={path} />} share={share} />
                ))}
              </ul>
              {whole.length > units.length ? <p className="note">{t('largest', { count: units.length })}</p> : null}
            </section>
          ) : null}
          <footer className="note space-y-1 border-line border-t pt-3">
            <p className="max-w-none!">{t('meaning')}</p>
            <p className="max-w-none!">{t('small', { count: smallestGroup, folded: summary.folded })}</p>
          </footer>
        </>
      ) : (
        <Notice>{t('tooFew', { count: smallestGroup })}</Notice>
      )}
    </article>
  )
})

type NameProps = { path: string; shown: ReadonlySet<string>; below: string | null }

/** A department below the one above it where that is on the sheet too, with what that does not say. */
function UnitName({ path, shown, below }: NameProps) {
  const parent = withParents([path]).findLast((each) => each !== path && (shown.has(each) || each === below))
  return (
    <bdi translate="no" className={parent && parent !== below ? 'ps-4' : 'font-semibold'}>
      {parent ? path.slice(parent.length + pathSeparator.length) : path}
    </bdi>
  )
}
