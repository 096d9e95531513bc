import { getTranslations } from 'next-intl/server'
import { Fold } from '@/app/_components/fold'
import { OpenSessions } from '@/app/_components/open-sessions'
import type { listMyOpenSessions } from '@/lib/sessions/queries'

type Props = { sessions: Awaited<ReturnType<typeof listMyOpenSessions>>; currentId: string }

/** Where the researcher is signed in now. */
export async function MySessions({ sessions, currentId }: Props) {
  const t = await getTranslations('me')
  return (
    <Fold id="sessions" title={t('sessions')}>
      <p className="note">{t('sessionsHint')}</p>
      <OpenSessions sessions={sessions} currentId={currentId} back="/me" />
    </Fold>
  )
}
