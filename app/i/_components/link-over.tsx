import { getTranslations } from 'next-intl/server'
import { OutcomePage } from '@/app/_components/outcome'
import { env } from '@/lib/config/env'

type Props = { kind: 'expired' | 'revoked' | 'used' | 'closed'; token: string }

/** A link that leads nowhere any more, with the way to a new one. */
export async function LinkOver({ kind, token }: Props) {
  const t = await getTranslations('invitation.over')
  const { mail, institution } = env()
  const isClosed = kind === 'closed'
  return (
    <OutcomePage
      tone="plain"
      title={t(`${kind}.title`)}
      kept={t(`${kind}.kept`)}
      next={isClosed ? t('closed.next') : t(mail ? 'next' : 'nextWithoutMail')}
      actions={isClosed ? [{ label: t('front'), href: '/', look: 'primary' }] : []}
      supportEmail={institution.supportEmail}
    >
      {mail && !isClosed ? (
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
