import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { OrcidId } from '@/app/_components/orcid-id'
import { ChooseReason } from '@/app/staff/researchers/[orcid]/erase/_components/choose-reason'
import { ConfirmErasure } from '@/app/staff/researchers/[orcid]/erase/_components/confirm-erasure'
import { countItemsOnRecord } from '@/lib/affiliations/queries'
import { requireStaff } from '@/lib/auth/gates'
import { orcidUri, parseOrcid } from '@/lib/orcid/id'
import { findResearcher } from '@/lib/researchers/queries'
import { toProof } from '@/lib/researchers/researcher'
import { staffErasureReasons } from '@/lib/retention/erasure'

type Props = { params: Promise<{ orcid: string }>; searchParams: Promise<{ reason?: string | string[] }> }

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.erase'))('title'), robots: { index: false } }
}

/** Erasing somebody in two steps: what it means and why it is done, then, with a reason chosen, the button. */
export default async function EraseResearcherPage({ params, searchParams }: Props) {
  const actor = await requireStaff('erasePeople')
  const { orcid } = await params
  const researcher = parseOrcid(orcid) === orcid ? await findResearcher(actor, orcid) : null
  if (!researcher) notFound()
  const { reason: asked } = await searchParams
  const reason = staffErasureReasons.find((known) => known === asked)
  const onRecord = await countItemsOnRecord(actor, researcher.id)
  const t = await getTranslations('staff')
  const { name, registry } = researcher
  return (
    <div className="max-w-[40rem] space-y-6">
      <h1>{reason ? t('erase.confirmTitle') : t('erase.title')}</h1>
      <div className="card space-y-1">
        <p className="font-semibold [overflow-wrap:anywhere]">
          {name ? <bdi translate="no">{name}</bdi> : t('nameNotPublic')}
        </p>
        <OrcidId uri={orcidUri(orcid, registry)} name={name} {...toProof(researcher)} />
      </div>
      {onRecord > 0 ? (
        <Notice tone="warn">
          {t.rich('erase.onRecord', {
            count: onRecord,
            link: (words) => (
              <a key="items" href={`/staff/researchers/${orcid}#items`}>
                {words}
              </a>
            ),
          })}
        </Notice>
      ) : null}
      {reason ? <ConfirmErasure orcid={orcid} reason={reason} /> : <ChooseReason orcid={orcid} />}
    </div>
  )
}
