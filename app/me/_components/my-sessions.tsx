import { getTranslations } from 'next-intl/server'
import { OpenSessions } from '@/app/_components/open-sessions'
import type { listMyOpenSessions } from '@/lib/sessions/queries'

type Props = { sessions: Awaited<ReturnType<typeof listMyOpenSessions>>; currentId: string }

/** Where the researcher is signed in now. */
export async function MySessions({ sessions, currentId }: Props) {
  const t = await getTranslations('me')
  return (
    <section id="sessions" aria-labelledby="sessions-title" className="space-y-3">
      <h2 id="sessions-title">{t('sessions')}</h2>
      <p className="note">{t('sessionsHint')}</p>
      <OpenSessions sessions={sessions} currentId={currentId} back="/me" />
    </section>
  )
}
