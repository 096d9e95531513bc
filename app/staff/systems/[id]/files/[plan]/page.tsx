import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { EmptyState } from '@/app/_components/empty-state'
import { Notice } from '@/app/_components/notice'
import { When } from '@/app/_components/when'
import { BackLink } from '@/app/staff/_components/back-link'
import { getDayWords } from '@/app/staff/_components/day-words'
import { Fact, Facts } from '@/app/staff/_components/facts'
import { PlanAction } from '@/app/staff/systems/_components/plan-action'
import { PlanRunTable } from '@/app/staff/systems/_components/plan-run-table'
import { PlanServer } from '@/app/staff/systems/_components/plan-server'
import { getPlanTime } from '@/app/staff/systems/_components/plan-words'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { systemColumns } from '@/lib/exports/column'
import { columnsOf } from '@/lib/exports/format'
import { deliveryFaults } from '@/lib/exports/plan'
import { findPlan, listPlanRuns } from '@/lib/exports/plan-queries'
import { kindOf } from '@/lib/exports/recipient'
import { readOne, type SearchParams } from '@/lib/list/search'

type Props = { params: Promise<{ id: string; plan: string }>; searchParams: Promise<SearchParams> }

const notes = ['saved', 'made', 'asked', 'running', 'works', 'trusted', 'other-key', 'key', 'renewed', 'ended'] as const
const warnings: readonly string[] = ['running', 'other-key']

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.systems.files'))('title'), robots: { index: false } }
}

/** Files on a timetable: when the next one comes, where they go, and how each went. */
export default availablePage(async function PlanPage({ params, searchParams }: Props) {
  const actor = await requireStaff('manageSystems')
  const [{ id, plan: planId }, query] = [await params, await searchParams]
  const plan = await findPlan(actor, id, planId)
  if (!plan) notFound()
  const t = await getTranslations('staff.systems.files')
  const formats = await getTranslations('staff.exports.formats')
  const [runs, toTime, toWords] = [await listPlanRuns(actor, planId), await getPlanTime(), await getDayWords()]
  const note = notes.find((one) => one === readOne(query, 'note'))
  const fault = deliveryFaults.find((one) => one === readOne(query, 'fault'))
  const isOver = plan.state === 'ended'
  const isUntrusted = plan.place === 'sftp' && plan.hostKey === null
  const columns = columnsOf(plan.format, systemColumns).map(({ name }) => name)
  const ids = { systemId: id, planId }
  return (
    <div className="max-w-[56rem] space-y-8">
      <div className="space-y-2">
        <BackLink href={`/staff/systems/${id}/files`}>{t('toList')}</BackLink>
        <h1>{formats(`${plan.format}.name`)}</h1>
        <p className="font-medium">
          {plan.state === 'running' && isUntrusted
            ? t('untrusted')
            : plan.state === 'running'
              ? t.rich('next', { when: () => <When at={plan.nextAt} show="time" /> })
              : t(`states.${plan.state}`)}
        </p>
      </div>
      {note ? <Notice tone={warnings.includes(note) ? 'warn' : 'good'}>{t(`notes.${note}`)}</Notice> : null}
      {fault ? <Notice tone="warn">{t(`faults.${fault}`)}</Notice> : null}
      {isOver ? null : (
        <div className="no-print flex flex-wrap items-center gap-3">
          <PlanAction {...ids} action="run" />
          <PlanAction {...ids} action="renew" />
          <a href={`/staff/systems/${id}/files/${planId}/edit`} className="btn btn-quiet">
            {t('change')}
          </a>
        </div>
      )}
      <Facts label={t('title')}>
        <Fact name={t('columns.when')}>{toTime(plan)}</Fact>
        <Fact name={t('columns.where')}>
          {t(`places.${plan.place}`)}
          {plan.place === 'folder' ? (
            <span translate="no" className="mono note block">
              {planId}
            </span>
          ) : null}
        </Fact>
        {plan.dn ? (
          <Fact name={t('fields.dn')}>
            <span translate="no" className="mono [overflow-wrap:anywhere]">
              {plan.dn}
            </span>
          </Fact>
        ) : null}
        <Fact name={t('contents')}>
          <span translate="no" className="mono text-sm">
            {columns.join(', ')}
          </span>
        </Fact>
        <Fact name={t('columns.key')}>{plan.recipient ? t(`keyKinds.${kindOf(plan.recipient)}`) : t('noKey')}</Fact>
        <Fact name={t('columns.until')}>{toWords(plan.endsOn)}</Fact>
      </Facts>
      {plan.place === 'sftp' ? <PlanServer systemId={id} plan={plan} /> : null}
      <section aria-labelledby="runs" className="space-y-2">
        <h2 id="runs">{t('runs')}</h2>
        {runs.length === 0 ? <EmptyState>{t('noRuns')}</EmptyState> : <PlanRunTable runs={runs} />}
      </section>
      {isOver ? null : <PlanAction {...ids} action="end" isSure />}
    </div>
  )
})
