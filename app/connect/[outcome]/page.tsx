import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { ConnectButton } from '@/app/_components/connect-button'
import { Outcome } from '@/app/_components/outcome'
import { Page } from '@/app/_components/page'
import { actionsOf, type FailedTrip, findFailedTrip } from '@/app/connect/_components/failed-trip'
import { env } from '@/lib/env'
import { parseReference } from '@/lib/secrets'

type Props = { params: Promise<{ outcome: string }>; searchParams: Promise<{ ref?: string | string[] }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const failed = findFailedTrip((await params).outcome)
  if (!failed) return {}
  const t = await getTranslations('outcome')
  const title = t(`${failed.outcome}.title`)
  return { title: failed.isError ? t('error', { title }) : title, robots: { index: false } }
}

/** The end of a trip to ORCID that brought nothing. Needs no database: it is also shown while that is away. */
export default async function FailedTripPage({ params, searchParams }: Props) {
  const failed = findFailedTrip((await params).outcome) ?? notFound()
  const t = await getTranslations('outcome')
  const say = (part: 'title' | 'kept' | 'next') => t(`${failed.outcome}.${part}`)
  return (
    <Page>
      <Outcome
        tone={failed.isError ? 'bad' : 'plain'}
        title={say('title')}
        kept={say('kept')}
        next={say('next')}
        actions={<Actions failed={failed} />}
        reference={parseReference((await searchParams).ref)}
        supportEmail={env().institution.supportEmail}
      />
    </Page>
  )
}

async function Actions({ failed }: { failed: FailedTrip }) {
  const t = await getTranslations('outcome')
  return actionsOf(failed).map(({ label, href, first }) =>
    href === 'only-id' ? (
      <ConnectButton key={href} label={t(label)} fields={{ scope: 'openid' }} />
    ) : (
      <a key={href} href={href} className={first ? 'btn btn-primary' : 'btn btn-quiet'}>
        {t(label)}
      </a>
    ),
  )
}
