import { getTranslations } from 'next-intl/server'
import { OrcidId } from '@/app/_components/orcid-id'
import { State } from '@/app/_components/state'
import { When } from '@/app/_components/when'
import { Fact, Facts } from '@/app/staff/_components/facts'
import { orcidUri } from '@/lib/orcid/id'
import { toProof, toShownState } from '@/lib/researchers/researcher'
import type { ShownResearcher } from '@/lib/researchers/rows'

/** Who this is, and how they stand. */
export async function PersonHeader({ researcher }: { researcher: ShownResearcher }) {
  const t = await getTranslations('staff')
  const { orcid, registry, name } = researcher
  const ends = researcher.state === 'withdrawn' ? 'withdrewAt' : 'expiresAt'
  const times = ['firstConnectedAt', 'lastConfirmedAt', ends, 'authenticatedAt'] as const
  return (
    <div className="card space-y-4">
      <div className="space-y-2">
        <h1 className="[overflow-wrap:anywhere]">
          {name ? <bdi translate="no">{name}</bdi> : <span className="text-ink-soft">{t('nameNotPublic')}</span>}
        </h1>
        <div className="flex flex-wrap items-center gap-x-6 gap-y-1">
          <OrcidId uri={orcidUri(orcid, registry)} name={name} {...toProof(researcher)} />
          <State state={toShownState(researcher, new Date())} />
        </div>
      </div>
      <Facts label={t('person.facts')}>
        {times.map((time) => {
          const at = researcher[time]
          return at ? (
            <Fact key={time} name={t(`person.${time}`)}>
              <When at={at} show="date" />
            </Fact>
          ) : null
        })}
        <Fact name={t('person.lastChecked')}>
          {researcher.lastCheckedAt ? <When at={researcher.lastCheckedAt} /> : t('person.never')}
        </Fact>
      </Facts>
    </div>
  )
}
