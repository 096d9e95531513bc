import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { UnknownLink } from '@/app/i/_components/unknown-link'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('invitation.unknown'))('titleAsked'), robots: { index: false } }
}

/** For people who have lost their personal link. */
export default function LostLinkPage() {
  return <UnknownLink isKnown={false} />
}
