import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import type { Link } from '@/lib/campaigns/links'

/** To say that one is somebody else, or wants no more mails. */
export async function SmallForms({ token, link }: { token: string; link: Link }) {
  const t = await getTranslations('invitation')
  const isOff = link.doNotAsk === 'asked'
  return (
    <div className="no-print space-y-4 border-line border-t pt-4">
      {isOff ? <Notice>{t('doNotAsk.noted')}</Notice> : null}
      <div className="flex flex-wrap gap-x-6 gap-y-3">
        <form method="post" action="/i/not-me">
          <input type="hidden" name="token" value={token} />
          <button type="submit" className="link-button">
            {t('notMe.button')}
          </button>
        </form>
        <form method="post" action="/i/do-not-ask">
          <input type="hidden" name="token" value={token} />
          {isOff ? <input type="hidden" name="again" value="yes" /> : null}
          <button type="submit" className="link-button">
            {t(isOff ? 'doNotAsk.takeBack' : 'doNotAsk.button')}
          </button>
        </form>
        <a href="/privacy/roster" className="inline-flex min-h-6 items-center">
          {t('roster')}
        </a>
      </div>
    </div>
  )
}
