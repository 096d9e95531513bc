import type { Metadata } from 'next'
import { getFormatter, getTranslations } from 'next-intl/server'
import { ConfirmCheckbox } from '@/app/_components/confirm-checkbox'
import { EmptyState } from '@/app/_components/empty-state'
import { Notice } from '@/app/_components/notice'
import { When } from '@/app/_components/when'
import { BackTo } from '@/app/staff/_components/back-link'
import { getLeavingRules } from '@/app/staff/_components/leaving-rules'
import { DoneTable, PlanTable } from '@/app/staff/leavers/_components/leaver-tables'
import { findApproval, listDone, listPlan, planDays, shareMax } from '@/lib/affiliations/leaver-plan'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { may } from '@/lib/staff/abilities'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.leavers'))('title'), robots: { index: false } }
}

const shown = 200

/** Who leaves, what is done about it and when, and what was done. Nothing here changes anything but the yes. */
export default availablePage(async function LeaversPage() {
  const actor = await requireStaff('seeLeavers')
  const [t, plan, done, approval] = await Promise.all([
    getTranslations('staff.leavers'),
    listPlan(actor, shown),
    listDone(actor, shown),
    findApproval(actor),
  ])
  const count = plan[0]?.total ?? 0
  return (
    <div className="max-w-[64rem] space-y-8">
      <div className="space-y-2">
        <BackTo page="overview" />
        <h1>{t('title')}</h1>
        <p className="font-medium">{t('answer', { count, days: planDays })}</p>
        <p className="max-w-[65ch] text-ink-soft">{await getLeavingRules()}</p>
      </div>
      <Approval approval={approval} mayApprove={may(actor, 'approveLeavers')} />
      <section aria-labelledby="plan" className="space-y-3">
        <h2 id="plan">{t('plan', { days: planDays })}</h2>
        {plan.length === 0 ? <EmptyState>{t('noPlan', { days: planDays })}</EmptyState> : <PlanTable rows={plan} />}
        <More total={count} />
      </section>
      <section aria-labelledby="done" className="space-y-3">
        <h2 id="done">{t('done', { days: planDays })}</h2>
        {done.length === 0 ? <EmptyState>{t('noDone', { days: planDays })}</EmptyState> : <DoneTable rows={done} />}
        <More total={done[0]?.total ?? 0} />
      </section>
    </div>
  )
})

type ApprovalProps = { approval: Awaited<ReturnType<typeof findApproval>>; mayApprove: boolean }

/** Stands where unusually many people leave in a day. */
async function Approval({ approval, mayApprove }: ApprovalProps) {
  const t = await getTranslations('staff.leavers')
  const format = await getFormatter()
  const { affected, active, isHeld, waiting, last } = approval
  const by = last?.approvedBy.name ?? last?.approvedBy.orcid ?? t('somebody')
  return (
    <>
      {isHeld && waiting > 0 ? (
        <Notice tone="warn">
          <div className="space-y-3">
            <p className="font-semibold">{t('held.title', { affected, active })}</p>
            <p>{t('held.means', { share: format.number(shareMax, { style: 'percent' }) })}</p>
            {mayApprove ? (
              <form method="post" action="/staff/leavers/approval" className="no-print space-y-3">
                <ConfirmCheckbox>{t('held.sure', { count: waiting })}</ConfirmCheckbox>
                <button type="submit" className="btn btn-primary">
                  {t('held.button')}
                </button>
              </form>
            ) : (
              <p>{t('held.ask')}</p>
            )}
          </div>
        </Notice>
      ) : null}
      {last ? (
        <Notice tone="good">
          {t.rich('approved', {
            name: () => (
              <bdi key="name" translate="no">
                {by}
              </bdi>
            ),
            when: () => <When key="when" at={last.approvedAt} show="time" />,
          })}
        </Notice>
      ) : null}
    </>
  )
}

async function More({ total }: { total: number }) {
  const t = await getTranslations('staff.leavers')
  return total > shown ? <p className="note">{t('more', { shown, total })}</p> : null
}
