import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { NotFoundWords } from '@/app/_components/not-found-words'
import { Page } from '@/app/_components/page'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('notFound'))('title'), robots: { index: false } }
}

/** Next.js sends it with every page, so it has to be light. */
export default function NotFound() {
  return (
    <Page>
      <NotFoundWords />
    </Page>
  )
}
