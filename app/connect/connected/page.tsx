import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { AttemptOutcomePage } from '@/app/connect/_components/attempt-outcome'
import { requireMyAttempt } from '@/app/connect/_components/my-attempt'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('attempt'))('connected.title') }
}

export default async function ConnectedPage() {
  return <AttemptOutcomePage attempt={await requireMyAttempt('connected')} outcome="connected" />
}
