import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Attention } from '@/app/staff/_components/attention'
import { LatestEvents } from '@/app/staff/_components/latest-events'
import { listHref } from '@/app/staff/_components/list-href'
import { PermissionBars } from '@/app/staff/_components/permission-bars'
import { SweepProgress } from '@/app/staff/_components/sweep-progress'
import { TallyTile } from '@/app/staff/_components/tally-tile'
import { WaitingRevocations } from '@/app/staff/_components/waiting-revocations'
import { listLatestEvents } from '@/lib/audit/queries'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { getSweepState } from '@/lib/checks/queries'
import { listAskable } from '@/lib/http/asking'
import { getOverview, type Tally } from '@/lib/researchers/queries'
import { countWaitingRevocations, listWaitingRevocations } from '@/lib/revocations/queries'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.overview'))('title'), robots: { index: false } }
}

const eventsShown = 8

/** What needs attention, the numbers, and what happened last. */
export default availablePage(async function StaffPage() {
  const actor = await requireStaff('viewer')
  const t = await getTranslations('staff.overview')
  const [overview, waiting, revocations, events, sweep] = await Promise.all([
    getOverview(actor, await listAskable()),
    countWaitingRevocations(actor),
    listWaitingRevocations(actor),
    listLatestEvents(actor, 2 * eventsShown),
    getSweepState(actor),
  ])
  const {
    connected,
    identityOnly,
    expiring,
    withdrawn,
    connectedLately,
    withdrawnLately,
    askAgain,
    findings,
    permissions,
  } = overview
  // Each grant that gave way is beside the one it gave way to, which says enough.
  const latest = events.filter(({ action }) => action !== 'grant.superseded').slice(0, eventsShown)
  const tile = ({ filters, count }: Tally) => ({ href: listHref(filters), count })
  return (
    <div className="space-y-10">
      <h1>{t('title')}</h1>
      <Attention waiting={waiting} expiring={expiring} withdrawn={withdrawnLately} />
      <section aria-labelledby="numbers" className="space-y-3">
        <h2 id="numbers">{t('numbers')}</h2>
        <ul className="grid grid-cols-2 gap-3 sm:grid-cols-3 xl:grid-cols-5">
          <TallyTile {...tile(connected)}>{t('connected')}</TallyTile>
          <TallyTile {...tile(identityOnly)}>{t('identityOnly')}</TallyTile>
          <TallyTile {...tile(expiring)}>{t('expiringTile')}</TallyTile>
          <TallyTile {...tile(withdrawn)}>{t('withdrawnTile')}</TallyTile>
          <TallyTile {...tile(askAgain)}>{t('askAgainTile')}</TallyTile>
          <TallyTile {...tile(connectedLately)} plus>
            {t('lately')}
          </TallyTile>
        </ul>
      </section>
      <div className="grid items-start gap-x-8 gap-y-10 xl:grid-cols-2">
        <PermissionBars permissions={permissions} total={connected.count + identityOnly.count} />
        <LatestEvents events={latest} />
      </div>
      <SweepProgress sweep={sweep} findings={findings} />
      <WaitingRevocations revocations={revocations} count={waiting.count} />
    </div>
  )
})
