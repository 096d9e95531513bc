import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { OutcomePage } from '@/app/_components/outcome'
import { env } from '@/lib/config/env'
import { parseReference } from '@/lib/crypto/secrets'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('inProgress'))('title'), robots: { index: false } }
}

type Props = { searchParams: Promise<{ ref?: string | string[] }> }

/** Another callback, or recovery, is still at work on this attempt. The page asks again without any script. */
export default async function InProgressPage({ searchParams }: Props) {
  const t = await getTranslations('inProgress')
  const check = '/connect/in-progress/check'
  return (
    <OutcomePage
      tone="waiting"
      title={t('title')}
      kept={t('kept')}
      next={t('next')}
      actions={[{ label: t('check'), href: check }]}
      reference={parseReference((await searchParams).ref)}
      supportEmail={env().institution.supportEmail}
    >
      <meta httpEquiv="refresh" content={`3;url=${check}`} />
    </OutcomePage>
  )
}
