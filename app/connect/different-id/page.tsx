import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { OrcidId } from '@/app/_components/orcid-id'
import { AttemptOutcomePage, Who } from '@/app/connect/_components/attempt-outcome'
import { requireMyAttempt } from '@/app/connect/_components/my-attempt'
import { env } from '@/lib/config/env'
import { orcidUri } from '@/lib/orcid/id'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('attempt'))('different-id.title') }
}

// https://support.orcid.org/hc/en-us/articles/360006896634-I-have-more-than-one-ORCID-iD
const duplicates = 'https://support.orcid.org/hc/en-us/articles/360006896634'

export default async function DifferentIdPage() {
  const attempt = await requireMyAttempt('different_id')
  const t = await getTranslations('attempt')
  const who = (
    <div className="space-y-3">
      {attempt.before ? (
        <div className="card space-y-1">
          <p className="note">{t('different-id.before')}</p>
          <OrcidId uri={orcidUri(attempt.before, env().orcid.registry)} authenticated />
        </div>
      ) : null}
      <Who orcid={attempt.orcid} name={attempt.name} label={t('different-id.now')} />
    </div>
  )
  const howToMerge = { label: t('different-id.duplicates'), href: duplicates, look: 'link' } as const
  return (
    <AttemptOutcomePage
      attempt={attempt}
      outcome="different-id"
      who={who}
      next={t('different-id.next')}
      action={howToMerge}
    />
  )
}
