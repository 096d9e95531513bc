import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { NotFoundWords } from '@/app/_components/not-found-words'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('notFound'))('title'), robots: { index: false } }
}

/** Inside the layout of the staff pages, which keeps the rail. */
export default function StaffNotFound() {
  return <NotFoundWords isStaff />
}
