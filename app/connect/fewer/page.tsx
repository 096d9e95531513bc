import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { requireMyTrip } from '@/app/connect/_components/my-trip'
import { TripOutcome } from '@/app/connect/_components/trip-outcome'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('trip'))('fewer.title') }
}

export default async function FewerPage() {
  const trip = await requireMyTrip('fewer')
  const t = await getTranslations('trip')
  return (
    <TripOutcome trip={trip} outcome="fewer" next={t('fewer.next')} action={{ label: t('again'), href: '/connect' }} />
  )
}
