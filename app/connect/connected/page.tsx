import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { requireMyTrip } from '@/app/connect/_components/my-trip'
import { TripOutcome } from '@/app/connect/_components/trip-outcome'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('trip'))('connected.title') }
}

export default async function ConnectedPage() {
  return <TripOutcome trip={await requireMyTrip('connected')} outcome="connected" />
}
