import '@/app/staff/_components/charts/charts.css'
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { When } from '@/app/_components/when'
import { Attention } from '@/app/staff/_components/attention'
import { listAttentionItems } from '@/app/staff/_components/attention-items'
import { Patterns } from '@/app/staff/_components/charts/patterns'
import { CoverageAnswer } from '@/app/staff/_components/coverage-answer'
import { FailoverNotice } from '@/app/staff/_components/failover-notice'
import { CheckLine, PermissionLine } from '@/app/staff/_components/health'
import { LowestUnits } from '@/app/staff/_components/lowest-units'
import type { StaffActor } from '@/lib/actor'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { getSweepState } from '@/lib/checks/queries'
import { type CoverageRow, countCoverage, dimensionOf, sumCoverage, toKinds } from '@/lib/people/coverage'
import { findCoverageTrend } from '@/lib/people/coverage-trend'
import { getOverview } from '@/lib/researchers/overview'
import { listOpenFailovers } from '@/lib/restores/failovers'
import { may } from '@/lib/staff/abilities'
import { listAskable } from '@/lib/texts/asked'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.overview'))('title'), robots: { index: false } }
}

/** How many of our people are connected, what needs somebody, and where more is: on one screen. */
export default availablePage(async function StaffPage() {
  const actor = await requireStaff('seeOverview')
  const t = await getTranslations('staff.overview')
  const now = new Date()
  const seesAll = may(actor, 'seeAttention')
  const [{ value: rows, at }, everybody, failovers] = await Promise.all([
    countCoverage(actor),
    seesAll ? readEverybody(actor, now) : null,
    seesAll ? listOpenFailovers(actor) : [],
  ])
  const kinds = toKinds(rows)
  const coverage = { all: sumCoverage(rows), kinds, unrostered: sumCoverage(rows, false).connected }
  const [main] = kinds
  const dimension = dimensionOf(main ?? null)
  const trend = await findCoverageTrend(actor, { dimension, share: main ?? coverage.all }, now)
  const links = [
    { href: '/staff/figures', words: t('figures'), needs: 'seeFigures' },
    { href: '/staff/leavers', words: t('leavers'), needs: 'seeLeavers' },
    { href: '/staff/summary', words: t('summary'), needs: 'seeOverview' },
  ] as const
  return (
    <div className="space-y-5">
      <Patterns />
      <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-1">
        <h1 className="text-2xl!">{t('question')}</h1>
        <p className="note">{t.rich('figuresOf', { when: () => <When key="at" at={at} show="time" /> })}</p>
      </div>
      {failovers.map((failover) => (
        <FailoverNotice key={failover.id} failover={failover} mayAcknowledge={may(actor, 'releaseRestores')} />
      ))}
      <CoverageAnswer coverage={coverage} trend={trend} actor={actor} />
      {everybody ? <Everybody actor={actor} rows={rows} {...everybody} /> : <LowestUnits actor={actor} rows={rows} />}
      <ul className="no-print flex flex-wrap gap-x-6 border-line border-t pt-3 text-sm">
        {links
          .filter(({ needs }) => may(actor, needs))
          .map(({ href, words }) => (
            <li key={href}>
              <a href={href} className="inline-flex min-h-6 items-center">
                {words}
              </a>
            </li>
          ))}
      </ul>
    </div>
  )
})

/** What concerns all people, which those do not see who are limited to departments. */
async function readEverybody(actor: StaffActor, now: Date) {
  const [overview, sweep] = await Promise.all([
    listAskable().then((scopes) => getOverview(actor, scopes, now)),
    getSweepState(actor, now),
  ])
  return { overview, sweep, items: await listAttentionItems(actor, overview, now) }
}

type EverybodyProps = { actor: StaffActor; rows: readonly CoverageRow[] } & Awaited<ReturnType<typeof readEverybody>>

function Everybody({ actor, rows, overview, sweep, items }: EverybodyProps) {
  return (
    <>
      <div className="grid grid-cols-1 items-start gap-x-8 gap-y-6 lg:grid-cols-2">
        <Attention items={items} actor={actor} />
        <LowestUnits actor={actor} rows={rows} />
      </div>
      <div className="grid grid-cols-1 gap-x-8 gap-y-6 lg:grid-cols-2">
        <PermissionLine permissions={overview.permissions} connected={overview.connected} />
        <CheckLine sweep={sweep} overview={overview} />
      </div>
    </>
  )
}
