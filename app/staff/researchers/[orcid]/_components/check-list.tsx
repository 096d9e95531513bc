import { getTranslations } from 'next-intl/server'
import { When } from '@/app/_components/when'
import type { listChecksOf } from '@/lib/checks/queries'
import { describeScopes } from '@/lib/http/asking'

type Checks = Awaited<ReturnType<typeof listChecksOf>>

const shownAtOnce = 5

/** What ORCID said each time it was asked about this person's permissions, newest first. */
export async function CheckList({ checks }: { checks: Checks }) {
  const t = await getTranslations('staff.checks')
  const earlier = checks.slice(shownAtOnce)
  return (
    <div className="space-y-2">
      <h3>{t('title')}</h3>
      {checks.length === 0 ? (
        <p className="text-ink-soft">{t('none')}</p>
      ) : (
        <Rows checks={checks.slice(0, shownAtOnce)} />
      )}
      {earlier.length > 0 ? (
        <details>
          <summary className="inline-flex min-h-6 items-center text-accent">
            {t('earlier', { count: earlier.length })}
          </summary>
          <Rows checks={earlier} />
        </details>
      ) : null}
    </div>
  )
}

async function Rows({ checks }: { checks: Checks }) {
  const t = await getTranslations('staff.checks')
  const named = await Promise.all(checks.map(({ grant }) => describeScopes(grant.scopes)))
  return (
    <ul className="card divide-y divide-line py-1.5">
      {checks.map(({ id, at, finding, reason }, index) => (
        <li key={String(id)} className="py-2">
          <span className="flex flex-wrap items-baseline justify-between gap-x-4">
            <span className="font-medium">{t(`findings.${finding}`)}</span>
            <span className="note">
              {t(`reasons.${reason}`)} · <When at={at} />
            </span>
          </span>
          <span className="note">{named[index]?.map(({ title }) => title).join(', ')}</span>
        </li>
      ))}
    </ul>
  )
}
