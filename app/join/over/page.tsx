import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { OutcomePage } from '@/app/_components/outcome'
import { env } from '@/lib/config/env'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('join'))('over'), robots: { index: false } }
}

/** A link that ended while its holder was at ORCID. They are signed in, without a role. */
export default async function JoinOverPage() {
  const t = await getTranslations('join')
  return (
    <OutcomePage
      tone="plain"
      title={t('over')}
      kept={t('overKept')}
      next={t('overNext')}
      supportEmail={env().institution.supportEmail}
    />
  )
}
