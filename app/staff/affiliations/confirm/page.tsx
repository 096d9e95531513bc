import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { ConfirmCheckbox } from '@/app/_components/confirm-checkbox'
import { EmptyState } from '@/app/_components/empty-state'
import { Notice } from '@/app/_components/notice'
import { When } from '@/app/_components/when'
import { PersonLink } from '@/app/staff/_components/person-link'
import { OrcidPreview } from '@/app/staff/affiliations/_components/orcid-preview'
import { findConfirmation } from '@/lib/affiliations/confirmation'
import { findWaitingExample } from '@/lib/affiliations/queries'
import { availablePage, requireMemberStaff } from '@/lib/auth/gates'
import { env } from '@/lib/config/env'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.affiliations.confirm'))('title'), robots: { index: false } }
}

/** Before the first write to ORCID's production registry: exactly what it would receive, for an administrator to confirm. */
export default availablePage(async function ConfirmWritingPage() {
  const actor = await requireMemberStaff('confirmWrites')
  const t = await getTranslations('staff.affiliations.confirm')
  if (env().orcid.registry !== 'production') {
    return (
      <div className="max-w-[48rem] space-y-6">
        <h1>{t('title')}</h1>
        <p>{t('notNeeded')}</p>
      </div>
    )
  }
  const [confirmation, example] = await Promise.all([findConfirmation(), findWaitingExample(actor)])
  return (
    <div className="max-w-[48rem] space-y-6">
      <h1>{t('title')}</h1>
      <p>{t('lead')}</p>
      {confirmation ? (
        <Notice tone={confirmation.isCurrent ? 'good' : 'warn'}>
          {t.rich(confirmation.isCurrent ? 'done' : 'otherwise', {
            when: () => <When key="when" at={confirmation.confirmedAt} show="time" />,
          })}
        </Notice>
      ) : null}
      {example ? (
        <>
          <p className="card">
            {t.rich('person', {
              name: () => <PersonLink key="name" {...example.person} />,
            })}
          </p>
          <OrcidPreview item={example} putCode={example.putCode} />
        </>
      ) : (
        <EmptyState>{t('nothing')}</EmptyState>
      )}
      {example && !confirmation?.isCurrent ? (
        <form method="post" action="/staff/affiliations/confirmation" className="no-print space-y-5">
          <input type="hidden" name="affiliation" value={example.id} />
          <ConfirmCheckbox>{t('sure')}</ConfirmCheckbox>
          <button type="submit" className="btn btn-primary">
            {t('button')}
          </button>
        </form>
      ) : null}
    </div>
  )
})
