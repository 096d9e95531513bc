import { Download } from 'lucide-react'
import { getTranslations } from 'next-intl/server'

type Props = {
  /** Whether connecting again would bring anything. */
  canConnect: boolean
  canWithdraw: boolean
  canPermitLess: boolean
  /** Whether something else on the page comes first. */
  isQuiet: boolean
}

/** What somebody can do about their connection. Everything is a plain form or a link. */
export async function MyActions({ canConnect, canWithdraw, canPermitLess, isQuiet }: Props) {
  const t = await getTranslations('me')
  return (
    <section aria-label={t('actions')} className="no-print space-y-2">
      <div className="flex flex-wrap items-center gap-3">
        {canConnect ? (
          <form method="get" action="/connect">
            <button type="submit" className={isQuiet ? 'btn btn-quiet' : 'btn btn-primary'}>
              {t('again')}
            </button>
          </form>
        ) : null}
        <a href="/me/data" download className="btn btn-quiet">
          <Download size={20} />
          {t('download')}
        </a>
        {canPermitLess ? (
          <form method="get" action="/me/narrow">
            <button type="submit" className="btn btn-quiet">
              {t('less')}
            </button>
          </form>
        ) : null}
        {canWithdraw ? (
          <form method="get" action="/me/withdraw">
            <button type="submit" className="btn btn-quiet">
              {t('withdraw')}
            </button>
          </form>
        ) : null}
      </div>
      {canWithdraw ? <p className="note">{t('withdrawHint')}</p> : null}
      <p className="note">
        {t.rich('see', {
          link: (words) => (
            <a key="see" href="/me/record">
              {words}
            </a>
          ),
        })}
      </p>
      <p className="note">
        {t.rich('erase', {
          link: (words) => (
            <a key="erase" href="/me/erase">
              {words}
            </a>
          ),
        })}
      </p>
    </section>
  )
}
