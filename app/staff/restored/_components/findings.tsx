import { getTranslations } from 'next-intl/server'
import type { findLatestRestore } from '@/lib/restores/queries'

type Restore = NonNullable<Awaited<ReturnType<typeof findLatestRestore>>>

/** What was made up for, and what could not be. */
export async function Findings({ restore }: { restore: Restore }) {
  const t = await getTranslations('staff.restored')
  const { ledgerMark, erased, ended, lost, unreadable } = restore
  return (
    <section aria-labelledby="done" className="space-y-3">
      <h2 id="done">{t('done')}</h2>
      <ul className="list-disc space-y-2 ps-5">
        <li>{t('signedOut')}</li>
        {ledgerMark === null ? (
          <li>{t('noLedger')}</li>
        ) : (
          <>
            <li>{t('erased', { count: erased })}</li>
            <li>{t('ended', { count: ended })}</li>
            <li>{t('noMail')}</li>
            <li>{t('lost', { count: lost })}</li>
          </>
        )}
        {unreadable > 0 ? <li>{t('unreadable', { count: unreadable })}</li> : null}
      </ul>
    </section>
  )
}
