import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { Suspense } from 'react'
import { OrcidId } from '@/app/_components/orcid-id'
import { ReadingResult } from '@/app/_components/record/reading-result'
import { RecordLoading } from '@/app/_components/record/record-loading'
import { BackLink } from '@/app/staff/_components/back-link'
import type { StaffActor } from '@/lib/actor'
import { availablePage, orUnavailable, requireStaff, requireVisit } from '@/lib/auth/gates'
import { findClientAddress } from '@/lib/http/caller'
import { orcidUri, parseOrcid } from '@/lib/orcid/id'
import { readRecord } from '@/lib/records/commands'
import { findResearcher } from '@/lib/researchers/queries'
import { toProof } from '@/lib/researchers/researcher'
import type { ShownResearcher } from '@/lib/researchers/rows'

type Props = { params: Promise<{ orcid: string }>; searchParams: Promise<Record<string, unknown>> }

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.record'))('title'), robots: { index: false } }
}

/**
 * Somebody's record at ORCID. For managers: what a person shows to trusted organisations only, e-mail addresses among
 * it, is more than the list of who is connected. That somebody looked is written down before they see it.
 */
export default availablePage(async function RecordPage({ params, searchParams }: Props) {
  const actor = await requireStaff('readRecords')
  await requireVisit()
  const { orcid } = await params
  const researcher = parseOrcid(orcid) === orcid ? await findResearcher(actor, orcid) : null
  if (!researcher) notFound()
  const t = await getTranslations('staff')
  const { name, registry } = researcher
  const record = <Record actor={actor} researcher={researcher} />
  return (
    <div className="space-y-6">
      <div className="space-y-2">
        <BackLink href={`/staff/researchers/${orcid}`}>{t('record.back')}</BackLink>
        <h1>{t('record.title')}</h1>
        <p className="font-semibold [overflow-wrap:anywhere]">
          {name ? <bdi translate="no">{name}</bdi> : t('nameNotPublic')}
        </p>
        <OrcidId uri={orcidUri(orcid, registry)} name={name} {...toProof(researcher)} />
        <p className="note">{t('record.hint')}</p>
      </div>
      {'wait' in (await searchParams) ? record : <Suspense fallback={<RecordLoading />}>{record}</Suspense>}
    </div>
  )
})

async function Record({ actor, researcher }: { actor: StaffActor; researcher: ShownResearcher }) {
  const address = findClientAddress(await headers())
  const reading = await orUnavailable(() => readRecord(actor, researcher, address))
  const primary = reading.kind === 'failed' && reading.because === 'deprecated' ? reading.primaryOrcid : null
  return <ReadingResult reading={reading} primaryUri={primary && orcidUri(primary, researcher.registry)} />
}
