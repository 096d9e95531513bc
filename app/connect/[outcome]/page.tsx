import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { Ask, AskMore } from '@/app/_components/ask'
import { OutcomePage } from '@/app/_components/outcome'
import { actionsOf, findFailedAttempt } from '@/app/connect/_components/failed-attempt'
import { env } from '@/lib/config/env'
import { parseReference } from '@/lib/crypto/secrets'
import { getAskText, listAskable } from '@/lib/texts/asked'

type Props = { params: Promise<{ outcome: string }>; searchParams: Promise<{ ref?: string | string[] }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const failed = findFailedAttempt((await params).outcome)
  if (!failed) return {}
  const t = await getTranslations('outcome')
  const title = t(`${failed.outcome}.title`)
  return { title: failed.isError ? t('error', { title }) : title, robots: { index: false } }
}

/** The end of a connection attempt that brought nothing. Needs no database: it is also shown while that is away. */
export default async function FailedAttemptPage({ params, searchParams }: Props) {
  const failed = findFailedAttempt((await params).outcome) ?? notFound()
  const t = await getTranslations('outcome')
  const asksForIdAlone = (await listAskable()).length === 1
  const say = (part: 'title' | 'kept' | 'next') => t(`${failed.outcome}.${part}`)
  return (
    <OutcomePage
      tone={failed.isError ? 'bad' : 'plain'}
      title={say('title')}
      kept={say('kept')}
      next={failed.outcome === 'denied' && asksForIdAlone ? t('denied.nextIdAlone') : say('next')}
      actions={actionsOf(failed, asksForIdAlone).map((action) => ({ ...action, label: t(action.label) }))}
      reference={parseReference((await searchParams).ref)}
      supportEmail={env().institution.supportEmail}
    >
      {failed.outcome === 'sent-by-orcid' ? <WholeAsk /> : null}
    </OutcomePage>
  )
}

/** Who comes from ORCID has read nothing of ours yet, and the button below asks for everything. */
async function WholeAsk() {
  const { content } = await getAskText(await listAskable())
  return (
    <>
      <Ask content={content} isBelow />
      <p className="note">
        {content.existing} {content.allOrNone}
      </p>
      <AskMore {...content} />
    </>
  )
}
