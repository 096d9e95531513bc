import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { When } from '@/app/_components/when'
import type { Failover } from '@/lib/restores/failovers'

type Props = { failover: Failover; mayAcknowledge: boolean }

/** What may be missing after a failover, and whom to ask. */
export async function FailoverNotice({ failover: { id, missingFrom, foundAt }, mayAcknowledge }: Props) {
  const t = await getTranslations('staff.overview.failover')
  const until = () => <When key="until" at={foundAt} show="time" />
  return (
    <Notice tone="warn">
      <div className="max-w-[65ch] space-y-2">
        <h3>{t('title')}</h3>
        <p>
          {missingFrom
            ? t.rich('missing', { from: () => <When key="from" at={missingFrom} show="time" />, until })
            : t.rich('missingUnknown', { until })}
        </p>
        <p>
          {t('people')} {t('operator')}
        </p>
        {mayAcknowledge ? (
          <form method="post" action="/staff/failovers/acknowledge">
            <input type="hidden" name="failover" value={id} />
            <button type="submit" className="btn btn-quiet">
              {t('done')}
            </button>
          </form>
        ) : (
          <p className="note">{t('admins')}</p>
        )}
      </div>
    </Notice>
  )
}
