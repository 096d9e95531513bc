import { getTranslations } from 'next-intl/server'
import { Page } from '@/app/_components/page'
import { env } from '@/lib/config/env'

/** A link that nobody made, or of which something is missing: asks for the address on the roster. */
export async function UnknownLink({ isKnown = true }: { isKnown?: boolean }) {
  const t = await getTranslations('invitation.unknown')
  const { mail, institution } = env()
  const contact = institution.supportEmail
  return (
    <Page>
      <div className="space-y-6">
        <div className="space-y-3">
          <h1>{t(isKnown ? 'title' : 'titleAsked')}</h1>
          {isKnown ? <p>{t('lead')}</p> : null}
          <p>{t(mail ? 'asks' : 'withoutMail')}</p>
        </div>
        {mail ? (
          <form method="post" action="/i/new-link" className="no-print space-y-4">
            <label className="block">
              <span className="block font-semibold">{t('email')}</span>
              <span className="note block pb-1">{t('emailHint')}</span>
              <input
                type="email"
                name="email"
                required
                maxLength={320}
                autoComplete="email"
                className="input w-full max-w-136"
              />
            </label>
            <button type="submit" className="btn btn-primary">
              {t('button')}
            </button>
          </form>
        ) : null}
        <p className="note">
          {t('questions')}{' '}
          <a href={`mailto:${contact}`} translate="no">
            {contact}
          </a>{' '}
          · <a href="/">{t('front')}</a>
        </p>
      </div>
    </Page>
  )
}
