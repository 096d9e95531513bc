import { getTranslations } from 'next-intl/server'
import { OutcomePage } from '@/app/_components/outcome'
import { env } from '@/lib/config/env'

type Props = {
  kind: 'expired' | 'revoked' | 'used' | 'closed'
  token: string
  /** Of a campaign to people who are connected: they can sign in. */
  isStanding: boolean
}

/** A link that leads nowhere any more, with the way to a new one. */
export async function LinkOver({ kind, token, isStanding }: Props) {
  const t = await getTranslations('invitation.over')
  const { mail, institution } = env()
  const isClosed = kind === 'closed'
  const signIn = { next: t('standing'), actions: [{ label: t('me'), href: '/me', look: 'primary' as const }] }
  const front = { next: t('closed.next'), actions: [{ label: t('front'), href: '/', look: 'primary' as const }] }
  const offersNew = !isStanding && !isClosed
  return (
    <OutcomePage
      tone="plain"
      title={t(`${kind}.title`)}
      kept={t(`${kind}.kept`)}
      {...(isStanding ? signIn : isClosed ? front : { next: t(mail ? 'next' : 'nextWithoutMail') })}
      supportEmail={institution.supportEmail}
    >
      {mail && offersNew ? (
        <form method="post" action="/i/new-link" className="no-print">
          <input type="hidden" name="token" value={token} />
          <button type="submit" className="btn btn-primary">
            {t('button')}
          </button>
        </form>
      ) : null}
    </OutcomePage>
  )
}
