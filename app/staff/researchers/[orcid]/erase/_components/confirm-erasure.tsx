import { getTranslations } from 'next-intl/server'
import { ConfirmCheckbox } from '@/app/_components/confirm-checkbox'
import type { StaffErasureReason } from '@/lib/retention/erasure'

/** The second step: that it is final, with the reason that will be kept, and the button. */
export async function ConfirmErasure({ orcid, reason }: { orcid: string; reason: StaffErasureReason }) {
  const t = await getTranslations('staff.erase')
  return (
    <>
      <p>{t('confirmFinal')}</p>
      <p>
        {t('reason')} <strong>{t(`reasons.${reason}`)}</strong>
      </p>
      <form method="post" action="/staff/researchers/erasure" className="space-y-5">
        <input type="hidden" name="orcid" value={orcid} />
        <input type="hidden" name="reason" value={reason} />
        <ConfirmCheckbox>{t('sure')}</ConfirmCheckbox>
        <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
          <button type="submit" className="btn btn-danger">
            {t('button')}
          </button>
          <a href={`/staff/researchers/${orcid}`}>{t('back')}</a>
        </div>
      </form>
    </>
  )
}
