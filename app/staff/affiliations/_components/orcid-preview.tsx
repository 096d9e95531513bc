import { getTranslations } from 'next-intl/server'
import { OrcidBody } from '@/app/_components/orcid-body'
import type { AffiliationItem } from '@/lib/affiliations/affiliation'
import { toBody } from '@/lib/affiliations/body'
import { findOrganisation } from '@/lib/affiliations/organisation'

type Props = { item: AffiliationItem; putCode: string | null; isFolded?: boolean }

/** Exactly what is sent, in ORCID's own form; nothing while the institution is not described. */
export async function OrcidPreview({ item, putCode, isFolded = false }: Props) {
  const t = await getTranslations('staff.affiliations')
  const organisation = findOrganisation()
  if (!organisation) return null
  const body = <OrcidBody body={toBody(item, organisation, putCode)} />
  if (isFolded) {
    return (
      <details className="space-y-2">
        <summary className="min-h-6 text-accent underline">{t('sent')}</summary>
        <p className="mt-2 text-ink-soft">{t('sentHint')}</p>
        {body}
      </details>
    )
  }
  return (
    <section aria-labelledby="sent" className="space-y-2">
      <h2 id="sent">{t('sent')}</h2>
      <p className="text-ink-soft">{t('sentHint')}</p>
      {body}
    </section>
  )
}
