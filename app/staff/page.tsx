import '@/app/staff/_components/charts/charts.css'
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { When } from '@/app/_components/when'
import { AttemptFunnel } from '@/app/staff/_components/attempt-funnel'
import { Attention } from '@/app/staff/_components/attention'
import { Patterns } from '@/app/staff/_components/charts/patterns'
import { DepartmentBars } from '@/app/staff/_components/department-bars'
import { GrowthCharts } from '@/app/staff/_components/growth-charts'
import { LatestEvents } from '@/app/staff/_components/latest-events'
import { Numbers } from '@/app/staff/_components/numbers'
import { PermissionBars } from '@/app/staff/_components/permission-bars'
import { SweepProgress } from '@/app/staff/_components/sweep-progress'
import { WaitingRevocations } from '@/app/staff/_components/waiting-revocations'
import { countLeaversToApprove } from '@/lib/affiliations/leaver-plan'
import { countRefusedItems } from '@/lib/affiliations/queries'
import { getRecentAttempts } from '@/lib/attempts/trend'
import { listLatestEvents } from '@/lib/audit/queries'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { listForeignAnswers } from '@/lib/calls/foreign'
import { getSweepState } from '@/lib/checks/queries'
import { env } from '@/lib/config/env'
import { toDay } from '@/lib/day'
import { listDayFigures } from '@/lib/figures/daily'
import { listPeriods, periodLengths, toGrowth } from '@/lib/figures/period'
import { countWaitingRevocations, listWaitingRevocations } from '@/lib/grants/revocation-queries'
import { listLostKeys } from '@/lib/installation/queries'
import { countOpenConflicts } from '@/lib/people/conflict-queries'
import { getOverview } from '@/lib/researchers/overview'
import { listOpenFailovers } from '@/lib/restores/failovers'
import { listAskable } from '@/lib/texts/asked'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.overview'))('title'), robots: { index: false } }
}

const eventsShown = 8
const search = z.object({ per: z.enum(periodLengths).catch('month') })

/** What needs attention, the numbers, and what happened last. */
export default availablePage(async function StaffPage({ searchParams }: { searchParams: Promise<unknown> }) {
  const actor = await requireStaff('seeOverview')
  const t = await getTranslations('staff.overview')
  const { per } = search.parse(await searchParams)
  const now = new Date()
  const periods = listPeriods(per, toDay(now))
  const isMember = env().orcid.api === 'member'
  const [
    overview,
    figures,
    attempts,
    waiting,
    revocations,
    refused,
    foreign,
    events,
    sweep,
    lostKeys,
    failovers,
    conflicts,
    leavers,
  ] = await Promise.all([
    getOverview(actor, await listAskable(), now),
    listDayFigures(actor, periods[0]?.from ?? ''),
    getRecentAttempts(actor, now),
    countWaitingRevocations(actor),
    listWaitingRevocations(actor),
    isMember ? countRefusedItems(actor) : 0,
    listForeignAnswers(now),
    listLatestEvents(actor, eventsShown),
    getSweepState(actor, now),
    listLostKeys(),
    listOpenFailovers(actor),
    countOpenConflicts(actor),
    countLeaversToApprove(actor, now),
  ])
  const { at, connected, authenticated, permissions, departments, otherDepartments } = overview
  const growth = toGrowth(periods, figures, connected.count)
  return (
    <div className="space-y-10">
      <Patterns />
      <div>
        <h1>{t('title')}</h1>
        <p className="note">{t.rich('figuresOf', { when: () => <When key="at" at={at} show="time" /> })}</p>
      </div>
      <Attention
        failovers={failovers}
        isAdmin={actor.role === 'admin'}
        lostKeys={lostKeys}
        overview={overview}
        waiting={waiting}
        refused={refused}
        leavers={leavers}
        attempts={attempts}
        foreign={foreign}
        conflicts={conflicts}
      />
      <Numbers overview={overview} />
      {isMember || connected.count > 0 ? <GrowthCharts growth={growth} per={per} /> : null}
      <div className="grid grid-cols-1 items-start gap-x-8 gap-y-10 xl:grid-cols-2">
        <div className="space-y-10">
          {permissions.length > 1 ? <PermissionBars permissions={permissions} total={authenticated.count} /> : null}
          <AttemptFunnel attempts={attempts.attempts} period={attempts.period} days={attempts.days} />
        </div>
        <div className="space-y-10">
          <DepartmentBars departments={departments} otherDepartments={otherDepartments} />
        </div>
      </div>
      <div className="grid grid-cols-1 items-start gap-x-8 gap-y-10 xl:grid-cols-2">
        <SweepProgress sweep={sweep} overview={overview} />
        <LatestEvents events={events} />
      </div>
      <WaitingRevocations revocations={revocations} count={waiting.count} />
    </div>
  )
})
