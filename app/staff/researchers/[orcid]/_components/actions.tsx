import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { When } from '@/app/_components/when'
import { AskMissing } from '@/app/staff/_components/ask-missing'
import type { StaffActor } from '@/lib/actor'
import { env } from '@/lib/config/env'
import { scopeClosure } from '@/lib/orcid/scopes'
import type { ShownResearcher } from '@/lib/researchers/rows'
import { type Ability, may } from '@/lib/staff/abilities'

const ways = [
  { key: 'record', page: 'record', needs: 'readRecords' },
  { key: 'addItem', page: 'affiliation', needs: 'writeAffiliations' },
] as const satisfies { key: string; page: string; needs: Ability }[]

type Props = {
  researcher: ShownResearcher
  actor: StaffActor
  isPaused: boolean
  /** How many items wait for a permission. */
  waiting: number
  result: string | null
}

/** What makes sense now, each with what it means. Erasing asks once more, and stands apart. */
export async function Actions({ researcher, actor, isPaused, waiting, result }: Props) {
  const t = await getTranslations('staff.actions')
  const { orcid, liveScopes } = researcher
  const isMember = env().orcid.api === 'member'
  const canAdd = isMember && researcher.state !== 'withdrawn'
  const mine = ways.filter(({ key, needs }) => may(actor, needs) && (canAdd || key !== 'addItem'))
  const isPublicOnly = !isMember || !scopeClosure(liveScopes).has('/read-limited')
  const canCheck = may(actor, 'askForChecks') && liveScopes.length > 0 && !isPaused
  const canErase = may(actor, 'erasePeople')
  if (!canCheck && !canErase && mine.length === 0) return null
  return (
    <section aria-labelledby="actions-title" className="card card-small no-print">
      <h2 id="actions-title">{t('title')}</h2>
      <ul className="divide-y divide-line">
        <li className="empty:hidden">
          <AskMissing actor={actor} personId={researcher.personId} waiting={waiting} result={result} />
        </li>
        {canCheck ? <CheckNow researcher={researcher} /> : null}
        {mine.map(({ key, page }) => (
          <Action key={key} means={t(key === 'record' && isPublicOnly ? 'record.meansPublic' : `${key}.means`)}>
            <a href={`/staff/researchers/${orcid}/${page}`} className="inline-flex min-h-6 items-center">
              {t(`${key}.title`)}
            </a>
          </Action>
        ))}
        {canErase ? (
          <Action means={t('held.means')}>
            <a href={`/staff/people/${researcher.personId}/privacy`} className="inline-flex min-h-6 items-center">
              {t('held.title')}
            </a>
          </Action>
        ) : null}
        {canErase ? (
          <Action means={t('erase.means')}>
            <a href={`/staff/researchers/${orcid}/erase`} className="inline-flex min-h-6 items-center">
              {t('erase.title')}
            </a>
          </Action>
        ) : null}
      </ul>
    </section>
  )
}

async function CheckNow({ researcher: { orcid, lastCheckedAt } }: { researcher: ShownResearcher }) {
  const t = await getTranslations('staff.actions.check')
  const last = lastCheckedAt ? t.rich('last', { when: () => <When key="last" at={lastCheckedAt} /> }) : t('never')
  return (
    <Action
      means={
        <>
          {t('means')} {last}
        </>
      }
    >
      <form method="post" action="/staff/researchers/check">
        <input type="hidden" name="orcid" value={orcid} />
        <button type="submit" className="link-button">
          {t('title')}
        </button>
      </form>
    </Action>
  )
}

function Action({ means, children }: { means: ReactNode; children: ReactNode }) {
  return (
    <li className="py-1.5">
      {children}
      <p className="note">{means}</p>
    </li>
  )
}
