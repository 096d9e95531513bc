import { BackLink } from '@/app/staff/_components/back-link'
import '@/app/staff/_components/charts/charts.css'
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { When } from '@/app/_components/when'
import { AttemptFunnel } from '@/app/staff/_components/attempt-funnel'
import { Patterns } from '@/app/staff/_components/charts/patterns'
import { CoverageChart } from '@/app/staff/_components/coverage-chart'
import { GrowthCharts } from '@/app/staff/_components/growth-charts'
import { LatestEvents } from '@/app/staff/_components/latest-events'
import { Numbers } from '@/app/staff/_components/numbers'
import { PermissionBars } from '@/app/staff/_components/permission-bars'
import { SweepProgress } from '@/app/staff/_components/sweep-progress'
import { WaitingRevocations } from '@/app/staff/_components/waiting-revocations'
import { getRecentAttempts } from '@/lib/attempts/trend'
import { listLatestEvents } from '@/lib/audit/queries'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { getSweepState } from '@/lib/checks/queries'
import { toDay } from '@/lib/config/day'
import { env } from '@/lib/config/env'
import { listDayFigures } from '@/lib/figures/daily'
import { listPeriods, periodLengths, toGrowth } from '@/lib/figures/period'
import { countWaitingRevocations, listWaitingRevocations } from '@/lib/grants/revocation-queries'
import { countCoverage, dimensionOf, sumCoverage, toKinds } from '@/lib/people/coverage'
import { listCoverage } from '@/lib/people/coverage-trend'
import { personKinds } from '@/lib/people/person'
import { getOverview } from '@/lib/researchers/overview'
import { listAskable } from '@/lib/texts/asked'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.figures'))('title'), robots: { index: false } }
}

const eventsShown = 8
const search = z.object({
  per: z.enum(periodLengths).catch('month'),
  kind: z
    .enum([...personKinds, 'all'])
    .optional()
    .catch(undefined),
})

/** How everything developed, by period; the attempts, the checks, what waits and what happened last. */
export default availablePage(async function FiguresPage({ searchParams }: { searchParams: Promise<unknown> }) {
  const actor = await requireStaff('seeFigures')
  const t = await getTranslations('staff')
  const { per, kind } = search.parse(await searchParams)
  const now = new Date()
  const periods = listPeriods(per, toDay(now))
  const [overview, coverage, figures, attempts, waiting, revocations, events, sweep] = await Promise.all([
    getOverview(actor, await listAskable(), now),
    countCoverage(actor),
    listDayFigures(actor, periods[0]?.from ?? ''),
    getRecentAttempts(actor, now),
    countWaitingRevocations(actor),
    listWaitingRevocations(actor),
    listLatestEvents(actor, eventsShown),
    getSweepState(actor, now),
  ])
  const { at, connected, authenticated, permissions } = overview
  const kinds = toKinds(coverage.value)
  const shown = kind === 'all' ? null : (kinds.find((each) => each.kind === kind) ?? kinds[0] ?? null)
  const share = shown ?? sumCoverage(coverage.value)
  const points = await listCoverage(actor, { dimension: dimensionOf(shown), share, per }, now)
  return (
    <div className="space-y-10">
      <Patterns />
      <div>
        <BackLink href="/staff">{t('overview.title')}</BackLink>
        <h1>{t('figures.title')}</h1>
        <p className="note">{t.rich('overview.figuresOf', { when: () => <When key="at" at={at} show="time" /> })}</p>
      </div>
      {share.people > 0 ? (
        <CoverageChart
          points={points}
          per={per}
          kinds={kinds.map((each) => each.kind)}
          kind={shown?.kind ?? 'all'}
          path={(query) => `/staff/figures?${query}#coverage`}
        />
      ) : null}
      <Numbers overview={overview} />
      {env().orcid.api === 'member' || connected.count > 0 ? (
        <GrowthCharts growth={toGrowth(periods, figures, connected.count)} per={per} />
      ) : null}
      <div className="grid grid-cols-1 items-start gap-x-8 gap-y-10 xl:grid-cols-2">
        {permissions.length > 1 ? <PermissionBars permissions={permissions} total={authenticated.count} /> : null}
        <AttemptFunnel attempts={attempts.attempts} period={attempts.period} days={attempts.days} />
      </div>
      <div className="grid grid-cols-1 items-start gap-x-8 gap-y-10 xl:grid-cols-2">
        <SweepProgress sweep={sweep} overview={overview} />
        <LatestEvents events={events} />
      </div>
      <WaitingRevocations revocations={revocations} count={waiting.count} />
    </div>
  )
})
