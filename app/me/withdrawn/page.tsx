import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { Outcome } from '@/app/_components/outcome'
import { Page } from '@/app/_components/page'
import { availablePage, requireResearcher } from '@/lib/auth/gates'
import { env } from '@/lib/env'
import { countMyLiveGrants } from '@/lib/grants/queries'
import { countMyWaitingRevocations } from '@/lib/revocations/queries'

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
    <Page>
      <Outcome
        tone="good"
        title={t('title')}
        kept={t('kept')}
        next={t('next')}
        actions={
          <a href="/me" className="btn btn-primary">
            {t('me')}
          </a>
        }
        supportEmail={env().institution.supportEmail}
      >
        <div className="space-y-3">
          <p>{t(waiting > 0 ? 'waiting' : 'done')}</p>
          <p>
            {env().orcid.api === 'member' ? t('staysRecord') : null} {t('staysHistory')}
          </p>
        </div>
      </Outcome>
    </Page>
  )
})
