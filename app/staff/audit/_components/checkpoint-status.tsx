import { getTranslations } from 'next-intl/server'
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
    <div className="space-y-1 text-ink-soft text-sm">
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
        <details>
          <summary className="inline-flex min-h-6 cursor-pointer items-center text-accent">{t('note')}</summary>
          <p className="mt-1 max-w-[65ch]">{t('noteHint')}</p>
          <p className="mono mt-1 text-ink [overflow-wrap:anywhere]">
            {checkpoint.number}:{checkpoint.hash}
          </p>
        </details>
      ) : null}
    </div>
  )
}
