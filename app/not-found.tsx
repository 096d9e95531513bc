import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import { Page } from '@/app/_components/page'
import { StaffNav } from '@/app/staff/_components/staff-nav'
import { findViewer } from '@/lib/auth/gates'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('notFound'))('title'), robots: { index: false } }
}

/** Staff keep their rail below `/staff`; to others nothing is there. */
export default async function NotFound() {
  const t = await getTranslations('notFound')
  const path = (await headers()).get('x-concord-path') ?? ''
  const staff = /^\/staff(\/|\?|$)/.test(path) ? (await findViewer())?.staff : null
  return (
    <Page width={staff ? 'wide' : 'narrow'} beside={staff ? <StaffNav rights={staff} /> : null}>
      <div className="space-y-4">
        <h1>{t('title')}</h1>
        <p>{t('text')}</p>
        <p className="flex flex-wrap gap-x-6 gap-y-2">
          {staff ? <a href="/staff">{t('staff')}</a> : <a href="/">{t('home')}</a>}
          <a href="/me">{t('me')}</a>
        </p>
      </div>
    </Page>
  )
}
