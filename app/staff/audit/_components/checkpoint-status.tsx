import { getTranslations } from 'next-intl/server'
import { Fold } from '@/app/_components/fold'
import { When } from '@/app/_components/when'
import type { getCheckpointStatus } from '@/lib/audit/history'

/** How far checkpoints cover the history, and the last one to note down somewhere else. */
export async function CheckpointStatus({
  status: { checkpoint, uncovered },
}: {
  status: Awaited<ReturnType<typeof getCheckpointStatus>>
}) {
  const t = await getTranslations('staff.audit')
  return (
    <Fold id="proof" title={t('proof')}>
      <p>
        {checkpoint
          ? t.rich('covered', {
              event: String(checkpoint.lastEventId),
              when: () => <When key="when" at={checkpoint.createdAt} />,
            })
          : t('noCheckpoint')}{' '}
        {t('uncovered', { count: uncovered })}
      </p>
      {checkpoint ? (
        <div>
          <p className="font-medium">{t('note')}</p>
          <p className="mono [overflow-wrap:anywhere]">
            {checkpoint.number}:{checkpoint.hash}
          </p>
          <p className="note">{t('noteHint')}</p>
        </div>
      ) : null}
    </Fold>
  )
}
