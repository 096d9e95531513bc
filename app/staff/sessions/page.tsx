import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { OpenSessions } from '@/app/_components/open-sessions'
import { requireStaff } from '@/lib/auth/gates'
import { readOne, type SearchParams } from '@/lib/list/search'
import { listMyOpenSessions } from '@/lib/sessions/queries'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.sessions'))('title'), robots: { index: false } }
}

const notes = ['ended', 'others-ended'] as const

/** Where the member of staff who asks is signed in. */
export default async function StaffSessionsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const actor = await requireStaff('seePeople')
  const said = readOne(await searchParams, 'note')
  const note = notes.find((one) => one === said)
  const t = await getTranslations('staff.sessions')
  return (
    <div id="sessions" className="space-y-6">
      <div className="space-y-2">
        <h1>{t('title')}</h1>
        <p className="text-ink-soft">{t('lead')}</p>
      </div>
      {note ? <Notice tone="good">{t(`notes.${note}`)}</Notice> : null}
      <OpenSessions sessions={await listMyOpenSessions(actor)} currentId={actor.sessionId} back="/staff/sessions" />
    </div>
  )
}
