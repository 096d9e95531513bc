import { ArrowLeft } from 'lucide-react'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { AttemptList } from '@/app/staff/researchers/[orcid]/_components/attempt-list'
import { CallSection } from '@/app/staff/researchers/[orcid]/_components/call-section'
import { CheckList } from '@/app/staff/researchers/[orcid]/_components/check-list'
import { EventList } from '@/app/staff/researchers/[orcid]/_components/event-list'
import { GrantList } from '@/app/staff/researchers/[orcid]/_components/grant-list'
import { ItemSection } from '@/app/staff/researchers/[orcid]/_components/item-section'
import { PermitsNow } from '@/app/staff/researchers/[orcid]/_components/permits-now'
import { PersonHeader } from '@/app/staff/researchers/[orcid]/_components/person-header'
import { Standing } from '@/app/staff/researchers/[orcid]/_components/standing'
import { listAffiliationsOf } from '@/lib/affiliations/queries'
import { listAttemptsOf } from '@/lib/attempts/queries'
import { listEventsAbout } from '@/lib/audit/queries'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { listCallsAbout } from '@/lib/calls/queries'
import { requestChecks } from '@/lib/checks/commands'
import { listChecksOf } from '@/lib/checks/queries'
import { listGrantsOf } from '@/lib/grants/queries'
import { parseOrcid } from '@/lib/orcid/id'
import { noteResearcherViewed } from '@/lib/researchers/commands'
import { findMergerOf, findResearcher } from '@/lib/researchers/queries'
import { readAll, type SearchParams } from '@/lib/search'

type Props = { params: Promise<{ orcid: string }>; searchParams: Promise<SearchParams> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const t = await getTranslations('staff.person')
  return { title: parseOrcid((await params).orcid) ?? t('title'), robots: { index: false } }
}

const sections = ['permissions', 'items', 'attempts', 'calls', 'events'] as const

/** Everything about one person, on one page. That somebody looked is written down. */
export default availablePage(async function ResearcherPage({ params, searchParams }: Props) {
  const actor = await requireStaff('viewer')
  const { orcid } = await params
  const researcher = parseOrcid(orcid) === orcid ? await findResearcher(actor, orcid) : null
  if (!researcher) notFound()
  await noteResearcherViewed(actor, researcher.id)
  const t = await getTranslations('staff.person')
  await requestChecks(actor, researcher.id)
  const asked = readAll(await searchParams, 'asked')[0]
  const [grants, checks, merger, items, attempts, calls, events] = await Promise.all([
    listGrantsOf(actor, researcher.id),
    listChecksOf(actor, researcher.id),
    findMergerOf(actor, researcher.id),
    listAffiliationsOf(actor, researcher.id),
    listAttemptsOf(actor, researcher.id),
    listCallsAbout(actor, researcher.id),
    listEventsAbout(actor, researcher.id),
  ])
  return (
    <div className="space-y-10">
      <div className="space-y-5">
        <a href="/staff/researchers" className="no-print inline-flex min-h-8 items-center gap-1.5 text-sm">
          <ArrowLeft size={16} className="rtl:rotate-180" />
          {t('back')}
        </a>
        <PersonHeader researcher={researcher} />
        <Standing
          researcher={researcher}
          merger={merger}
          asked={asked === 'done' || asked === 'waiting' ? asked : null}
        />
        <nav aria-label={t('sections')} className="no-print">
          <ul className="flex flex-wrap gap-x-6 gap-y-1 border-line border-b pb-2">
            {sections.map((section) => (
              <li key={section}>
                <a href={`#${section}`} className="inline-flex min-h-8 items-center">
                  {t(section)}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      </div>
      <section id="permissions" aria-labelledby="permissions-title" className="space-y-6">
        <h2 id="permissions-title">{t('permissions')}</h2>
        <PermitsNow grants={grants} />
        <GrantList grants={grants} />
        <CheckList checks={checks} />
      </section>
      <ItemSection orcid={orcid} items={items} mayAdd={actor.role !== 'viewer'} />
      <AttemptList attempts={attempts} />
      <CallSection calls={calls} />
      <EventList events={events} />
      {actor.role === 'admin' ? (
        <p className="no-print border-line border-t pt-4">
          <a href={`/staff/researchers/${orcid}/erase`}>{t('erase')}</a>
        </p>
      ) : null}
    </div>
  )
})
