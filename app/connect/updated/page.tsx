import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { requireMyTrip } from '@/app/connect/_components/my-trip'
import { TripOutcome } from '@/app/connect/_components/trip-outcome'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('trip'))('updated.title') }
}

export default async function UpdatedPage() {
  return <TripOutcome trip={await requireMyTrip('updated')} outcome="updated" />
}
