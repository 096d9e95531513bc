import { Upload } from 'lucide-react'
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { FilterChips } from '@/app/staff/_components/filter-chips'
import { ListMenu } from '@/app/staff/_components/list-menu'
import { NoMatch } from '@/app/staff/_components/no-match'
import { PagesByTime } from '@/app/staff/_components/pages'
import { WritingStatus } from '@/app/staff/_components/writing-status'
import { describeAffiliationFilters } from '@/app/staff/affiliations/_components/affiliation-filter-words'
import { AffiliationForm } from '@/app/staff/affiliations/_components/affiliation-form'
import { AffiliationTable } from '@/app/staff/affiliations/_components/affiliation-table'
import { MemberApiRequired } from '@/app/staff/affiliations/_components/member-api-required'
import { countFoundAffiliations, listAffiliations } from '@/lib/affiliations/listing'
import { countAffiliations } from '@/lib/affiliations/queries'
import {
  type AffiliationFilters,
  affiliationsHref,
  noAffiliationFilters,
  parseAffiliationFilters,
} from '@/lib/affiliations/schema'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { env } from '@/lib/config/env'
import { countedMax } from '@/lib/list/count'
import { hasFilters, type SearchParams, toHref, toParameters } from '@/lib/list/search'
import { may } from '@/lib/staff/abilities'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.affiliations'))('title'), robots: { index: false } }
}

const notes = ['taken', 'removing', 'again', 'confirmed', 'gone'] as const

const formats = ['csv', 'xlsx', 'json'] as const

/** Works have columns of their own, so they have files of their own. */
function fileKinds({ kind }: AffiliationFilters) {
  const works = { name: 'works', kind: 'work' } as const
  return kind === 'work' ? [works] : [{ name: 'affiliations', kind } as const, ...(kind ? [] : [works])]
}

/** Everything that the institution writes to records, and how far each item has got. */
export default availablePage(async function AffiliationsPage({
  searchParams,
}: {
  searchParams: Promise<SearchParams>
}) {
  const actor = await requireStaff('seeAffiliations')
  if (env().orcid.api === 'public') return <MemberApiRequired />
  const t = await getTranslations('staff.affiliations')
  const params = await searchParams
  const filters = parseAffiliationFilters(params)
  const [page, count, counts] = await Promise.all([
    listAffiliations(actor, filters),
    countFoundAffiliations(actor, filters),
    countAffiliations(actor),
  ])
  const chips = await describeAffiliationFilters(filters)
  const list = { filters, none: noAffiliationFilters, chips, href: affiliationsHref }
  const say = (found: number) => t(found > countedMax ? 'countMany' : 'count', { count: Math.min(found, countedMax) })
  const countLooser = async (looser: AffiliationFilters) => {
    const found = await countFoundAffiliations(actor, looser)
    return found > 0 ? say(found) : null
  }
  const said = params instanceof URLSearchParams ? null : params.note
  const note = notes.find((one) => one === said)
  return (
    <div className="space-y-5">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <h1>{t('title')}</h1>
        <div className="no-print flex flex-wrap gap-3">
          {may(actor, 'writeAffiliations') ? (
            <a href="/staff/import?kind=affiliations" className="btn btn-quiet">
              <Upload size={20} />
              {t('import')}
            </a>
          ) : null}
        </div>
      </div>
      <p className="max-w-[65ch] text-ink-soft">{t('lead')}</p>
      {note ? (
        <Notice tone={note === 'gone' ? 'warn' : 'good'}>
          {t(`notes.${note}`)}{' '}
          {note === 'gone' ? null : (
            <a href={toHref('/staff/affiliations', toParameters({ ...filters, note }))}>{t('lookAgain')}</a>
          )}
        </Notice>
      ) : null}
      <WritingStatus actor={actor} />
      <AffiliationForm filters={filters} counts={counts} />
      <FilterChips {...list} />
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <p className="font-medium tabular-nums">{say(count)}</p>
        {may(actor, 'exportAffiliations') ? (
          <ListMenu
            label={t('files')}
            files={fileKinds(filters).flatMap(({ name, kind }) =>
              formats.map((format) => ({
                href: toHref('/staff/affiliations/export', toParameters({ ...filters, kind, cursor: null, format })),
                words: t(`fileOf.${name}`, { format: format === 'xlsx' ? 'Excel' : format.toUpperCase() }),
              })),
            )}
          >
            <p className="note">{t('fileHint')}</p>
          </ListMenu>
        ) : null}
      </div>
      {page.rows.length === 0 ? (
        <NoMatch {...list} count={countLooser}>
          {t(hasFilters(filters) ? 'noMatch' : 'empty')}
        </NoMatch>
      ) : (
        <>
          <AffiliationTable rows={page.rows} />
          <PagesByTime page={page} href={(cursor) => affiliationsHref({ ...filters, cursor })} />
        </>
      )}
    </div>
  )
})
