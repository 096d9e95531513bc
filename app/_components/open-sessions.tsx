import { useTranslations } from 'next-intl'
import { When } from '@/app/_components/when'

type Props = {
  sessions: { id: string; createdAt: Date; lastSeenAt: Date; browser: string | null }[]
  /** The one in which the page is read. */
  currentId: string
  /** The page to return to. */
  back: '/me' | '/staff/sessions'
}

/** Where somebody is signed in, and a button to end each. Plain forms. */
export function OpenSessions({ sessions, currentId, back }: Props) {
  const t = useTranslations('pieces.sessions')
  return (
    <div className="space-y-4">
      <ul className="card card-list">
        {sessions.map(({ id, createdAt, lastSeenAt, browser }) => (
          <li key={id} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-3">
            <span className="min-w-0">
              <span className="block font-medium">
                {browser ? <span translate="no">{browser}</span> : t('unknown')}
                {id === currentId ? <span className="font-normal text-ink-soft"> · {t('this')}</span> : null}
              </span>
              <span className="note block">
                {t.rich('since', { when: () => <When key="since" at={createdAt} show="time" /> })}
                {' · '}
                {t.rich('seen', { when: () => <When key="seen" at={lastSeenAt} show="time" /> })}
              </span>
            </span>
            {id === currentId ? null : (
              <EndForm session={id} back={back} label={t('end')} about={browser || t('unknown')} />
            )}
          </li>
        ))}
      </ul>
      {sessions.length > 1 ? <EndForm session="others" back={back} label={t('endOthers')} /> : null}
    </div>
  )
}

function EndForm({ session, back, label, about }: { session: string; back: string; label: string; about?: string }) {
  return (
    <form method="post" action="/me/sessions/end" className="no-print">
      <input type="hidden" name="session" value={session} />
      <input type="hidden" name="back" value={back} />
      <button type="submit" className="btn btn-quiet">
        {label}
        {about ? <span className="sr-only"> {about}</span> : null}
      </button>
    </form>
  )
}
