import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { OpenSessions } from '@/app/_components/open-sessions'
import { requireStaff } from '@/lib/auth/gates'
import { listMyOpenSessions } from '@/lib/sessions/queries'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.sessions'))('title'), robots: { index: false } }
}

/** Where the member of staff who asks is signed in. */
export default async function StaffSessionsPage() {
  const actor = await requireStaff('seePeople')
  const t = await getTranslations('staff.sessions')
  return (
    <div id="sessions" className="space-y-6">
      <div className="space-y-2">
        <h1>{t('title')}</h1>
        <p className="text-ink-soft">{t('lead')}</p>
      </div>
      <OpenSessions sessions={await listMyOpenSessions(actor)} currentId={actor.sessionId} back="/staff/sessions" />
    </div>
  )
}
