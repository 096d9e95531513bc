import { Check, Minus } from 'lucide-react'
import { getTranslations } from 'next-intl/server'
import { describeScopes } from '@/app/staff/_components/staff-scopes'
import { listAskable } from '@/lib/texts/asked'

/** What the person permits now, beside what is asked for and missing, and what waits for it. */
export async function LivePermissions({ live, waiting = 0 }: { live: string[]; waiting?: number }) {
  const t = await getTranslations('staff.person')
  const described = live.length > 0 ? await describeScopes([...live, ...(await listAskable())]) : []
  return (
    <section aria-labelledby="permissions-title" className="card card-small">
      <h2 id="permissions-title">{t('permissions')}</h2>
      {live.length === 0 ? <p className="text-ink-soft">{t('nothingNow')}</p> : null}
      {described.length > 0 ? (
        <ul aria-label={t('now')} className="mt-1 space-y-1">
          {described.map(({ scope, title }) => {
            const isLive = live.includes(scope)
            const Mark = isLive ? Check : Minus
            return (
              <li key={scope} className="flex gap-2.5">
                <Mark size={20} className={isLive ? 'mt-0.5 shrink-0 text-good' : 'mt-0.5 shrink-0 text-ink-soft'} />
                <span className="min-w-0">
                  <span className="font-medium">{title}</span>
                  {isLive ? null : <span className="note block">{t('missing')}</span>}
                </span>
              </li>
            )
          })}
        </ul>
      ) : null}
      {waiting > 0 ? <p className="pt-1">{t('waits', { count: waiting })}</p> : null}
    </section>
  )
}
