import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { OutcomePage } from '@/app/_components/outcome'
import { availablePage, requireResearcher } from '@/lib/auth/gates'
import { env } from '@/lib/config/env'
import { countMyLiveGrants } from '@/lib/grants/queries'
import { countMyWaitingRevocations } from '@/lib/grants/revocation-queries'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('withdrawn'))('title'), robots: { index: false } }
}

/** What withdrawing did, and how far ORCID has followed. */
export default availablePage(async function WithdrawnPage() {
  const { actor } = await requireResearcher()
  const [live, waiting] = await Promise.all([countMyLiveGrants(actor), countMyWaitingRevocations(actor)])
  if (live > 0) redirect('/me')
  const t = await getTranslations('withdrawn')
  return (
    <OutcomePage
      tone="good"
      title={t('title')}
      kept={t('kept')}
      next={t('next')}
      actions={[{ label: t('me'), href: '/me', look: 'primary' }]}
      supportEmail={env().institution.supportEmail}
    >
      <div className="space-y-3">
        <p>{t(waiting > 0 ? 'waiting' : 'done')}</p>
        <p>
          {env().orcid.api === 'member' ? t('staysRecord') : null} {t('staysHistory')}
        </p>
      </div>
    </OutcomePage>
  )
})
