import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { AttemptOutcomePage } from '@/app/connect/_components/attempt-outcome'
import { requireMyAttempt } from '@/app/connect/_components/my-attempt'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('attempt'))('already-connected.title') }
}

export default async function AlreadyConnectedPage() {
  return <AttemptOutcomePage attempt={await requireMyAttempt('already_connected')} outcome="already-connected" />
}
