import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import type { StaffActor } from '@/lib/actor'
import { findConfirmation } from '@/lib/affiliations/confirmation'
import { listMissingSettings } from '@/lib/affiliations/organisation'
import { env } from '@/lib/config/env'
import { may } from '@/lib/staff/abilities'

/** Says why nothing is written, where that is so: the institution is not described, or nobody has confirmed it yet. */
export async function WritingStatus({ actor }: { actor: StaffActor }) {
  const t = await getTranslations('staff.affiliations')
  const missing = listMissingSettings()
  if (missing.length > 0) {
    return <Notice tone="warn">{t('notConfigured', { variables: missing.join(', ') })}</Notice>
  }
  if (env().orcid.registry !== 'production') return null
  const confirmation = await findConfirmation()
  if (confirmation?.isCurrent) return null
  return (
    <Notice tone="warn">
      <p>{t(confirmation ? 'confirmedOtherwise' : 'unconfirmed')}</p>
      {may(actor, 'confirmWrites') ? (
        <p>
          <a href="/staff/affiliations/confirm">{t('toConfirm')}</a>
        </p>
      ) : null}
    </Notice>
  )
}
