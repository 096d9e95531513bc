import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { OutcomePage } from '@/app/_components/outcome'
import { env } from '@/lib/config/env'

const answers = ['new-link', 'not-me', 'kept'] as const

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('invitation'))('title'), robots: { index: false } }
}

/** The answer to a form of a personal link: always the same, so that it says nothing about anybody. */
export default async function NotedPage({ searchParams }: { searchParams: Promise<{ what?: unknown }> }) {
  const { what } = await searchParams
  const answer = answers.find((one) => one === what) ?? 'new-link'
  const t = await getTranslations('invitation')
  return (
    <OutcomePage
      tone="plain"
      title={t(`noted.${answer}.title`)}
      kept={t(`noted.${answer}.kept`)}
      next={t(`noted.${answer}.next`)}
      actions={answer === 'kept' ? [{ label: t('complete.me'), href: '/me' }] : []}
      supportEmail={env().institution.supportEmail}
    />
  )
}
