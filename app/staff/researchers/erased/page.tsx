import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Outcome } from '@/app/_components/outcome'
import { requireStaff } from '@/lib/auth/gates'
import { env } from '@/lib/config/env'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.erased'))('title'), robots: { index: false } }
}

/** After an erasure: whose it was is known here no more. */
export default async function ResearcherErasedPage() {
  await requireStaff('erasePeople')
  const t = await getTranslations('staff.erased')
  return (
    <div className="max-w-[40rem]">
      <Outcome
        tone="good"
        title={t('title')}
        kept={t('kept')}
        next={t('next')}
        actions={[{ label: t('list'), href: '/staff/researchers' }]}
        supportEmail={env().institution.supportEmail}
      />
    </div>
  )
}
