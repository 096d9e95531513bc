import { getTranslations } from 'next-intl/server'
import { OrcidBody } from '@/app/_components/orcid-body'
import type { AffiliationItem } from '@/lib/affiliations/affiliation'
import { toBody } from '@/lib/affiliations/body'
import { findOrganisation } from '@/lib/affiliations/organisation'

type Props = { item: AffiliationItem; putCode: string | null }

/** Exactly what is sent, in ORCID's own form; nothing while the institution is not described. */
export async function OrcidPreview({ item, putCode }: Props) {
  const t = await getTranslations('staff.affiliations')
  const organisation = findOrganisation()
  if (!organisation) return null
  return (
    <section aria-labelledby="sent" className="space-y-2">
      <h2 id="sent">{t('sent')}</h2>
      <p className="text-ink-soft">{t('sentHint')}</p>
      <OrcidBody body={toBody(item, organisation, putCode)} />
    </section>
  )
}
