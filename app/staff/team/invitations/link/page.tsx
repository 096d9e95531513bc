import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { CopyField } from '@/app/staff/_components/copy-field'
import { Rights } from '@/app/staff/team/_components/rights'
import { requireStaff } from '@/lib/auth/gates'
import { findOneTimeLink } from '@/lib/auth/one-time-link'
import { env } from '@/lib/config/env'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.team.link'))('title'), robots: { index: false } }
}

/** The link that was just made, shown once. Its secret stands behind `#`, which browsers send to nobody. */
export default async function InvitationLinkPage() {
  const actor = await requireStaff('manageTeam')
  const link = await findOneTimeLink(actor)
  if (!link) redirect('/staff/team?note=shown-once')
  const t = await getTranslations('staff')
  return (
    <div className="max-w-[48rem] space-y-6">
      <h1>{t('team.link.title')}</h1>
      <div>
        <p>{t('team.link.give', { role: t(`roles.${link.role}`) })}</p>
        <Rights {...link} />
      </div>
      <CopyField
        label={t('team.link.label')}
        value={`${env().origin}/join#${link.secret}`}
        copy={t('team.link.copy')}
        copied={t('team.link.copied')}
      />
      <p>{t('team.link.once')}</p>
      <p>{t('team.link.how')}</p>
      <p className="no-print">
        <a href="/staff/team">{t('team.link.back')}</a>
      </p>
    </div>
  )
}
