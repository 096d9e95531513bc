import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { CopyField } from '@/app/staff/_components/copy-field'
import { requireStaff } from '@/lib/auth/gates'
import { findOneTimeKey } from '@/lib/auth/one-time-link'
import { env } from '@/lib/config/env'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.systems.key'))('title'), robots: { index: false } }
}

/** The key that was just made, shown once. */
export default async function NewKeyPage() {
  const actor = await requireStaff('manageSystems')
  const made = await findOneTimeKey(actor)
  if (!made) redirect('/staff/systems?note=shown-once')
  const t = await getTranslations('staff.systems.key')
  const { key, system, systemId, clientId, isWebhook } = made
  const lead = clientId ? t('clientLead', { system, address: `${env().origin}/oauth/token` }) : null
  const words = { copy: t('copy'), copied: t('copied') }
  return (
    <div className="max-w-[48rem] space-y-6">
      <h1>{t(isWebhook ? 'webhookTitle' : 'title')}</h1>
      <p>{lead ?? t(isWebhook ? 'webhookLead' : 'lead', { system })}</p>
      {clientId ? <CopyField label={t('clientId')} value={clientId} {...words} /> : null}
      <CopyField label={t(isWebhook ? 'webhookSecret' : clientId ? 'secret' : 'label')} value={key} {...words} />
      <p>{t(isWebhook ? 'webhookOnce' : 'once')}</p>
      <p className="no-print flex flex-wrap gap-x-6 gap-y-2">
        <a href={isWebhook ? '/developers#events' : '/developers'}>{t('developers')}</a>
        <a href={`/staff/systems/${systemId}${isWebhook ? '/events' : ''}`}>{t('back')}</a>
      </p>
    </div>
  )
}
