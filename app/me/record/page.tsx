import { ArrowLeft } from 'lucide-react'
import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import { Suspense } from 'react'
import { Page } from '@/app/_components/page'
import { ReadingResult } from '@/app/_components/record/reading-result'
import { RecordLoading } from '@/app/_components/record/record-loading'
import type { ResearcherActor } from '@/lib/actor'
import { availablePage, orUnavailable, requireResearcher, requireVisit } from '@/lib/auth/gates'
import { env } from '@/lib/config/env'
import { findClientAddress } from '@/lib/http/caller'
import { orcidUri } from '@/lib/orcid/id'
import { readMyRecord } from '@/lib/records/commands'

type Props = { searchParams: Promise<Record<string, unknown>> }

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('me.record'))('title'), robots: { index: false } }
}

/** What we can see of the researcher's own record. The page is there at once, the record once ORCID has answered. */
export default availablePage(async function MyRecordPage({ searchParams }: Props) {
  const { actor } = await requireResearcher()
  await requireVisit()
  const t = await getTranslations('me.record')
  const record = <MyRecord actor={actor} />
  return (
    <Page width="medium">
      <div className="space-y-6">
        <div className="space-y-2">
          <a href="/me" className="no-print inline-flex min-h-8 items-center gap-1.5 text-sm">
            <ArrowLeft size={16} className="rtl:rotate-180" />
            {t('back')}
          </a>
          <h1>{t('title')}</h1>
          <p className="text-ink-soft">
            {t('lead', { institution: env().institution.name, minutes: env().recordCacheMs / 60_000 })}
          </p>
        </div>
        {'wait' in (await searchParams) ? record : <Suspense fallback={<RecordLoading />}>{record}</Suspense>}
      </div>
    </Page>
  )
})

async function MyRecord({ actor }: { actor: ResearcherActor }) {
  const address = findClientAddress(await headers())
  const reading = await orUnavailable(() => readMyRecord(actor, address))
  const primary = reading.kind === 'failed' && reading.because === 'deprecated' ? reading.primaryOrcid : null
  return <ReadingResult reading={reading} primaryUri={primary && orcidUri(primary, env().orcid.registry)} />
}
