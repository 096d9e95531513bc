import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { AuditTable } from '@/app/staff/_components/audit-table'
import { FilterChips } from '@/app/staff/_components/filter-chips'
import { ListMenu } from '@/app/staff/_components/list-menu'
import { NoMatch } from '@/app/staff/_components/no-match'
import { PagesByTime } from '@/app/staff/_components/pages'
import { describeAuditFilters } from '@/app/staff/audit/_components/audit-filter-words'
import { AuditForm } from '@/app/staff/audit/_components/audit-form'
import { CheckpointStatus } from '@/app/staff/audit/_components/checkpoint-status'
import { countEvents, findSubject, getCheckpointStatus, listAudit } from '@/lib/audit/history'
import { type AuditFilters, auditHref, noAuditFilters, parseAuditFilters } from '@/lib/audit/schema'
import { requireStaff, writeAfterVisit } from '@/lib/auth/gates'
import { countedMax } from '@/lib/list/count'
import { hasFilters, type SearchParams, toParameters } from '@/lib/list/search'
import { recordResearcherViewed } from '@/lib/researchers/commands'
import { may } from '@/lib/staff/abilities'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.audit'))('title'), robots: { index: false } }
}

/** Everything that was ever done here: filtered by the address alone, and how far it is sealed. */
export default async function AuditPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const actor = await requireStaff('seeActivity')
  const t = await getTranslations('staff.audit')
  const words = await getTranslations('staff.list')
  const { filters, notices } = parseAuditFilters(await searchParams)
  // Who asks for the events about one person looks at that person, as on their page, and they are to know it.
  const person = await findSubject(actor, filters.subject || filters.q)
  if (person) await writeAfterVisit(() => recordResearcherViewed(actor, person.id))
  const [page, count, status] = await Promise.all([
    listAudit(actor, filters),
    countEvents(actor, filters),
    getCheckpointStatus(),
  ])
  const list = { filters, none: noAuditFilters, chips: await describeAuditFilters(filters), href: auditHref }
  const say = (found: number) => t(found > countedMax ? 'countMany' : 'count', { count: Math.min(found, countedMax) })
  const countLooser = async (looser: AuditFilters) => {
    const found = await countEvents(actor, looser)
    return found > 0 ? say(found) : null
  }
  const asked = toParameters({ ...filters, cursor: null })
  const files = ['csv', 'json'].map((format) => ({
    href: `/staff/audit/export?${new URLSearchParams([...asked, ['format', format]])}`,
    words: words('menu.all', { format: format.toUpperCase() }),
  }))
  return (
    <div className="space-y-5">
      <h1>{t('title')}</h1>
      {notices.length > 0 ? (
        <Notice tone="warn">
          <p>{t('ignored', { names: notices.map((name) => t(`fields.${name}`)).join('; ') })}</p>
        </Notice>
      ) : null}
      <AuditForm filters={filters} />
      <FilterChips {...list} />
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <p className="font-medium tabular-nums">{say(count)}</p>
        {may(actor, 'exportActivity') ? <ListMenu label={words('menu.export')} files={files} /> : null}
      </div>
      {page.rows.length === 0 ? (
        <NoMatch {...list} count={countLooser}>
          {t(hasFilters(filters) ? 'noMatch' : 'empty')}
        </NoMatch>
      ) : (
        <>
          <AuditTable actor={actor} rows={page.rows} />
          <PagesByTime page={page} href={(cursor) => auditHref({ ...filters, cursor })} />
        </>
      )}
      <CheckpointStatus status={status} />
    </div>
  )
}
