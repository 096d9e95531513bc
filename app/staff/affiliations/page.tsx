import { Upload } from 'lucide-react'
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { EmptyState } from '@/app/_components/empty-state'
import { Notice } from '@/app/_components/notice'
import { ItemList } from '@/app/staff/_components/item-list'
import { PagesByTime } from '@/app/staff/_components/pages'
import { WritingStatus } from '@/app/staff/_components/writing-status'
import { AffiliationForm } from '@/app/staff/affiliations/_components/affiliation-form'
import { MemberApiRequired } from '@/app/staff/affiliations/_components/member-api-required'
import { countAffiliations, listAffiliations } from '@/lib/affiliations/queries'
import { affiliationsHref, parseAffiliationFilters } from '@/lib/affiliations/schema'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { env } from '@/lib/config/env'
import { hasFilters, type SearchParams } from '@/lib/list/search'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.affiliations'))('title'), robots: { index: false } }
}

const notes = ['taken', 'removing', 'again', 'confirmed', 'gone'] as const

/** Everything that the institution writes to records, and how far each item has got. */
export default availablePage(async function AffiliationsPage({
  searchParams,
}: {
  searchParams: Promise<SearchParams>
}) {
  const actor = await requireStaff('viewer')
  if (env().orcid.api === 'public') return <MemberApiRequired />
  const t = await getTranslations('staff.affiliations')
  const words = await getTranslations('staff.list')
  const params = await searchParams
  const filters = parseAffiliationFilters(params)
  const [page, counts] = await Promise.all([listAffiliations(actor, filters), countAffiliations(actor)])
  const filtered = hasFilters(filters)
  const said = params instanceof URLSearchParams ? null : params.note
  const note = notes.find((one) => one === said)
  return (
    <div className="space-y-6">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <h1>{t('title')}</h1>
        {actor.role === 'viewer' ? null : (
          <a href="/staff/affiliations/import" className="btn btn-quiet no-print">
            <Upload size={20} />
            {t('import')}
          </a>
        )}
      </div>
      <p className="max-w-[65ch] text-ink-soft">{t('lead')}</p>
      {note ? <Notice tone={note === 'gone' ? 'warn' : 'good'}>{t(`notes.${note}`)}</Notice> : null}
      <WritingStatus actor={actor} />
      <AffiliationForm filters={filters} counts={counts} />
      {page.rows.length === 0 ? (
        <EmptyState action={filtered ? { href: '/staff/affiliations', label: words('clear') } : null}>
          {t(filtered ? 'noMatch' : 'empty')}
        </EmptyState>
      ) : (
        <>
          <ItemList label={t('title')} items={page.rows} />
          <PagesByTime page={page} href={(cursor) => affiliationsHref({ ...filters, cursor })} />
        </>
      )}
    </div>
  )
})
