import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { toGiven, UnknownReference } from '@/app/staff/attempts/_components/unknown-reference'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { readAll, type SearchParams } from '@/lib/list/search'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.noReference'))('title'), robots: { index: false } }
}

/** Where the field for a reference leads that nothing has. Unlike an address that is not found, it needs no script. */
export default availablePage(async function UnknownReferencePage({
  searchParams,
}: {
  searchParams: Promise<SearchParams>
}) {
  await requireStaff('seePeople')
  return <UnknownReference given={toGiven(readAll(await searchParams, 'reference')[0] ?? '')} />
})
