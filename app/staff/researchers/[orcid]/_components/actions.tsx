import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { When } from '@/app/_components/when'
import type { Role } from '@/lib/actor'
import { env } from '@/lib/config/env'
import type { ShownResearcher } from '@/lib/researchers/rows'

const ways = [
  { key: 'record', page: 'record', least: ['manager', 'admin'] },
  { key: 'addItem', page: 'affiliation', least: ['manager', 'admin'] },
  { key: 'erase', page: 'erase', least: ['admin'] },
] as const

type Props = { researcher: ShownResearcher; role: Role; isPaused: boolean }

/** What staff with this role can do about somebody, each with what it means. What cannot be undone asks once more. */
export async function Actions({ researcher, role, isPaused }: Props) {
  const t = await getTranslations('staff.actions')
  const { orcid, liveScopes } = researcher
  const isMember = env().orcid.api === 'member'
  const mine = ways.filter(
    ({ key, least }) => (least as readonly Role[]).includes(role) && (isMember || key !== 'addItem'),
  )
  const canCheck = liveScopes.length > 0 && !isPaused
  if (!canCheck && mine.length === 0) return null
  return (
    <section aria-labelledby="actions-title" className="card no-print space-y-1">
      <h2 id="actions-title">{t('title')}</h2>
      <ul className="divide-y divide-line">
        {canCheck ? <CheckNow researcher={researcher} /> : null}
        {mine.map(({ key, page }) => (
          <Action key={key} means={t(`${key}.means`)}>
            <a href={`/staff/researchers/${orcid}/${page}`} className="inline-flex min-h-6 items-center">
              {t(`${key}.title`)}
            </a>
          </Action>
        ))}
        {role !== 'viewer' ? (
          <Action means={t('audit.means')}>
            <a href={`/staff/audit?subject=${orcid}`} className="inline-flex min-h-6 items-center">
              {t('audit.title')}
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
    <li className="py-2">
      {children}
      <p className="note">{means}</p>
    </li>
  )
}
