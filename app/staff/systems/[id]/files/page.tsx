import '@/app/staff/_components/rows.css'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { EmptyState } from '@/app/_components/empty-state'
import { State } from '@/app/_components/state'
import { BackLink } from '@/app/staff/_components/back-link'
import { getDayWords } from '@/app/staff/_components/day-words'
import { TableHead } from '@/app/staff/_components/table-head'
import { PlanRunState } from '@/app/staff/systems/_components/plan-run-table'
import { getPlanTime } from '@/app/staff/systems/_components/plan-words'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { listPlans } from '@/lib/exports/plan-queries'
import { findSystem } from '@/lib/systems/queries'

type Props = { params: Promise<{ id: string }> }

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.systems.files'))('title'), robots: { index: false } }
}

/** The files that a system gets on a timetable, with how the last of each went. */
export default availablePage(async function FilesPage({ params }: Props) {
  const actor = await requireStaff('manageSystems')
  const system = await findSystem(actor, (await params).id)
  if (!system) notFound()
  const t = await getTranslations('staff.systems.files')
  const formats = await getTranslations('staff.exports.formats')
  const [plans, toTime, toWords] = [await listPlans(actor, system.id), await getPlanTime(), await getDayWords()]
  const columns = ['file', 'where', 'last', 'until'] as const
  const page = `/staff/systems/${system.id}/files`
  return (
    <div className="max-w-[56rem] space-y-6">
      <div>
        <BackLink href={`/staff/systems/${system.id}`}>
          <bdi translate="no">{system.name}</bdi>
        </BackLink>
        <h1>{t('title')}</h1>
      </div>
      <p className="max-w-[65ch]">{t('lead')}</p>
      {system.rights.includes('people:read') ? null : <p className="font-medium text-warn">{t('noRight')}</p>}
      <p className="no-print">
        <a href={`${page}/new`} className="btn btn-primary">
          {t('new')}
        </a>
      </p>
      {plans.length === 0 ? (
        <EmptyState>{t('none')}</EmptyState>
      ) : (
        <div className="rows">
          <table>
            <TableHead caption={t('title')} heads={columns.map((column) => t(`columns.${column}`))} />
            <tbody>
              {plans.map((plan) => (
                <tr key={plan.id}>
                  <td data-place="name">
                    <a href={`${page}/${plan.id}`}>{formats(`${plan.format}.name`)}</a>
                    <span className="known-here">{toTime(plan)}</span>
                  </td>
                  <td data-place="where">
                    {t(`places.${plan.place}`)}
                    {plan.host ? (
                      <span translate="no" className="known-here [overflow-wrap:anywhere]">
                        {plan.host}
                      </span>
                    ) : null}
                  </td>
                  <td data-place="last">{plan.last ? <PlanRunState run={plan.last} /> : t('noRuns')}</td>
                  <td data-place="until">
                    <span className="column-name">{t('columns.until')} </span>
                    {plan.state === 'running' ? (
                      toWords(plan.endsOn)
                    ) : (
                      <State state={plan.state === 'ended' ? 'ended' : 'expired'}>{t(`states.${plan.state}`)}</State>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  )
})
