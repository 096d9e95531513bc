import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { When } from '@/app/_components/when'
import { Findings } from '@/app/staff/restored/_components/findings'
import { ReleaseRestore } from '@/app/staff/restored/_components/release-restore'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { findLatestRestore } from '@/lib/restores/queries'
import { may } from '@/lib/staff/abilities'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.restored'))('title'), robots: { index: false } }
}

type Props = { searchParams: Promise<{ note?: string | string[] }> }

/** That the database was restored, what may be missing, what was made up for, and the way back to work. */
export default availablePage(async function RestoredPage({ searchParams }: Props) {
  const actor = await requireStaff('seeSupport')
  const t = await getTranslations('staff.restored')
  const restore = await findLatestRestore()
  const { note } = await searchParams
  if (!restore) {
    return (
      <div className="space-y-4">
        <h1>{t('title')}</h1>
        <p className="max-w-[65ch]">{t('never')}</p>
      </div>
    )
  }
  const { foundBy, foundAt, missingFrom, checkedAt, releasedAt } = restore
  return (
    <div className="max-w-[65ch] space-y-8">
      <div className="space-y-3">
        <h1>{t('title')}</h1>
        {note === 'not-checked' && !checkedAt ? <Notice tone="warn">{t('notChecked')}</Notice> : null}
        {releasedAt ? (
          <Notice tone="good">
            {t.rich('released', { when: () => <When key="released" at={releasedAt} show="time" /> })}
          </Notice>
        ) : (
          <p>{t('held')}</p>
        )}
      </div>
      <section aria-labelledby="found" className="space-y-3">
        <h2 id="found">{t('found')}</h2>
        <p>{t(`by.${foundBy}`)}</p>
        <p>
          {missingFrom
            ? t.rich('missing', {
                from: () => <When key="from" at={missingFrom} show="time" />,
                until: () => <When key="until" at={foundAt} show="time" />,
              })
            : t.rich('missingUnknown', { until: () => <When key="until" at={foundAt} show="time" /> })}
        </p>
      </section>
      {checkedAt ? <Findings restore={restore} /> : <p>{t('checking')}</p>}
      {releasedAt ? null : <ReleaseRestore mayRelease={may(actor, 'releaseRestores')} isChecked={checkedAt !== null} />}
    </div>
  )
})
