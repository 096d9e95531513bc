import { getTranslations } from 'next-intl/server'
import { When } from '@/app/_components/when'
import type { getSealing } from '@/lib/audit/history'

/** How far the history is sealed, and the seal to note down somewhere else. */
export async function Sealing({ sealing: { seal, unsealed } }: { sealing: Awaited<ReturnType<typeof getSealing>> }) {
  const t = await getTranslations('staff.audit')
  return (
    <div className="space-y-1 text-ink-soft text-sm">
      <p>
        {seal
          ? t.rich('sealed', { event: String(seal.lastEventId), when: () => <When key="when" at={seal.sealedAt} /> })
          : t('unsealedYet')}{' '}
        {t('unsealed', { count: unsealed })}
      </p>
      {seal ? (
        <details>
          <summary className="inline-flex min-h-6 cursor-pointer items-center text-accent">{t('note')}</summary>
          <p className="mt-1 max-w-[65ch]">{t('noteHint')}</p>
          <p className="mono mt-1 text-ink [overflow-wrap:anywhere]">
            {seal.number}:{seal.hash}
          </p>
        </details>
      ) : null}
    </div>
  )
}
