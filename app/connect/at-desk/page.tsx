import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { type OutcomeAction, OutcomePage } from '@/app/_components/outcome'
import { Who } from '@/app/connect/_components/attempt-outcome'
import { findFailedAttempt } from '@/app/connect/_components/failed-attempt'
import { findMyDeskAttempt } from '@/lib/auth/desk'
import { availablePage } from '@/lib/auth/gates'
import { env } from '@/lib/config/env'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('campaign.desk'))('title'), robots: { index: false } }
}

const saved = ['connected', 'updated', 'already-connected', 'fewer'] as const

/** How an attempt ended at a computer that many people use. Nobody is signed in. */
export default availablePage(async function AtDeskPage() {
  const t = await getTranslations('campaign.desk')
  const attempt = await findMyDeskAttempt()
  const { orcid, institution } = env()
  const code = attempt?.campaign?.code
  const start = code ? `/c/${code}?desk=yes` : '/'
  const actions: OutcomeAction[] = [
    { label: t('signOut'), href: `${orcid.issuer}/signout`, look: 'primary' },
    { label: t('again'), href: start },
  ]
  const said = await sayOutcome(attempt?.outcome ?? null)
  return (
    <OutcomePage
      tone={said.isGood ? 'good' : 'plain'}
      title={said.title}
      kept={said.kept}
      next={t('next')}
      actions={actions}
      reference={attempt?.reference ?? null}
      supportEmail={institution.supportEmail}
    >
      {attempt?.researcher ? <Who {...attempt.researcher} /> : null}
      <Notice>{t('signedOut')}</Notice>
    </OutcomePage>
  )
})

async function sayOutcome(outcome: string | null) {
  const slug = outcome?.replaceAll('_', '-') ?? ''
  const one = saved.find((each) => each === slug)
  if (one) {
    const tAttempt = await getTranslations('attempt')
    return { isGood: true, title: tAttempt(`${one}.title`), kept: tAttempt(`${one}.kept`) }
  }
  const failed = findFailedAttempt(slug)
  if (failed) {
    const tOutcome = await getTranslations('outcome')
    return { isGood: false, title: tOutcome(`${failed.outcome}.title`), kept: tOutcome(`${failed.outcome}.kept`) }
  }
  const t = await getTranslations('campaign.desk')
  return { isGood: false, title: t('title'), kept: t('kept') }
}
