import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { isConfirmable } from '@/app/staff/conflicts/_components/confirmable'
import { ReasonField } from '@/app/staff/conflicts/_components/reason-field'
import type { ListedConflict } from '@/lib/people/conflict-queries'

type Props = { rows: readonly ListedConflict[]; mayConfirm: boolean; children: ReactNode }

/** Around the list: confirms all proposals that are ticked in it, for one reason. */
export async function ConfirmForm({ rows, mayConfirm, children }: Props) {
  if (!mayConfirm || !rows.some(isConfirmable)) return children
  const t = await getTranslations('staff.conflicts')
  return (
    <form method="post" action="/staff/conflicts/confirmation" className="space-y-5">
      {children}
      <section aria-labelledby="confirm-title" className="card no-print max-w-[44rem] space-y-3">
        <h2 id="confirm-title">{t('confirm.title')}</h2>
        <p>{t('confirm.means')}</p>
        <ReasonField id="confirm-reason" label={t('reason')} />
        <button type="submit" className="btn btn-primary">
          {t('confirm.button')}
        </button>
      </section>
    </form>
  )
}
