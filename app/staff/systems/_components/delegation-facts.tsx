import { getTranslations } from 'next-intl/server'
import { When } from '@/app/_components/when'
import { Fact, Facts } from '@/app/staff/_components/facts'
import type { countReleases } from '@/lib/delegations/queries'
import type { StaffSystem } from '@/lib/systems/queries'

type Props = { system: StaffSystem; releases: Awaited<ReturnType<typeof countReleases>> }

/** What another member of ORCID will be able to do with what it gets, and how often it got something. */
export async function DelegationFacts({ system, releases }: Props) {
  const t = await getTranslations('staff.systems.delegation')
  const name = system.processorName ?? system.name
  return (
    <section aria-labelledby="delegation" className="space-y-4">
      <h2 id="delegation">{t('title')}</h2>
      <p className="max-w-[65ch] font-medium">{t('can', { name })}</p>
      <ul className="max-w-[65ch] list-disc space-y-1 ps-5">
        {(['all', 'later', 'anybody', 'items', 'end'] as const).map((point) => (
          <li key={point}>{t(`points.${point}`, { name })}</li>
        ))}
      </ul>
      <Facts label={t('title')}>
        <Fact name={t('receiver')}>
          <span translate="no" className="mono">
            {system.receiver}
          </span>
        </Fact>
        <Fact name={t('releases')}>
          {t('count', { releases: releases.releases, people: releases.people })}{' '}
          {releases.lastAt ? t.rich('last', { when: () => <When at={releases.lastAt as Date} /> }) : null}
        </Fact>
      </Facts>
    </section>
  )
}
